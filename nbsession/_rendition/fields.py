"""Forms and pins: their labels, and what was answered. What was typed into a password field is never read here."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from .markup import Piece, block, code, items_of, plain, words

if TYPE_CHECKING:
    from collections.abc import Callable

# All others have no value here, so that a new type of field shows none by mistake.
_TEXTS = frozenset(
    {"text", "number", "float", "url", "email", "date", "time", "color", "datetime-local", "textarea"}
)
_CHOICES = frozenset({"select", "checkbox", "radio"})
_MARKS = {"checkbox": ("☐", "☑"), "radio": ("○", "◉")}
# Longer lists show the chosen options only.
_MOST_OPTIONS = 20
_NOTHING = "—"


def form(fields: dict[str, Any]) -> Piece:
    """Return the questions of a form, with what was typed so far."""
    typed = fields.get("typed")
    typed = typed if isinstance(typed, dict) else {}
    errors = fields.get("errors")
    errors = errors if isinstance(errors, dict) else {}
    label = words(fields.get("label"))
    items = [
        _item(each, typed.get(each.get("name")), plain(errors.get(each.get("name"))))
        for each in items_of(fields.get("fields"))
        if isinstance(each, dict)
    ]
    heading = f"<p><strong>{label}</strong></p>" if label else ""
    return block("box", [heading, items, _fault(plain(errors.get("")))])


def pin(fields: dict[str, Any]) -> Piece:
    """Return an input among the outputs, with its present value."""
    field = fields.get("field")
    return _item(field, fields.get("typed"), "") if isinstance(field, dict) else ""


def _item(field: dict[str, Any], typed: Any, error: str) -> Piece:
    kind = plain(field.get("type"))
    label = words(field.get("label"))
    name = f"{label}: " if label and kind != "actions" else ""
    text = words(field.get("help"))
    about = f"<br><small>{text}</small>" if text else ""
    feedback = _fault(plain(field.get("feedback"))) if field.get("valid") is False else ""
    if field.get("code") and kind == "textarea":
        value = _typed(field, typed)
        return [f"<p>{name or _NOTHING}{about}</p>", code(value), feedback, _fault(error)]
    return [f"<p>{name}{_answer(kind, field, typed)}{about}</p>", feedback, _fault(error)]


def _answer(kind: str, field: dict[str, Any], typed: Any) -> str:
    if kind in _TEXTS:
        value = words(_typed(field, typed))
        return f"<strong>{value}</strong>" if value else _NOTHING
    if kind in _CHOICES:
        return _choice(kind, field, typed)
    other = _OTHERS.get(kind)
    return other(field, typed) if other else _NOTHING


def _password(_field: dict[str, Any], _typed: Any) -> str:
    return "<em>not kept in the file</em>"


def _slider(field: dict[str, Any], typed: Any) -> str:
    value = plain(typed if isinstance(typed, (int, float)) else field.get("value"))
    return f"<strong>{value}</strong> ({plain(field.get('min'))} to {plain(field.get('max'))})"


def _files(_field: dict[str, Any], typed: Any) -> str:
    count = len(typed) if isinstance(typed, list) else 0
    return f"<strong>{count} {'file' if count == 1 else 'files'}</strong>" if count else "no file"


_OTHERS: dict[str, Callable[[dict[str, Any], Any], str]] = {
    "password": _password,
    "slider": _slider,
    "file": _files,
    "actions": lambda field, _: keys(field.get("buttons")),
}


def _typed(field: dict[str, Any], typed: Any) -> str:
    return typed if isinstance(typed, str) else plain(field.get("value"))


def _choice(kind: str, field: dict[str, Any], typed: Any) -> str:
    options = [each if isinstance(each, dict) else {} for each in items_of(field.get("options"))]
    chosen = {
        index for index in items_of(field.get("selected") if typed is None else typed) if type(index) is int
    }
    if kind == "select" and not chosen and typed is None and not field.get("multiple"):
        # As browsers do.
        chosen = {next((index for index, each in enumerate(options) if not each.get("disabled")), -1)}
    marks = _MARKS.get(kind)
    if marks and len(options) <= _MOST_OPTIONS:
        shown = ((marks[index in chosen], each.get("label")) for index, each in enumerate(options))
        return " &nbsp;".join(f"{mark}&nbsp;{words(label)}" for mark, label in shown)
    labels = [words(each.get("label")) for index, each in enumerate(options) if index in chosen]
    return f"<strong>{', '.join(labels)}</strong>" if labels else _NOTHING


def _fault(text: str) -> str:
    return f'<p class="nbr-fault"><em>{words(text)}</em></p>' if text else ""


def keys(buttons: Any) -> str:
    """Return the labels of buttons, which cannot be pressed in a file."""
    labels = [plain(each.get("label")) for each in items_of(buttons) if isinstance(each, dict)]
    return " ".join(f"<kbd>{escape(label)}</kbd>" for label in labels)
