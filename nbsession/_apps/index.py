"""The first app if no app is named ``index``: a list of links to the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbsession.output import put_buttons, put_text
from nbsession.session._go_app import go_app

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def index_of(names: Sequence[str]) -> Callable[[], None]:
    """Return an app with links to the apps of these names."""

    def index() -> None:
        put_text("Applications")
        for name in names:
            put_buttons([name], onclick=lambda chosen: go_app(chosen, new_window=False), link_style=True)

    return index
