"""Links. They fetch nothing until the reader follows them."""

from __future__ import annotations

from html import escape

from .markup import words

_FETCHABLE = ("http://", "https://")


def fetchable(address: str) -> bool:
    """Return whether an address is one of another host."""
    return address[:8].lower().startswith(_FETCHABLE)


def allowed(address: str) -> bool:
    """Return whether a link may have this address: those relative to the page would lead elsewhere in a copy."""
    return fetchable(address) or address[:7].lower() == "mailto:"


def link(text: object, address: str) -> str:
    """Return a link; only its text if the address is not allowed."""
    shown = words(text)
    if not allowed(address):
        return shown
    return f'<a href="{escape(address)}" rel="noopener noreferrer">{shown or escape(address)}</a>'
