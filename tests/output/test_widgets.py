"""Widgets: templates with data, and outputs in them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from nbsession.output import put_markdown, put_table, put_text, put_widget

if TYPE_CHECKING:
    from .conftest import Screen

COLLAPSIBLE = """
<details {{#open}}open{{/open}}>
    <summary>{{title}}</summary>
    {{#contents}}
        {{& pywebio_output_parse}}
    {{/contents}}
</details>
"""
HOSTILE = "<img src=x onerror=alert(1)>{{& secret}}"
ESCAPED = "&lt;img src=x onerror=alert(1)&gt;{{&amp; secret}}"
SEVEN = '<span style="white-space: pre-wrap">7</span>'


def widget(screen: Screen) -> dict[str, Any]:
    """Return the widget's node; spaces in its HTML are reduced to one."""
    [node] = [node for node in screen.nodes if node["kind"] == "widget"]
    return {**node, "html": [" ".join(piece.split()) for piece in node["html"]]}


def html(screen: Screen, template: str, **data: object) -> str:
    put_widget(template, data)
    [only] = screen.only["html"]
    return str(only)


def test_the_original_s_example(screen: Screen) -> None:
    contents = ["text", put_markdown("~~Strikethrough~~"), put_table([["Commodity"], ["Apple"]])]
    put_widget(COLLAPSIBLE, {"open": True, "title": "More content", "contents": contents})
    shown = widget(screen)
    assert shown["html"] == [
        '<details open> <summary>More content</summary> <span style="white-space: pre-wrap">text</span>',
        "",
        "</details>",
    ]
    assert shown["slots"] == [0, 1]
    inside = [(node["kind"], node["slot"]) for node in screen.nodes if node.get("parent") == shown["key"]]
    assert inside == [("markdown", 0), ("table", 1)]


def test_widgets_in_widgets_are_a_tree(screen: Screen) -> None:
    leaf = put_widget(COLLAPSIBLE, {"title": "leaf", "contents": ["text"]})
    put_widget(COLLAPSIBLE, {"title": "root", "contents": [leaf]})
    root, inner = screen.nodes
    assert (inner["kind"], inner["parent"], inner["slot"]) == ("widget", root["key"], 0)


def test_a_single_output_is_placed_like_a_list_of_one(screen: Screen) -> None:
    put_widget("<p>{{#one}}{{& pywebio_output_parse}}{{/one}}</p>", {"one": put_text("a")})
    assert (widget(screen)["html"], widget(screen)["slots"]) == (["<p>", "</p>"], [0])


def test_an_output_has_one_place(screen: Screen) -> None:
    put_widget(
        "{{#a}}{{& pywebio_output_parse}}{{/a}}-{{#a}}{{& pywebio_output_parse}}{{/a}}", {"a": put_text("a")}
    )
    assert (widget(screen)["html"], widget(screen)["slots"]) == (["", "-"], [0])


def test_an_output_that_is_left_out_is_inside_without_a_place(screen: Screen) -> None:
    put_widget("a", {"unused": put_text("b")})
    shown = widget(screen)
    assert (shown["html"], shown["slots"]) == (["a"], [])
    assert screen.texts(shown["key"]) == ["b"]


@pytest.mark.parametrize(
    ("template", "data", "expected"),
    [
        ("{{x}}", {"x": HOSTILE, "secret": "no"}, ESCAPED),
        (
            "{{#x}}{{& pywebio_output_parse}}{{/x}}",
            {"x": [HOSTILE], "secret": "no"},
            f'<span style="white-space: pre-wrap">{ESCAPED}</span>',
        ),
        ("{{#x}}{{& pywebio_output_parse}}{{/x}}", {"x": 7}, SEVEN),
        ("{{{x}}}{{& x}}", {"x": "<b>"}, "<b><b>"),  # for the page to sanitize
        ("{{#x}}{{.}},{{/x}}", {"x": ["a", 1, 0.5, "<"]}, "a,1,0.5,&lt;,"),
        ("{{#x}}{{y}}{{/x}}", {"x": [{"y": 1}, {"y": 2}]}, "12"),
        ("{{x.y}}{{list.1}}", {"x": {"y": 1}, "list": [2, 3]}, "13"),
        ("{{#list.length}}{{list.length}}{{/list.length}}{{#no.length}}x{{/no.length}}", {"list": [1], "no": []}, "1"),
        ("{{#a}}a{{/a}}{{^a}}b{{/a}}", {"a": ""}, "b"),
        ("{{#a}}a{{/a}}{{^a}}b{{/a}}", {"a": 0}, "b"),
        ("{{#a}}a{{/a}}{{^a}}b{{/a}}", {"a": False}, "b"),
        ("{{a}}{{b}}{{c}}{{d}}", {"a": True, "b": None, "c": 0, "d": False}, "true0false"),
        ("{{#x}}{{#b}}{{& pywebio_output_parse}}{{/b}}{{/x}}", {"x": [7], "b": True}, SEVEN),
        ("{{a}}", {"a": dt.date(2026, 1, 2)}, "2026-01-02"),
        ("{{#a}}{{.}}{{/a}}{{b}}", {"a": np.array([1, 2]), "b": np.float64(0.5)}, "120.5"),
        ("{{#a}}{{x}}{{/a}}", {"a": pd.DataFrame({"x": [1, 2]})}, "12"),
        ("{{> /etc/passwd}}{{missing}}", {}, ""),
        ("{{! comment }}{{=<% %>=}}<% a %>", {"a": 1}, "1"),
        ("{{& pywebio_output_parse}}", {"a": 1}, ""),
    ],
)  # fmt: skip
def test_templates_show_data(screen: Screen, template: str, data: dict[str, Any], expected: str) -> None:
    assert html(screen, template, **data) == expected


@pytest.mark.parametrize("name", ["x.__class__", "list.append", "list.__class__", "title", "_value", "items"])
def test_a_template_reads_data_only(screen: Screen, name: str) -> None:
    assert html(screen, f"{{{{#x}}}}{{{{{name}}}}}{{{{/x}}}}{{{{{name}}}}}", x="x", list=[1]) == ""


def test_data_cannot_forge_the_place_of_an_output(screen: Screen) -> None:
    forged = "0-0;{{#a}}{{& pywebio_output_parse}}{{/a}}"
    put_widget("{{{forged}}}{{#a}}{{& pywebio_output_parse}}{{/a}}", {"forged": forged, "a": put_text("a")})
    assert (widget(screen)["html"], widget(screen)["slots"]) == ([forged, ""], [0])


def test_an_update_changes_the_data(screen: Screen) -> None:
    shown = put_widget(COLLAPSIBLE, {"title": "before", "contents": [put_text("old")]})
    shown.update(data={"title": "after", "contents": ["text", put_text("new")]})
    node = widget(screen)
    assert node["html"] == [
        '<details > <summary>after</summary> <span style="white-space: pre-wrap">text</span>',
        "</details>",
    ]
    assert screen.texts(node["key"]) == ["new"]


def test_an_update_changes_the_template(screen: Screen) -> None:
    shown = put_widget("a{{x}}", {"x": 1})
    shown.update("b{{x}}")
    assert screen.only["html"] == ["b1"]


def test_it_is_no_context_manager(screen: Screen) -> None:
    with pytest.raises(RuntimeError, match=r"put_widget\(\) contains no other outputs"), put_widget("a", {}):
        pass
    assert screen.only["kind"] == "widget"


@pytest.mark.parametrize(
    ("template", "data", "error", "message"),
    [
        (1, {}, TypeError, r"put_widget\(\) expects the template as a str, not int"),
        ("a", [1], TypeError, r"put_widget\(\) expects data to be a dict, not list"),
        ("{{#a}}", {}, ValueError, r"cannot read the template: .*\{\{#a\}\}"),
        ("{{#a}}{{/b}}", {}, ValueError, r"cannot read the template: .*\{\{/b\}\}"),
        ("a", {"x": [{"y": print}]}, TypeError, r"data\['x'\]\[0\]\['y'\] is a builtins.builtin_function"),
        ("a", {"x": b"1"}, TypeError, r"data\['x'\] is a builtins.bytes"),
    ],
)
def test_what_cannot_be_rendered_is_explained(
    screen: Screen, template: Any, data: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        put_widget(template, data)
    assert screen.nodes == []


def test_data_that_contain_themselves_are_explained() -> None:
    data: dict[str, Any] = {}
    data["x"] = [data]
    with pytest.raises(ValueError, match="at most 100 levels"):
        put_widget("a", data)
