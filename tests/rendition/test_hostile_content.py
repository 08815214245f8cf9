"""Whatever a program shows, its rendition runs and loads nothing: exports of nbconvert are not sanitized."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import nh3
import pytest

from nbsession._rendition import render
from nbsession._rendition.style import STYLE
from nbsession.output import put, put_html, put_markdown, put_text, put_widget

from .everything import PASSWORD, Shown, put_everything
from .hostile import OWN, payloads
from .parsed import ATTRIBUTES, ELEMENTS, elements, faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession._core.session import Session

    Rendition = Callable[..., str]


@pytest.mark.parametrize("text", OWN)
def test_text_of_each_output_is_text_whatever_it_looks_like(
    session: Session, rendition: Rendition, text: str
) -> None:
    put_everything(session, text)
    assert faults(rendition(title=text, closed=text), STYLE) == []


def test_html_of_dompurify_s_cases_is_safe(rendition: Rendition) -> None:
    for each in payloads():
        put_html(each)
        put_markdown(each, options={"html": True}, sanitize=False)
        put_widget("{{{x}}}{{#y}}{{& pywebio_output_parse}}{{/y}}", {"x": each, "y": [put_text("inner")]})
        put(Shown("text/html", each))
    assert faults(rendition(limit=64 * 1024 * 1024), STYLE) == []


def test_styles_of_outputs_only_format_them(rendition: Rendition) -> None:
    for style in (
        "position: fixed; inset: 0",
        "background: url(https://evil.example)",
        "color: red; margin: -99px; float: left",
        'color: red"><script>window.hacked=1</script>',
        "}</style><script>window.hacked=1</script>",
    ):
        put_text("x").style(style)
    assert faults(rendition(), STYLE) == []


@pytest.mark.parametrize("wrong", [None, 3, [], {}, True, b"x", [None, 3, {}], {"x": []}, float("nan")])
def test_fields_of_another_type_than_expected_are_no_error(
    session: Session, rendition: Rendition, wrong: object
) -> None:
    put_everything(session)
    names = {(node.kind, name) for node in session.outputs.copy() for name in node.fields}
    for kind in sorted({kind for kind, _ in names}):
        fields: dict[str, Any] = {name: wrong for each, name in names if each == kind}
        session.outputs.put(kind, **fields)
    assert faults(rendition(), STYLE) == []


def test_a_sanitizer_finds_nothing_to_remove(session: Session, rendition: Rendition) -> None:
    for each in OWN:
        put_everything(session, each)
    html = rendition(limit=64 * 1024 * 1024).replace(STYLE, "", 1)
    attributes = {"*": set(ATTRIBUTES - {"rel"})}
    again = nh3.clean(html, tags=set(ELEMENTS), attributes=attributes, url_schemes={"http", "https", "data"})
    assert list(map(described, elements(again))) == list(map(described, elements(html)))


def described(element: Any) -> tuple[str, dict[str, str]]:
    return element.tag, dict(element.attrib)


def test_a_password_leaves_no_trace_whatever_its_length(session: Session) -> None:
    def shown(password: str) -> str:
        field = {"name": "a", "type": "password", "label": "Key", "value": password, "attributes": {}}
        about: dict[str, Any] = {
            "label": "",
            "fields": [field],
            "errors": {},
            "typed": {"a": password * 2},
            "turn": 0,
        }
        keys = [
            session.outputs.put("form", cancelable=False, **about),
            session.outputs.put("pin", field=field, typed=password),
        ]
        html = render(session.outputs.copy())
        for key in keys:
            session.outputs.remove(key)
        return html

    assert PASSWORD not in shown(PASSWORD)
    assert shown(PASSWORD) == shown("") == shown("x")


def test_a_field_of_an_unknown_type_shows_no_value(session: Session, rendition: Rendition) -> None:
    field = {"name": "a", "type": "passphrase", "label": "Key", "value": PASSWORD}
    session.outputs.put("pin", field=field, typed=PASSWORD)
    assert "Key" in rendition()
    assert PASSWORD not in rendition()
