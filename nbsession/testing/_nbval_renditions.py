"""nbval compares the renditions of views, which it receives as updates of displays and would ignore."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

from nbsession._jupyter.cells.displayed_view import DISPLAY
from nbsession._jupyter.cells.view import VIEW_HTML, VIEW_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_HTML = "text/html"
# The bytes of an image depend on the machine's fonts and libraries.
_BYTES = re.compile(r"data:[^\"',]*,[^\"')\s]*")


class NotebookRenditions:
    """Compares the renditions of each run with those in the notebook, without the bytes of images.

    A view that has no rendition in the notebook, or none in the run, is not compared: the notebook was saved by an
    earlier version, or renditions are off. Neither is one that the notebook shows as it was after the end of its cell:
    nbval compares a cell's outputs as soon as it has ended.

    Parameters
    ----------
    config : pytest.Config
        Of this run.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._latest: dict[str, str] = {}  # the HTML of each display, by its id
        receive, compare = IPyNbFile.get_kernel_message, IPyNbCell.compare_outputs

        def receive_and_note(file: Any, *arguments: Any, **options: Any) -> Any:
            message = receive(file, *arguments, **options)
            self.note(message)
            return message

        def compare_renditions(cell: Any, test: list[Any], ref: list[Any], *arguments: Any) -> Any:
            return compare(cell, *self.prepare(test, ref), *arguments)

        patch = pytest.MonkeyPatch()
        config.add_cleanup(patch.undo)
        patch.setattr(IPyNbFile, "get_kernel_message", receive_and_note)
        patch.setattr(IPyNbCell, "compare_outputs", compare_renditions)

    def note(self, message: dict[str, Any]) -> None:
        """Keep the HTML of a view that a message displays or updates, and let nbval ignore the update."""
        content = message["content"]
        display = str(content.get("transient", {}).get("display_id", ""))
        if not display.startswith(DISPLAY) or _HTML not in content.get("data", {}):
            return
        self._latest[display] = content["data"][_HTML]
        if message["msg_type"] == "update_display_data":
            message["msg_type"] = "comm_msg"
        else:
            content["data"][_HTML] = display  # until the outputs are compared

    def prepare(self, test: Sequence[Any], ref: Sequence[Any]) -> tuple[list[Any], list[Any]]:
        """Return a run's outputs with their last renditions, and the notebook's, so that both can be compared."""
        run, saved = deepcopy(list(test)), deepcopy(list(ref))
        for _, data in _views(run):
            data[_HTML] = self._latest.get(data[_HTML], data[_HTML])
        for (_, one), (output, other) in zip(_views(run), _views(saved), strict=False):
            later = bool(output.get("metadata", {}).get("nbsession", {}).get("later"))
            without = later or VIEW_HTML in (one[_HTML], other[_HTML])
            for data in (one, other):
                data[_HTML] = VIEW_HTML if without else _BYTES.sub("data:", data[_HTML])
        return run, saved


def _views(outputs: Sequence[Any]) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Return the outputs that are views, and their data."""
    for output in outputs:
        data = output.get("data", {})
        if data.get("text/plain") == VIEW_TEXT and _HTML in data:
            yield output, data
