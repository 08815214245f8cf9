"""Bokeh's ``show()`` in a session: ``output_notebook(notebook_type="nbsession")``, or with the original's name."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nbsession._core.importing import when_imported

if TYPE_CHECKING:
    from types import ModuleType

_OURS, _ORIGINAL = "nbsession", "pywebio"
_PYWEBIO = "pywebio.platform.bokeh"


def install_when_imported() -> None:
    """Install the hooks when bokeh is imported, which this does not do."""
    when_imported("bokeh.io.notebook", _install)


def _install(notebook: ModuleType) -> None:
    notebook.install_notebook_hook(_OURS, _load, _show_doc, _show_app)
    if _PYWEBIO in sys.modules:  # it is in use in the same process, and has a hook of its own
        return
    notebook.install_notebook_hook(_ORIGINAL, _load, _show_doc, _show_app)

    def give_way(_: ModuleType) -> None:
        # It is about to install its hook, and fails if there is one. Bokeh has no function that removes a hook.
        getattr(notebook, "_HOOKS", {}).pop(_ORIGINAL, None)

    when_imported(_PYWEBIO, give_way)


def _load(*_: object) -> None:
    """Do nothing: `put` needs no preparation."""


def _show_doc(figure: object, *_: object) -> None:
    from nbsession.output import put  # noqa: PLC0415 -- it imports this package

    if isinstance(figure, Mapping):
        figure = list(figure.values())
    for each in figure if isinstance(figure, Sequence) else [figure]:
        put(each)


def _show_app(application: object, *_: object, **__: object) -> None:
    from ._bokeh_application import show_application  # noqa: PLC0415 -- few programs have one

    show_application(application)
