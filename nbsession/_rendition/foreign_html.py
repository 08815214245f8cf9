"""HTML of the program, of Markdown and of other packages, without anything that could run or fetch."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

import nh3

from .links import allowed, fetchable
from .pictures import Room
from .remote_images import images_as_links

if TYPE_CHECKING:
    from collections.abc import Callable

_TAGS = (nh3.ALLOWED_TAGS - {"area", "map"}) | {
    "address",
    "big",
    "fieldset",
    "font",
    "label",
    "legend",
    "main",
    "meter",
    "nobr",
    "output",
    "progress",
    "section",
    "tfoot",
}
# Their content is no text for readers either. That of other elements is kept.
_WITHOUT_CONTENT = {
    "audio",
    "canvas",
    "datalist",
    "embed",
    "frameset",
    "iframe",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "script",
    "select",
    "style",
    "svg",
    "template",
    "textarea",
    "title",
    "video",
}
_CELL = {"align", "valign", "colspan", "rowspan", "scope"}
_ATTRIBUTES = {
    "*": {"class", "style", "title", "dir", "lang", "align"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "details": {"open"},
    "ol": {"start", "reversed", "type"},
    "td": _CELL,
    "th": _CELL,
    "col": {"span"},
    "colgroup": {"span"},
    "font": {"color"},
    "progress": {"value", "max"},
    "meter": {"value", "min", "max", "low", "high", "optimum"},
    "time": {"datetime"},
}
# Nothing that loads a file, or that can cover other parts of the page.
_STYLES = {
    "background-color",
    "border",
    "border-bottom",
    "border-collapse",
    "border-color",
    "border-left",
    "border-radius",
    "border-right",
    "border-spacing",
    "border-style",
    "border-top",
    "border-width",
    "color",
    "font-size",
    "font-style",
    "font-variant",
    "font-weight",
    "line-height",
    "list-style-type",
    "padding",
    "padding-bottom",
    "padding-left",
    "padding-right",
    "padding-top",
    "text-align",
    "text-decoration",
    "text-indent",
    "text-transform",
    "vertical-align",
    "white-space",
}
# Functions of CSS that load something, and what can hide one: escapes and strings.
_LOADING = re.compile(r"(url|src|image|image-set|cross-fade|element|attr)\(|[\\\"']", re.IGNORECASE)
# The checkboxes of task lists. Controls are left out, but a list without its marks says something else.
_INPUT = re.compile(r"<input\b[^<>]*>", re.IGNORECASE)
_CHECKBOX = re.compile(r"\stype=[\"']?checkbox\b", re.IGNORECASE)
_CHECKED = re.compile(r"\schecked\b", re.IGNORECASE)
# Classes of highlighted code, of formulas, and of `slots`.
_CLASS = re.compile(r"(nbs-[\w-]+|tex-formula)", re.ASCII)


class _Pass:
    """One pass of the sanitizer.

    Parameters
    ----------
    room : Room
        The room for images.
    remote : bool
        Whether to keep the addresses of all images, also of those on other hosts, for another pass.

    Attributes
    ----------
    met_remote : bool
        Whether there was an image of another host.
    """

    def __init__(self, room: Room, *, remote: bool = False) -> None:
        self._room = room
        self._remote = remote
        self.met_remote = False

    def clean(self, html: str) -> str:
        return nh3.clean(
            html,
            tags=_TAGS,
            clean_content_tags=_WITHOUT_CONTENT,
            attributes=_ATTRIBUTES,
            attribute_filter=self._attribute,
            filter_style_properties=_STYLES,
            url_schemes={"http", "https", "mailto", "data"},
        )

    def _attribute(self, _tag: str, name: str, value: str) -> str | None:
        if name == "src":
            return value if self._source(value) else None
        check = _CHECKS.get(name)
        return value if check is None else check(value)

    def _source(self, address: str) -> bool:
        if fetchable(address):
            self.met_remote = True
            return self._remote
        return self._remote or self._room.takes_address(address)


def _classes(value: str) -> str | None:
    return " ".join(each for each in value.split() if _CLASS.fullmatch(each)) or None


def _style(value: str) -> str | None:
    return None if _LOADING.search(value) else value


def _address(value: str) -> str | None:
    return value if allowed(value) else None


_CHECKS: dict[str, Callable[[str], str | None]] = {"class": _classes, "style": _style, "href": _address}


def _mark(control: re.Match[str]) -> str:
    tag = control[0]
    if not _CHECKBOX.search(tag):
        return tag
    return "☑" if _CHECKED.search(tag) else "☐"


def clean(html: str, room: Room) -> str:
    """Return HTML that is safe in any page. Images of other hosts become links."""
    html = html if html.isascii() else html.encode("utf-8", "replace").decode()
    html = _INPUT.sub(_mark, html)
    used = room.used
    first = _Pass(room)
    cleaned = first.clean(html)
    if not first.met_remote:
        return cleaned
    room.used = used
    return _Pass(room).clean(images_as_links(_Pass(room, remote=True).clean(html)))


@lru_cache(maxsize=256)
def styled(style: str) -> str:
    """Return the beginning of an element with a style; nothing if no part of it is allowed."""
    element = _Pass(Room(0)).clean(f'<div style="{escape(style)}"></div>')
    begin = element.removesuffix("</div>")
    return begin if begin.startswith("<div style=") else ""
