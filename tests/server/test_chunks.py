"""The parts of a page that it loads when it first uses them come from its own server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbsession import eval_js, hold
from nbsession._core.current import current_session
from nbsession.output import put_text

from .visitor import get

if TYPE_CHECKING:
    from .conftest import Serve
    from .window import Open

LOAD = """
const address = JSON.parse(document.body.dataset.nbsessionChunks).code_editor;
const { createEditor } = await import(new URL(address, location.href).href);
return typeof createEditor;
"""


def test_the_page_may_import_them(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        put_text(f"a {eval_js(LOAD)}")

    open_page(serve(app).url).get_by_text("a function").wait_for()


def test_a_code_editor_takes_the_place_of_its_text_area(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        field = {
            "name": "code",
            "type": "textarea",
            "label": "Code",
            "value": "x = 1",
            "code": {"mode": "python"},
        }
        current_session().outputs.put("pin", field=field)
        hold()

    page = open_page(serve(app).url)
    editor = page.locator(".cm-content")
    editor.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("y = 2")
    assert editor.inner_text() == "y = 2"
    assert page.get_by_role("textbox", name="Code").all_inner_texts() == ["y = 2"]
    assert page.locator("textarea").input_value() == "y = 2"


def test_a_page_that_uses_none_loads_none(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        names = "performance.getEntriesByType('resource').map(each => each.name).join()"
        put_text(f"loaded {eval_js(names)}")

    shown = open_page(serve(app).url).get_by_text("loaded").inner_text()
    assert "page.js" in shown
    assert "code_editor" not in shown
    assert "katex" not in shown


def test_browsers_may_keep_them(serve: Serve) -> None:
    port = serve(lambda: None).port
    document = get(port, "/")[1].decode()
    address = document.split("code_editor&quot;: &quot;")[1].split("&quot;")[0].replace("&amp;", "&")
    headers = get(port, f"/{address}")[0].headers
    assert headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert "immutable" in headers["Cache-Control"]
