"""Every kind of output, with the same text wherever one takes text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbsession.input._fields.actions import ActionsField
from nbsession.input._fields.choice import ChoiceField
from nbsession.input._fields.files import FileField
from nbsession.input._fields.slider import SliderField
from nbsession.input._fields.text import TextField
from nbsession.input._fields.textarea import TextareaField
from nbsession.input._form import Form
from nbsession.output import (
    popup,
    put,
    put_buttons,
    put_code,
    put_collapse,
    put_column,
    put_datatable,
    put_error,
    put_file,
    put_grid,
    put_html,
    put_image,
    put_info,
    put_link,
    put_loading,
    put_markdown,
    put_progressbar,
    put_row,
    put_scope,
    put_scrollable,
    put_success,
    put_table,
    put_tabs,
    put_text,
    put_warning,
    put_widget,
    span,
    use_scope,
)
from nbsession.pin import put_input, put_select

if TYPE_CHECKING:
    from nbsession._core.session import Session

SQUARE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="120" height="60"><rect width="120" height="60" rx="9" '
    b'fill="#38a"/></svg>'
)
PASSWORD = "correct-horse-battery"
"""What nobody may find in a rendition."""


class Shown:
    """An object with content by MIME type."""

    def __init__(self, kind: str, content: object) -> None:
        self._data = {kind: content}

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        return self._data


def put_everything(session: Session, text: str = "Text") -> None:
    """Show it. ``text`` is in all of it."""
    put_text(f"{text} in\n  two lines")
    put_text(f"{text} ", inline=True)
    put_text(f"and {text}").style("color: #d33")
    put_markdown(
        f"## Heading {text}\n\n*{text}* with `{text}` and $x^2$.\n\n| a | b |\n|---|---|\n| {text} | 2 |"
    )
    put_markdown(text, sanitize=False, options={"html": True})
    put_code(f"def greet(name: str = {text!r}) -> int:\n    return 42  # {text}", "python")
    put_html(f"<p style='color: #d33' title='{text}'>{text} H<sub>2</sub>O</p>")
    put_html(text, sanitize=True)
    put_table([["Name", text], ["Ada", put_buttons([text, "Delete"], print)], [span(text, col=2)]])
    put_datatable([{"name": text, "score": {"first": n}} for n in range(3)])
    put_row([put_text(text), None, put_code(text), put_image(SQUARE, title=text)])
    put_column([put_text(text), None, put_text("below")])
    put_grid([[put_text(text), span(put_text("high"), row=2)], [put_text("left")]])
    put_widget(
        "<details open><summary>{{text}}</summary>{{#in}}{{& pywebio_output_parse}}{{/in}}{{{text}}}</details>",
        {"text": text, "in": [text, put_table([["a"], [text]])]},
    )
    put_image(SQUARE, title=text, width=120)
    put_image("https://images.example/one.png", title=text)
    put_file("data.csv", b"1,2", text)
    put_link(text, "https://jupyter.org")
    put_link(text, text)
    put_progressbar("bar", 0.7, text)
    put_tabs([{"title": text, "content": text}, {"title": "Second", "content": [put_text(text)]}])
    put_collapse(text, [put_text(text)], open=True)
    put_scrollable([put_text(text)], height=100)
    for message in (put_info, put_success, put_warning, put_error):
        message(text)
    put_info(put_text(text), put_markdown(text))
    put_loading()
    put(text)
    for kind in ("text/html", "text/markdown", "text/latex", "text/plain"):
        put(Shown(kind, text))
    put(Shown("image/svg+xml", SQUARE.decode()))
    put(Shown("application/vnd.plotly.v1+json", {"layout": {"title": {"text": text}}}))
    put_scope("inner")
    with use_scope("inner"):
        put_text(text)
    put_input("name", label=text, value=text, help_text=text)
    put_input("secret", type="password", label=text, value=PASSWORD)
    put_select("choice", options=[text, "other"], label=text)
    popup(text, [put_text(text)])
    session.outputs.notice("warning", text, text)
    session.outputs.error(text, text, text, text, 2)
    session.outputs.put("download", channel=9, name=text, size=1234, state="failed", text=text)
    session.outputs.put("unheard-of", text=text)
    _put_form(session, text)


def _put_form(session: Session, text: str) -> None:
    options = [text, "other"]
    form = Form(
        session,
        text,
        [
            TextField("input", name="one", label=text, value=text.replace("\n", " "), help_text=text),
            TextField("input", name="two", type="password", label=text, value=PASSWORD),
            TextareaField("textarea", name="three", label=text, value=text),
            TextareaField("textarea", name="four", label=text, value=text, code=True),
            ChoiceField("select", name="five", label=text, options=options, value=text),
            ChoiceField("checkbox", name="six", type="checkbox", label=text, options=options, value=[text]),
            ChoiceField("radio", name="seven", type="radio", label=text, options=options, value=text),
            SliderField("slider", name="eight", label=text, value=3, max_value=10),
            FileField("file_upload", name="nine", label=text),
            ActionsField("actions", name="ten", buttons=[text, "other"]),
        ],
    )
    form.show()
