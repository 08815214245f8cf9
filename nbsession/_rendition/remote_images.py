"""Images of other hosts as links: a browser would fetch them."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser

from .links import fetchable


def images_as_links(html: str) -> str:
    """Return sanitized HTML with links in place of images. It must be sanitized again."""
    parser = _Images()
    parser.feed(html)
    parser.close()
    return "".join(parser.parts)


class _Images(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.parts: list[str] = []
        self._links = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        source = about.get("src") or ""
        if tag == "img" and fetchable(source):
            shown = escape(about.get("alt") or about.get("title") or source)
            # The reader follows the link around it.
            self.parts.append(shown if self._links else f'<a href="{escape(source)}">{shown}</a>')
            return
        self._links += tag == "a"
        self.parts.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        self._links -= tag == "a"
        self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_entityref(self, name: str) -> None:
        self.parts.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.parts.append(f"&#{name};")
