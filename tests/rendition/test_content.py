"""What a reader of the file sees of each output."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from nbsession._rendition import render
from nbsession._rendition.pictures import LARGEST
from nbsession.output import (
    put,
    put_buttons,
    put_code,
    put_collapse,
    put_datatable,
    put_file,
    put_grid,
    put_html,
    put_image,
    put_link,
    put_markdown,
    put_progressbar,
    put_row,
    put_scope,
    put_table,
    put_tabs,
    put_text,
    put_warning,
    put_widget,
    span,
    toast,
    use_scope,
)
from nbsession.output._chart_figures import chart_of
from nbsession.pin import put_checkbox, put_input, put_select

from .everything import SQUARE, Shown, put_everything
from .parsed import elements, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession._core.session import Session

    Rendition = Callable[..., str]

LIVE = "This output of nbsession is live: run the cell to use it."
PNG = b"\x89PNG\r\n" + bytes(1000)


def content(html: str) -> str:
    """The text below the first line."""
    text = text_of(html)
    assert text.startswith(LIVE)
    return text[len(LIVE) :].strip()


def tags(html: str, *names: str) -> list[Any]:
    return [each for each in elements(html) if each.tag.rpartition("}")[2] in names]


def attributes(html: str, name: str) -> list[dict[str, str]]:
    return [dict(each.attrib) for each in tags(html, name)]


def test_a_session_without_outputs_has_none(rendition: Rendition) -> None:
    assert rendition(closed="over", title="Title") == ""


def test_the_title_comes_first_and_the_end_last(rendition: Rendition) -> None:
    put_text("between")
    html = rendition(closed="closed by the program", title="Title")
    assert content(html) == "Titlebetween" + "The session has ended: closed by the program"


def test_the_same_outputs_give_the_same_text(session: Session, rendition: Rendition) -> None:
    def shown() -> str:
        put_text("a")
        put_markdown("**b**")
        put_widget("{{#x}}{{& pywebio_output_parse}}{{/x}}", {"x": [put_text("c")]})
        html = rendition()
        for node in session.outputs.copy():
            session.outputs.remove(node.key)
        return html

    assert shown() == shown()


def test_an_object_s_place_in_memory_is_not_in_it(rendition: Rendition) -> None:
    put(object())
    assert content(rendition()) == "<object object at 0x…>"


def test_lines_and_indentation_of_text_stay_without_styles(rendition: Rendition) -> None:
    put_text("a\n  b   c")
    assert "<p>a<br>\u00a0\u00a0b\u00a0\u00a0 c</p>" in rendition()


def test_text_continues_the_line_of_inline_text(rendition: Rendition) -> None:
    put_text("a ", inline=True)
    put_text("b")
    put_text("c")
    assert "<p>a b</p><p>c</p>" in rendition()


def test_a_task_list_says_what_is_done(rendition: Rendition) -> None:
    put_markdown("- [x] one\n- [ ] two")
    assert content(rendition()).split() == ["☑", "one", "☐", "two"]


def test_formulas_are_tex_between_dollars_that_mathjax_typesets(rendition: Rendition) -> None:
    put_markdown("$x < 1$ and\n\n$$y$$\n\ncosts $5 and $6, `'\\)'`")
    html = rendition()
    assert '"tex-formula tex2jax_process mathjax_process">$x &lt; 1$</span>' in html
    assert '"tex-formula tex2jax_process mathjax_process">$$y$$</div>' in html
    assert html.startswith('<div class="nbsession-rendition tex2jax_ignore mathjax_ignore">')
    assert content(html).endswith("costs $5 and $6, '\\)'")


def test_a_blank_line_does_not_end_the_html_in_markdown(rendition: Rendition) -> None:
    put_code("a\n\n\nb")
    put_html("<p>c</p>\n \n<p>d</p>")
    html = rendition()
    assert all(line.strip() for line in html.splitlines())
    assert tags(html, "code")[0].text == "a\n\n\nb"


def test_images_of_other_hosts_are_links(rendition: Rendition) -> None:
    put_image("https://images.example/a.png", title="A")
    put_markdown("![B](https://images.example/b.png)")
    put_html("<p><a href='https://x.example'><img src=https://images.example/c.png alt=C></a></p>")
    html = rendition()
    links = [(each.get("href"), each.text) for each in tags(html, "a")]
    images = "https://images.example"
    assert links == [(f"{images}/a.png", "A"), (f"{images}/b.png", "B"), ("https://x.example", "C")]
    assert tags(html, "img") == []


def test_an_image_is_in_the_file_with_its_description_and_size(rendition: Rendition) -> None:
    put_image(PNG, title="A & B", width="50%", height=20)
    [image] = attributes(rendition(), "img")
    assert image.pop("src").startswith("data:image/png;base64,iVBORw0K")
    assert image == {"alt": "A & B", "title": "A & B", "width": "50%", "height": "20"}


def test_an_image_that_is_too_large_is_a_note(rendition: Rendition) -> None:
    put_image(PNG + bytes(LARGEST), title="A")
    assert content(rendition()) == "Image “A” (525 kB): run the notebook to see it."


def test_an_object_s_image_comes_before_its_text(rendition: Rendition) -> None:
    put(Shown("image/svg+xml", SQUARE.decode()))
    [image] = attributes(rendition(), "img")
    assert image["src"].startswith("data:image/svg+xml;base64,")


def test_a_drawing_in_html_is_an_image(rendition: Rendition) -> None:
    put_html("<svg viewBox='0 0 9 9'><circle r=4 /></svg>")
    assert len(tags(rendition(), "img")) == 1


@pytest.mark.parametrize("kind", ["application/vnd.plotly.v1+json", "application/vnd.vegalite.v5+json"])
def test_a_chart_is_named_by_its_title(rendition: Rendition, kind: str) -> None:
    about = {"title": {"text": "Sales"}}
    put(Shown(kind, {"layout": about} if "plotly" in kind else about))
    assert content(rendition()) == "Chart “Sales”: run the notebook to see it."


def test_a_chart_that_consists_of_scripts_is_a_note(rendition: Rendition) -> None:
    pyecharts = pytest.importorskip("pyecharts.charts")
    bar = pyecharts.Bar()
    assert chart_of(bar) is not None
    put(bar)
    put_html("<div id=x></div><script>draw()</script>")
    assert content(rendition()).startswith("Chart “Bar”: run the notebook to see it.")


def test_html_that_only_its_scripts_show_is_a_note(rendition: Rendition) -> None:
    put_html("<script>draw()</script><canvas></canvas>")
    assert content(rendition()) == "HTML that needs its scripts: run the notebook to see it."


def test_a_table_keeps_its_header_and_outputs_in_cells(rendition: Rendition) -> None:
    put_table([["a", "b"], [put_markdown("*c*"), "d\ne"], [span("f", col=2)]])
    html = rendition()
    assert "<thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>" in html
    assert '<td>d<br>e</td></tr><tr><td colspan="2">f</td></tr></tbody></table>' in html
    assert [each.text for each in tags(html, "em")] == ["c"]


def test_the_rows_beyond_the_first_thousand_of_a_table_are_counted(rendition: Rendition) -> None:
    put_table([["n"], *([n] for n in range(1234))])
    html = rendition()
    assert len(tags(html, "td")) == 1000
    assert content(html).endswith("999… and 234 more rows")


def test_a_data_table_shows_its_first_rows_in_the_order_of_its_columns(rendition: Rendition) -> None:
    records = [{"a": n, "b": {"c": n / 2, "d": [True, None]}} for n in range(1000)]
    put_datatable(records, column_args={"a": {"hide": True}})
    html = rendition()
    assert [each.text for each in tags(html, "th")] == ["B / C", "B / D"]
    assert [each.text for each in tags(html, "td")][:6] == ["0", "true, ", "0.5", "true, ", "1", "true, "]
    assert content(html).endswith("… and 900 more rows")


def test_a_row_is_a_table_without_its_gaps(rendition: Rendition) -> None:
    put_row([put_text("a"), None, put_text("b")])
    assert [each.text for each in tags(rendition(), "td")] == ["a", "b"]


def test_a_grid_keeps_its_rows_and_spans(rendition: Rendition) -> None:
    put_grid([[put_text("a"), span(put_text("b"), row=2)], [put_text("c")], [span(put_text("d"), col=2)]])
    html = rendition()
    rows = [[each.text for each in row] for row in tags(html, "tr")]
    assert rows == [["a", "b"], ["c"], ["d"]]
    assert [(each.get("rowspan"), each.get("colspan")) for each in tags(html, "td")] == [
        (None, None),
        ("2", None),
        (None, None),
        (None, "2"),
    ]


def test_a_grid_of_columns_is_turned(rendition: Rendition) -> None:
    put_grid([[put_text("a"), put_text("b")], [put_text("c"), put_text("d")]], direction="column")
    assert [[each.text for each in row] for row in tags(rendition(), "tr")] == [["a", "c"], ["b", "d"]]


def test_every_tab_is_below_its_title(rendition: Rendition) -> None:
    put_tabs([{"title": "A", "content": "a"}, {"title": "B", "content": ["b", "c"]}])
    html = rendition()
    assert [each.text for each in tags(html, "h4", "p")][1:] == ["A", "a", "B", "b", "c"]


def test_a_collapsed_output_can_be_opened(rendition: Rendition) -> None:
    put_collapse("More", ["inside"])
    put_collapse("Open", ["inside"], open=True)
    assert attributes(rendition(), "details") == [{}, {"open": ""}]


def test_outputs_in_a_template_stand_in_their_places_once(rendition: Rendition) -> None:
    template = "<b title='{{#a}}{{& pywebio_output_parse}}{{/a}}'>1</b>{{#b}}{{& pywebio_output_parse}}{{/b}}<i>3</i>"
    put_widget(template, {"a": [put_text("4")], "b": [put_text("2")]})
    assert content(rendition()) == "1234"


def test_a_message_says_its_level(rendition: Rendition) -> None:
    put_warning("The disk is full.")
    put_warning(put_markdown("*twice*"))
    assert content(rendition()) == "Warning: The disk is full.Warning: twice"


def test_controls_leave_their_labels_and_values(rendition: Rendition) -> None:
    put_buttons(["Save", "Delete"], print)
    put_progressbar("a", 0.7, "Reading")
    put_file("a.csv", b"1,2", "The data")
    put_link("here", "https://jupyter.org")
    assert content(rendition()) == "Save Delete Reading (70%)File: The data (a.csv, 3 bytes)here"


@pytest.mark.parametrize(
    "address", ["javascript:x", "data:text/html,x", "/files/x", "#x", "vbscript:x", " https"]
)
def test_a_link_that_leads_nowhere_from_a_file_is_text(rendition: Rendition, address: str) -> None:
    put_link("here", address)
    put_html(f"<a href='{address}'>there</a>")
    html = rendition()
    assert [each.get("href") for each in tags(html, "a")] in ([], [None])
    assert content(html) == "herethere"


def test_pins_show_their_present_value(session: Session, rendition: Rendition) -> None:
    put_input("a", label="Name", value="Ada", help_text="First name")
    put_input("b", label="Town")
    put_select("c", ["x", "y"], label="Letter")
    put_checkbox("d", ["x", "y"], label="Letters", value=["y"])
    pins = [node.key for node in session.outputs.copy()]
    session.outputs.note(pins[1], typed="Paris")
    session.outputs.note(pins[2], typed=[1])
    assert content(rendition()) == "Name: AdaFirst nameTown: ParisLetter: yLetters: ☐ x ☑ y"


def test_a_form_shows_what_was_typed_below_all_outputs(session: Session, rendition: Rendition) -> None:
    fields = [
        {"name": "a", "type": "text", "label": "Name", "value": ""},
        {"name": "b", "type": "number", "label": "Age", "value": "3"},
        {"name": "c", "type": "file", "label": "File"},
        {"name": "d", "type": "actions", "label": "", "buttons": [{"label": "Send", "type": "submit"}]},
    ]
    session.outputs.put(
        "form", label="You", fields=fields, errors={"b": "Too young"}, typed={"a": "Ada"}, turn=0
    )
    put_text("output")
    assert content(rendition()) == "outputYouName: AdaAge: 3Too youngFile: no fileSend"


def test_an_error_is_shown_without_its_stack(session: Session, rendition: Rendition) -> None:
    session.outputs.error("TypeError", "x is null", "at http://localhost:8888/x.js", "x.y", 3)
    assert content(rendition()) == "TypeError: x is null (3 times)"


def test_toasts_leave_nothing(rendition: Rendition) -> None:
    toast("hello")
    assert rendition() == ""


def test_a_part_is_shown_by_itself_and_is_not_in_the_rest(session: Session, rendition: Rendition) -> None:
    key = session.outputs.part("apart", lambda: None)
    with use_scope("apart"):
        put_text("in it")
        put_scope("inner", [put_text("deeper")])
    put_text("beside")
    assert content(rendition()) == "beside"
    assert content(rendition(key)) == "in itdeeper"


def test_a_change_after_the_copy_does_not_matter(session: Session) -> None:
    output = put_text("before")
    nodes = session.outputs.copy()
    output.update("after")
    put_text("more")
    assert content(render(nodes)) == "before"


def test_every_kind_of_the_protocol_is_among_everything(session: Session) -> None:
    """And so in the tests of hostile content and of GitHub's sanitizer."""
    page = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")
    kinds = re.findall(
        r"^\| `([\w-]+)` \|", page.partition("| kind | fields |")[2].partition("\n\n")[0], re.MULTILINE
    )
    put_everything(session)
    assert len(kinds) > 20
    assert sorted(set(kinds) - {node.kind for node in session.outputs.copy()}) == []
