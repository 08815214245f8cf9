"""Forms and pins in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.examples.reader import expect_fault

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from .conftest import FillNotebook, OpenNotebook
    from .notebook_page import NotebookPage

ASK = "from nbsession.input import *\nfrom nbsession import *\nfrom nbsession.output import *\n"


def form(page: NotebookPage, index: int = 0) -> Locator:
    """The form below a cell's outputs."""
    found = page.output_area(index).locator("form.nbsession-form:visible")
    expect(found).to_have_count(1)
    return found


def answer(page: NotebookPage, text: str, index: int = 0) -> None:
    """Answer a form of one text field."""
    form(page, index).get_by_role("textbox").fill(text)
    form(page, index).get_by_role("button", name="Submit").click()


def test_a_cell_asks_and_waits(fill_notebook: FillNotebook) -> None:
    notebook = fill_notebook([ASK + "age = input('Your age', type=NUMBER)\nprint(age + 1)"])
    notebook.run(0, wait=False)
    form(notebook).get_by_label("Your age").fill("36")
    form(notebook).get_by_role("button", name="Submit").click()
    notebook.wait_idle()
    notebook.wait_for_text(0, "37")
    expect(notebook.output_area(0).locator("form")).to_have_count(0)


@pytest.mark.any_front_end
def test_enter_submits_and_runs_no_cell(fill_notebook: FillNotebook) -> None:
    notebook = fill_notebook([ASK + "print(input('Your name'))", "print('second')"])
    notebook.run(0, wait=False)
    form(notebook).get_by_role("textbox").fill("Ada")
    form(notebook).get_by_role("textbox").press("Enter")
    notebook.wait_idle()
    notebook.wait_for_text(0, "Ada")
    assert notebook.outputs(1) == []


@pytest.mark.parametrize("keys", [["d", "d"], ["Shift+Enter"], ["a"]])
def test_jupyters_shortcuts_do_not_see_what_is_typed(fill_notebook: FillNotebook, keys: list[str]) -> None:
    notebook = fill_notebook(
        [ASK + "print(input_group('Sizes', [checkbox(options=['S', 'M'], name='sizes')]))", "print('second')"]
    )
    notebook.run(0, wait=False)
    form(notebook).get_by_role("checkbox", name="S").focus()
    for key in keys:
        form(notebook).get_by_role("checkbox", name="S").press(key)
    cells = notebook.cell(0).page.locator(".jp-Cell")
    assert (cells.count(), notebook.outputs(1)) == (2, [])
    notebook.interrupt()  # Shift+Enter may have submitted the form, as Enter does
    notebook.wait_idle()


@pytest.mark.any_front_end
def test_an_error_stands_at_its_field_and_keeps_what_was_typed(fill_notebook: FillNotebook) -> None:
    check = "def check(age):\n    if age < 10: return 'Too young'\n"
    notebook = fill_notebook([ASK + check + "print(input('Your age', type=NUMBER, validate=check))"])
    notebook.run(0, wait=False)
    field = form(notebook).get_by_label("Your age")
    field.fill("5")
    form(notebook).get_by_role("button", name="Submit").click()
    expect_fault(notebook.output_area(0), "Too young")
    expect(field).to_have_value("5")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("50")
    form(notebook).get_by_role("button", name="Submit").click()
    notebook.wait_idle()
    notebook.wait_for_text(0, "50")


@pytest.mark.any_front_end
def test_a_button_that_moves_while_it_is_pressed_is_pressed(fill_notebook: FillNotebook) -> None:
    """The press takes the focus from the field, whose check passes: its error goes, and the button moves up."""
    check = "def check(age):\n    if age < 10: return 'Too young'\n"
    notebook = fill_notebook([ASK + check + "print(input('Your age', type=NUMBER, validate=check))"])
    notebook.run(0, wait=False)
    field, button = (
        form(notebook).get_by_label("Your age"),
        form(notebook).get_by_role("button", name="Submit"),
    )
    alert = form(notebook).get_by_role("alert").filter(has_text="Too young")
    field.fill("5")
    button.click()
    expect_fault(notebook.output_area(0), "Too young")
    field.fill("50")
    button.hover()
    notebook.page.mouse.down()
    expect(alert).to_have_count(0)
    notebook.page.mouse.up()
    notebook.wait_idle()
    notebook.wait_for_text(0, "50")


