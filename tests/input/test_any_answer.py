"""A page can send anything: it is refused in one of two ways, or it is an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from nbsession.input._fields.field import ImpossibleAnswer, InvalidAnswer

from .fields import actions, choice, file_upload, slider, text, textarea

if TYPE_CHECKING:
    from nbsession.input._fields.field import Field

JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.integers(-1, 4),
        st.floats(),
        st.text(st.characters(codec=None, exclude_categories=())),
        st.from_regex(r"[-+]?[0-9]{0,4}[.:T-]?[0-9]{0,4}([eE-][-+]?[0-9]{0,9})?", fullmatch=True),
        st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2})?", fullmatch=True),
        st.from_regex(r"[a-z]{0,9}(:|@)[/\[\]a-z.@:]{0,9}", fullmatch=True),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(), inner, max_size=3)),
    max_leaves=8,
)

VALUES = [object() for _ in range(4)]
OPTIONS = [("a", VALUES[0]), ("b", VALUES[1], True), ("c", VALUES[2], False, True), ("d", VALUES[3])]
ENABLED = [VALUES[0], VALUES[1], VALUES[3]]

TYPES = ["text", "password", "number", "float", "url", "email", "date", "time", "datetime-local", "color"]
BOUNDS: dict[str, dict[str, Any]] = {
    "number": {"min": -5, "max": 1000, "step": 0.5},
    "float": {"min": -5.5, "step": 0.1},
    "date": {"min": "1000-01-01", "step": 7},
    "time": {"min": "08:00", "max": "06:00", "step": 60},
    "datetime-local": {"max": "2030-01-01T00:00"},
    "text": {"maxlength": 5},
}


@given(kind=st.sampled_from(TYPES), bounded=st.booleans(), required=st.booleans(), raw=JSON)
def test_a_text_field_accepts_or_refuses(kind: str, bounded: bool, required: bool, raw: object) -> None:  # noqa: FBT001 -- drawn
    value = _read(text(kind, required=required, **(BOUNDS.get(kind, {}) if bounded else {})), raw)
    expected = (int, float, type(None)) if kind in {"number", "float"} else (str, type(None))
    assert isinstance(value, expected)


@given(raw=JSON)
def test_a_text_that_was_accepted_can_be_encoded(raw: object) -> None:
    for field in (text(), textarea()):
        (_read(field, raw) or "").encode()


@given(kind=st.sampled_from(["select", "radio"]), raw=JSON | st.lists(st.integers(-1, 4), max_size=3))
def test_one_of_the_options_or_none(kind: str, raw: object) -> None:
    value = _read(choice(kind, OPTIONS), raw)
    assert value is None or any(value is each for each in ENABLED)


@given(kind=st.sampled_from(["select", "checkbox"]), raw=JSON | st.lists(st.integers(-1, 4), max_size=5))
def test_some_of_the_options(kind: str, raw: object) -> None:
    values = _read(choice(kind, OPTIONS, multiple=True), raw) or []
    assert len(values) <= len(ENABLED)
    assert all(any(value is each for each in ENABLED) for value in values)


@given(raw=JSON)
def test_a_button_that_submits_or_none(raw: object) -> None:
    field = actions([("a", VALUES[0]), ("b", VALUES[1], "reset"), ("c", VALUES[2], "submit", True)])
    value = _read(field, raw)
    assert value is None or value is VALUES[0]


@given(parameters=st.sampled_from([{}, {"value": 0.5}, {"min_value": 3, "step": 3}]), raw=JSON)
def test_a_number_of_the_slider(parameters: dict[str, Any], raw: object) -> None:
    value = _read(slider(**parameters), raw)
    assert value is None or parameters.get("min_value", 0) <= value <= 100


@given(multiple=st.booleans(), raw=JSON)
def test_numbers_of_uploads(multiple: bool, raw: object) -> None:  # noqa: FBT001 -- the example
    value = _read(file_upload(multiple=multiple), raw) or []
    assert all(type(upload) is int for upload in value)


def _read(field: Field, raw: object) -> Any:
    """Return the value, or None if the answer is refused. Any other exception is a fault."""
    try:
        return field.read(raw)
    except (InvalidAnswer, ImpossibleAnswer):
        return None
