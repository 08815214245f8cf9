"""What nbsession itself shows, and controls that do nothing in a file."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from .containers import said
from .fields import keys
from .markup import code, plain, size_text, words

if TYPE_CHECKING:
    from .markup import Piece

_NOTICES = {"info": "Note", "warning": "Warning", "error": "Error"}
_STATES = {"running": "not finished", "saved": "saved", "failed": "failed"}


def notice(fields: dict[str, Any]) -> Piece:
    """Return a notice, with its details."""
    level = plain(fields.get("level"))
    level = level if level in _NOTICES else "info"
    details = plain(fields.get("details"))
    more = f"<details><summary>All</summary>{code(details)}</details>" if details else ""
    return said(level, _NOTICES[level], words(fields.get("text")), more)


def error(fields: dict[str, Any]) -> Piece:
    """Return an error without its stack, which names files of this computer and the server's address."""
    count = fields.get("count")
    times = f" ({count} times)" if isinstance(count, int) and count > 1 else ""
    message = words(fields.get("message"))
    return said("error", escape(plain(fields.get("name")) or "Error"), f"{message}{times}")


def download(fields: dict[str, Any]) -> Piece:
    """Return the name of a file that was sent to the reader, and what came of it."""
    size = fields.get("size")
    state = _STATES.get(plain(fields.get("state")), "")
    about = [size_text(size)] if isinstance(size, (int, float)) else []
    about += [state] if state else []
    return f"<p>Download: <strong>{words(fields.get('name'))}</strong>{_aside(about)}</p>"


def file(fields: dict[str, Any]) -> Piece:
    """Return the label of a file, whose content is not in the notebook's file."""
    label, name, size = plain(fields.get("label")), plain(fields.get("name")), fields.get("size")
    about = [escape(name)] if name and name != label else []
    about += [size_text(size)] if isinstance(size, (int, float)) else []
    return f"<p>File: <strong>{words(label)}</strong>{_aside(about)}</p>"


def _aside(about: list[str]) -> str:
    return f" ({', '.join(about)})" if about else ""


def buttons(fields: dict[str, Any]) -> Piece:
    """Return the labels of buttons."""
    return f"<p>{keys(fields.get('buttons'))}</p>"


def progress(fields: dict[str, Any]) -> Piece:
    """Return a bar and, as only some front ends show it, its value."""
    value = fields.get("value")
    share = min(max(float(value), 0.0), 1.0) if isinstance(value, (int, float)) else 0.0
    percent = f"{share * 100:.0f}%"
    label = words(fields.get("label"))
    text = f"{label} ({percent})" if label and percent not in label else label or percent
    return f'<p><progress value="{share * 100:.0f}" max="100"></progress> {text}</p>'