def test_stop_removes_the_form(fill_notebook: FillNotebook) -> None:
    notebook = fill_notebook([ASK + "input('Your name')", "eval_js('6 * 7')"])
    notebook.run(0, wait=False)
    form(notebook)
    notebook.interrupt()
    notebook.wait_idle()
    notebook.wait_for_text(0, "KeyboardInterrupt")
    expect(notebook.output_area(0).locator("form")).to_have_count(0)
    assert notebook.run(1) == ["42"]


def test_an_async_cell_awaits_and_stop_ends_it(fill_notebook: FillNotebook) -> None:
    notebook = fill_notebook([ASK + "print(await input('Name'))", "await input('Name')"])
    notebook.run(0, wait=False)
    answer(notebook, "Ada")
    notebook.wait_idle()
    notebook.wait_for_text(0, "Ada")
    notebook.run(1, wait=False)
    form(notebook, 1)
    notebook.interrupt()
    notebook.wait_idle()
    expect(notebook.output_area(1).locator("form")).to_have_count(0)


@pytest.mark.any_front_end
def test_run_all_waits_at_each_form_in_order(fill_notebook: FillNotebook) -> None:
    asks = {2: "one", 5: "two", 8: "three"}
    cells = [
        f"print('answer', input('{asks[index]}'))" if index in asks else f"print('plain {index}')"
        for index in range(10)
    ]
    notebook = fill_notebook([ASK + cells[0], *cells[1:]])
    notebook.run_all(wait=False)
    for index, label in asks.items():
        answer(notebook, label, index)
    notebook.wait_idle()
    texts = [notebook.text(index).strip() for index in range(10)]
    assert texts == [f"answer {asks[index]}" if index in asks else f"plain {index}" for index in range(10)]


@pytest.mark.any_front_end
def test_forms_of_two_threads_in_one_cell(fill_notebook: FillNotebook) -> None:
    code = """
import threading
answers = {}
threads = [
    threading.Thread(target=session.bind(lambda label=label: answers.update({label: input(label)})))
    for label in ["one", "two"]
]
for thread in threads: thread.start()
"""
    notebook = fill_notebook(
        [ASK + code, "for thread in threads: thread.join()\nprint(sorted(answers.items()))"]
    )
    notebook.run(0)
    area = notebook.output_area(0)
    expect(area.locator(".nbsession-inputs form")).to_have_count(2)
    for _ in range(2):
        label = form(notebook).get_by_role("heading").inner_text()
        answer(notebook, label.upper())
        expect(area.get_by_role("heading", name=label)).to_have_count(0)
    assert notebook.run(1) == ["[('one', 'ONE'), ('two', 'TWO')]"]


@pytest.mark.any_front_end
def test_a_form_while_another_cells_app_asks(fill_notebook: FillNotebook) -> None:
    app = "def app():\n    put_text('hello', input('App?'))\nstart_server(app)"
    notebook = fill_notebook([ASK + app, "print('cell', input('Cell?'))"])
    notebook.run(0)
    form(notebook, 0)
    notebook.run(1, wait=False)
    form(notebook, 1)
    answer(notebook, "from the app", 0)
    notebook.wait_for_text(0, "hello from the app")
    answer(notebook, "from the cell", 1)
    notebook.wait_idle()
    notebook.wait_for_text(1, "cell from the cell")


# A page that is opened while a cell runs does not get the cell's later prints: another cell shows the answer.


def test_a_reload_keeps_what_was_typed(open_notebook: OpenNotebook) -> None:
    group = "input_group('You', [input('Name', name='a'), input('Age', name='b')])"
    notebook = open_notebook([ASK + f"answer = {group}", "print(answer)"])
    notebook.run(0, wait=False)
    form(notebook).get_by_label("Name").fill("Ada")
    form(notebook).get_by_label("Age").fill("3")
    notebook.save()
    notebook.reload_only()
    expect(form(notebook).get_by_label("Name")).to_have_value("Ada")
    form(notebook).get_by_label("Age").press("End")
    form(notebook).get_by_label("Age").press_sequentially("6")
    form(notebook).get_by_role("button", name="Submit").click()
    expect(notebook.output_area(0).locator("form")).to_have_count(0)
    assert notebook.run(1) == ["{'a': 'Ada', 'b': '36'}"]


