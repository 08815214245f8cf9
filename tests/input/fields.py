"""One field of each kind, and what its answers do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbsession.input._fields.actions import ActionsField
from nbsession.input._fields.choice import ChoiceField
from nbsession.input._fields.field import InvalidAnswer
from nbsession.input._fields.files import FileField
from nbsession.input._fields.slider import SliderField
from nbsession.input._fields.text import TextField
from nbsession.input._fields.textarea import TextareaField

if TYPE_CHECKING:
    from nbsession.input._fields.field import Field


def text(kind: str = "text", **parameters: Any) -> TextField:
    return TextField("input", type=kind, **parameters)


def textarea(**parameters: Any) -> TextareaField:
    return TextareaField("textarea", **parameters)


def choice(kind: str, options: Any, **parameters: Any) -> ChoiceField:
    return ChoiceField(kind, type=kind, options=options, **parameters)


def slider(**parameters: Any) -> SliderField:
    return SliderField("slider", **parameters)


def actions(buttons: Any, **parameters: Any) -> ActionsField:
    return ActionsField("actions", buttons=buttons, **parameters)


def file_upload(**parameters: Any) -> FileField:
    return FileField("file_upload", **parameters)


def complaint(field: Field, raw: object) -> str | None:
    """Return what the reader is told about an answer, or None."""
    try:
        field.read(raw)
    except InvalidAnswer as error:
        return str(error)
    return None
