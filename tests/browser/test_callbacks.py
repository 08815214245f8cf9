"""Callbacks of ipywidgets, in notebooks whose cells never opened a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .notebook_page import AWAY_FOR_LONG

if TYPE_CHECKING:
    from .conftest import OpenNotebook
    from .notebook_page import NotebookPage

BUTTON = """
import ipywidgets
from nbsession import *
button = ipywidgets.Button(description="act")
def act(_):
    {}
button.on_click(act)
button
"""


def click(page: NotebookPage, index: int = 0) -> None:
    page.output_area(index).get_by_role("button", name="act").click()


def test_a_download_in_on_click(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([BUTTON.format("download('clicked.txt', b'from a button')")])
    notebook.run(0)
    click(notebook)
    [download] = notebook.wait_for_downloads(1)
    assert download.path().read_bytes() == b"from a button"


def test_a_value_in_observe(open_notebook: OpenNotebook) -> None:
    code = """
import ipywidgets
from nbsession import *
box, label = ipywidgets.Checkbox(description="act"), ipywidgets.Label("unset")
def changed(change):
    label.value = f"{change.new} {eval_js('6 * 7')} {eval_js('document.title.length > 0')}"
box.observe(changed, "value")
ipywidgets.VBox([box, label])
"""
    notebook = open_notebook([code])
    notebook.run(0)
    notebook.output_area(0).get_by_role("checkbox").check()
    notebook.wait_for_text(0, "True 42 True")


def test_a_reloaded_page_keeps_its_one_session(open_notebook: OpenNotebook) -> None:
    act = "seen.append(current_session().number); eval_js('window.clicked = true')"
    code = "from nbsession._core.current import current_session\nseen = []\n" + BUTTON.format(act)
    notebook = open_notebook([AWAY_FOR_LONG + code])
    notebook.run(0)
    click(notebook)
    notebook.wait_for("() => window.clicked")
    notebook.save()
    notebook.reload()
    click(notebook)
    notebook.wait_for("() => window.clicked")
    assert notebook.execute("len(seen), len(set(seen))") == ["(2, 1)"]


def test_the_page_that_was_clicked_acts(open_notebook: OpenNotebook) -> None:
    act = "eval_js('window.clicked = (window.clicked || 0) + 1')"
    first = open_notebook([BUTTON.format(act)])
    first.run(0)
    first.save()
    second = open_notebook(path=first.path)
    click(second)
    second.wait_for("() => window.clicked === 1")
    click(first)
    first.wait_for("() => window.clicked === 1")
    click(second)
    second.wait_for("() => window.clicked === 2")
    assert first.page.evaluate("window.clicked") == 1


def test_an_error_is_a_toast_on_the_page_that_was_clicked(open_notebook: OpenNotebook) -> None:
    first = open_notebook([BUTTON.format("run_js('missing.thing')")])
    first.run(0)
    first.save()
    second = open_notebook(path=first.path)
    click(second)
    second.page.get_by_role("alert").filter(has_text="ReferenceError: missing is not defined").wait_for()
    assert first.page.get_by_role("alert").filter(has_text="ReferenceError").count() == 0


def test_exceptions_of_callbacks_appear_in_the_cell(open_notebook: OpenNotebook) -> None:
    code = """
import ipywidgets
from nbsession import session
from nbsession.output import put_text
bound, unbound = (ipywidgets.Button(description=name) for name in ("bound", "unbound"))
bound.on_click(session.bind(lambda _: 1 / 0))
unbound.on_click(lambda _: put_text("nowhere"))
ipywidgets.HBox([bound, unbound])
"""
    notebook = open_notebook([code])
    notebook.run(0)
    for name, error in (("unbound", "SessionNotFoundException"), ("bound", "ZeroDivisionError")):
        notebook.output_area(0).get_by_role("button", name=name, exact=True).click()
        notebook.wait_for_text(0, error)


def test_the_callback_of_a_click_does_not_belong_to_the_cell_that_waits(open_notebook: OpenNotebook) -> None:
    act = "open_sessions.append(current_session().toasts)"
    code = "from nbsession._core.current import current_session\nopen_sessions = []\n" + BUTTON.format(act)
    notebook = open_notebook([code, "eval_js('new Promise(done => { window.goOn = done })')\n'ended'"])
    notebook.run(0)
    notebook.run(1, wait=False)
    notebook.wait_for("() => window.goOn")
    click(notebook)
    notebook.page.evaluate("window.goOn()")
    notebook.wait_idle()
    assert notebook.execute(
        "while not open_sessions: await __import__('asyncio').sleep(0.05)\nopen_sessions"
    ) == ["[True]"]