def test_the_page_is_closed_and_opened_again(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([ASK + "answer = input('Name')", "print(answer)"])
    notebook.run(0, wait=False)
    form(notebook).get_by_role("textbox").fill("Ada")
    notebook.save()
    notebook.close_tab()
    again = open_notebook(path=notebook.path, busy=True)
    expect(form(again).get_by_role("textbox")).to_have_value("Ada")
    form(again).get_by_role("button", name="Submit").click()
    expect(again.output_area(0).locator("form")).to_have_count(0)
    assert again.run(1) == ["Ada"]


@pytest.mark.any_front_end
def test_the_cell_is_run_again_while_its_form_waits(open_notebook: OpenNotebook) -> None:
    code = """
import threading
def ask():
    try:
        input('Name')
    except BaseException as error:
        ended.append(type(error).__name__)
        raise
thread = threading.Thread(target=ask)
register_thread(thread)
thread.start()
"""
    quiet = "ended = []\nthreading_excepthook = __import__('threading')\n"
    quiet += "threading_excepthook.excepthook = lambda args: None\n"
    notebook = open_notebook([quiet, ASK + code, "first.join(10); print(ended)"])
    notebook.run(0)
    notebook.run(1)
    form(notebook, 1)
    notebook.execute("first = thread")
    notebook.run(1)
    assert notebook.run(2) == ["['SessionClosedException']"]
    form(notebook, 1)


def test_a_running_notebook_does_not_take_the_keyboard(fill_notebook: FillNotebook) -> None:
    notebook = fill_notebook([ASK + "print(input('Name'))", "# the reader writes here"])
    editor = notebook.cell(1).locator(".cm-content")
    editor.click()
    notebook.run(0, wait=False)
    editor.click()
    form(notebook)
    expect(editor).to_be_focused()
    answer(notebook, "Ada")
    notebook.wait_idle()


# -- pins ------------------------------------------------------------------------------------------


PIN = "from nbsession.pin import *\nfrom nbsession.output import *\n"


def test_a_pin_is_read_in_any_cell(fill_notebook: FillNotebook) -> None:
    notebook = fill_notebook(
        [PIN + "put_input('city', label='City')", "print(pin.city)", "print(await pin.city)"]
    )
    notebook.run(0)
    notebook.output_area(0).get_by_label("City").press_sequentially("Rome")
    assert (notebook.run(1), notebook.run(2)) == (["Rome"], ["Rome"])


def test_a_cell_waits_for_a_pin(fill_notebook: FillNotebook) -> None:
    notebook = fill_notebook(
        [PIN + "put_select('city', ['Rome', 'Paris'], label='City')", "print(pin_wait_change('city'))"]
    )
    notebook.run(0)
    notebook.run(1, wait=False)
    notebook.wait_running(1)
    notebook.output_area(0).get_by_label("City").select_option("Paris")
    notebook.wait_idle()
    notebook.wait_for_text(1, "{'name': 'city', 'value': 'Paris'}")


@pytest.mark.any_front_end
def test_a_pins_function_shows_its_output_in_the_cell(fill_notebook: FillNotebook) -> None:
    code = (
        PIN
        + "put_slider('volume', label='Volume')\npin_on_change('volume', onchange=lambda v: put_text('now', v))"
    )
    notebook = fill_notebook([code])
    notebook.run(0)
    notebook.output_area(0).get_by_role("slider", name="Volume").press("ArrowRight")
    notebook.wait_for_text(0, "now 1")


@pytest.mark.any_front_end
def test_a_program_changes_a_pin(fill_notebook: FillNotebook) -> None:
    notebook = fill_notebook([PIN + "put_input('city', label='City')", "pin.city = 'Rome'; print(pin.city)"])
    notebook.run(0)
    assert notebook.run(1) == ["Rome"]
    expect(notebook.output_area(0).get_by_label("City")).to_have_value("Rome")


def test_stop_during_a_slow_check_removes_the_form(fill_notebook: FillNotebook) -> None:
    check = "import time\ndef check(_):\n    print('checking')\n    time.sleep(60)\n"
    notebook = fill_notebook([ASK + check + "input('Name', validate=check)"])
    notebook.run(0, wait=False)
    answer(notebook, "Ada")
    notebook.wait_for_text(0, "checking")
    notebook.interrupt()
    notebook.wait_idle()
    notebook.wait_for_text(0, "KeyboardInterrupt")
    expect(notebook.output_area(0).locator("form")).to_have_count(0)
