"""Renditions as a browser's parser understands them, and what must not be in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import html5lib

if TYPE_CHECKING:
    from collections.abc import Iterator

XHTML = "{http://www.w3.org/1999/xhtml}"
_ELEMENTS = """
a abbr acronym address article aside b bdi bdo big blockquote br caption center cite code col colgroup data dd
del details dfn div dl dt em fieldset figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr i img
ins kbd label legend li main mark meter nav nobr ol output p pre progress q rp rt rtc ruby s samp section
small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr
"""
ELEMENTS = frozenset(_ELEMENTS.split())
_ATTRIBUTES = """
align alt class color colspan datetime dir height high href lang low max min open optimum rel reversed rowspan
scope span src start style title type valign value width
"""
ATTRIBUTES = frozenset(_ATTRIBUTES.split())
BAD_STYLE = re.compile(r"url|expression|position|float|margin|transform|\\|@", re.IGNORECASE)


def elements(html: str) -> Iterator[Any]:
    """All elements of a fragment."""
    fragment = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=True)
    return (each for each in fragment.iter() if isinstance(each.tag, str) and each.tag != "DOCUMENT_FRAGMENT")


def text_of(html: str) -> str:
    """The text that a reader sees, spaces collapsed."""
    fragment = html5lib.parseFragment(html, treebuilder="etree")
    for parent in list(fragment.iter()):
        for style in [each for each in parent if each.tag == f"{XHTML}style"]:
            style.text = ""
    return " ".join("".join(fragment.itertext()).split())


def faults(html: str, style: str) -> list[str]:
    """What could run, load something, cover the page, or be found by the page's own code. ``style`` is our sheet."""
    found = [] if html.count("<style") == 1 and style in html else ["the style sheet"]
    for element in elements(html.replace(style, "", 1)):
        name = element.tag.removeprefix(XHTML)
        if name not in ELEMENTS:
            found.append(f"<{name}>")
        for attribute, value in element.attrib.items():
            if attribute not in ATTRIBUTES or _is_bad(attribute, value):
                found.append(f"<{name} {attribute}={value!r:.60}>")
    return found


def _is_bad(attribute: str, value: str) -> bool:
    if attribute == "href":
        return not re.match(r"(https?://|mailto:)", value, re.IGNORECASE)
    if attribute == "src":
        return not re.match(r"data:image/[\w.+-]+[;,]", value)
    if attribute == "class":
        return not re.fullmatch(
            r"(nbsession-rendition|nbr-[\w-]+|nbs-[\w-]+|tex-formula|(tex2|math)jax_(ignore|process)|\s)+",
            value,
        )
    return attribute == "style" and BAD_STYLE.search(value) is not None
