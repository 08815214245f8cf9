"""Apps in a cell's output: how they begin, go on and end, as their reader sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .notebook_page import AWAY_FOR_LONG

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from .conftest import OpenNotebook
    from .notebook_page import NotebookPage

pytestmark = pytest.mark.any_front_end

IMPORT = "import asyncio\nfrom nbsession import *\nfrom nbsession.output import *\n"
VISITS = IMPORT + (
    "def visits():\n"
    "    local.visits = (local.visits or 0) + 1\n"
    "    put_text(f'visit {local.visits}')\n"
    "    put_button('again', visits)\n"
)
TWO_APPS = (
    IMPORT
    + """
def first():
    put_text('the first')
    put_button('in place', lambda: go_app('second', new_window=False))
    put_button('below', lambda: go_app('second'))
def second():
    put_text('the second')
    put_button('stay', lambda: None)
handle = start_server({'index': first, 'second': second})
"""
)


def button(notebook: NotebookPage, label: str, index: int = -1) -> Locator:
    return notebook.output_area(index).get_by_role("button", name=label, exact=True)


def texts(notebook: NotebookPage, index: int = -1) -> list[str]:
    return notebook.output_area(index).locator(".nbsession-text").all_inner_texts()


def test_start_server_returns_at_once_and_the_app_goes_on(notebook: NotebookPage) -> None:
    notebook.execute(
        IMPORT + "def app():\n    put_text(eval_js('6 * 7'))\n    put_text('end')\nhandle = start_server(app)"
    )
    notebook.wait_for_text(-1, "end")
    assert texts(notebook) == ["42", "end"]


def test_the_handle_displays_as_nothing(notebook: NotebookPage) -> None:
    notebook.execute(IMPORT + "start_server(lambda: put_text('shown'))")
    notebook.wait_for_text(-1, "shown")
    assert [model["data"]["text/plain"] for model in notebook.output_models(-1)] == ["nbsession view"]


def test_an_app_that_has_ended_stays_to_be_read(notebook: NotebookPage) -> None:
    notebook.execute(IMPORT + "handle = start_server(lambda: put_text('the last word'))")
    notebook.wait_for_text(-1, "the app has ended")
    assert texts(notebook) == ["the last word"]


def test_an_app_that_has_ended_is_there_after_a_reload(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([AWAY_FOR_LONG + IMPORT + "start_server(lambda: put_text('the last word'))"])
    notebook.run(0)
    notebook.wait_for_text(0, "the app has ended")
    notebook.save()
    notebook.reload()
    notebook.wait_for_text(0, "the last word")
    button(notebook, "New session", 0).click()
    notebook.wait_for_text(0, "the app has ended")


def test_new_session_begins_anew_with_a_local_of_its_own(notebook: NotebookPage) -> None:
    notebook.execute(VISITS + "start_server(visits)")
    button(notebook, "again").click()
    notebook.wait_for_text(-1, "visit 2")
    button(notebook, "New session").click()
    button(notebook, "End it and start a new one").click()
    notebook.wait_for("() => !document.querySelector('.jp-Cell:last-child')?.innerText.includes('visit 2')")
    notebook.wait_for_text(-1, "visit 1")
    assert texts(notebook) == ["visit 1"]


def test_what_was_shown_before_closing_in_the_same_cell_stays_to_be_read(notebook: NotebookPage) -> None:
    notebook.execute(IMPORT + "put_text('the last word')\nsession.close('because')")
    notebook.wait_for_text(-1, "because")
    assert texts(notebook) == ["the last word"]


def test_what_a_coroutine_app_showed_before_closing_stays_to_be_read(notebook: NotebookPage) -> None:
    notebook.execute(
        IMPORT
        + "async def app():\n    put_text('the last word')\n    session.close('because')\nstart_server(app)"
    )
    notebook.wait_for_text(-1, "because")
    assert texts(notebook) == ["the last word"]


def test_apps_that_the_program_closed_offer_no_new_session(notebook: NotebookPage) -> None:
    notebook.execute(VISITS + "handle = start_server(visits)")
    notebook.wait_for_text(-1, "visit 1")
    notebook.execute("handle.close()")
    notebook.wait_for_text(-2, "closed by the program")
    assert [texts(notebook, -2), button(notebook, "New session", -2).count()] == [["visit 1"], 0]


def test_an_app_that_an_app_started_outlives_it(notebook: NotebookPage) -> None:
    notebook.execute(VISITS + "start_server(lambda: start_server(visits) and None)")
    button(notebook, "again").click()
    notebook.wait_for_text(-1, "visit 2")


def test_session_closed_tells_why(notebook: NotebookPage) -> None:
    code = "print(session.closed)\nsession.close('because')\nprint(session.closed)"
    assert notebook.execute(IMPORT + code) == ["None\nbecause"]


def test_an_apps_local_is_not_that_of_the_cells(notebook: NotebookPage) -> None:
    notebook.execute(VISITS + "local.visits = 10\nstart_server(visits)")
    notebook.wait_for_text(-1, "visit 1")
    assert notebook.execute("local.visits") == ["10"]


def test_cells_share_local_and_another_kernel_does_not(
    notebook: NotebookPage, open_notebook: OpenNotebook
) -> None:
    notebook.execute(IMPORT + "local.shared = 'by cells'")
    assert notebook.execute("local.shared") == ["'by cells'"]
    assert open_notebook().execute(IMPORT + "print(local.shared)") == ["None"]


def test_go_app_in_place_replaces_the_app(notebook: NotebookPage) -> None:
    notebook.execute(TWO_APPS)
    button(notebook, "in place").click()
    button(notebook, "stay").wait_for()
    assert texts(notebook) == ["the second"]


def test_go_app_in_a_new_window_opens_it_below(notebook: NotebookPage) -> None:
    notebook.execute(TWO_APPS)
    button(notebook, "below").click()
    button(notebook, "stay").wait_for()
    assert texts(notebook) == ["the first", "the second"]


def test_apps_without_an_index_are_listed(notebook: NotebookPage) -> None:
    code = """
def red():
    put_text('this is red')
def blue():
    put_text('this is blue')
start_server([red, blue])
"""
    notebook.execute(IMPORT + code)
    button(notebook, "blue").click()
    notebook.wait_for_text(-1, "this is blue")
    assert texts(notebook) == ["this is blue"]


def test_go_app_to_an_unknown_app_names_those_there_are(notebook: NotebookPage) -> None:
    notebook.execute(
        IMPORT + "def lost():\n    put_button('go', lambda: go_app('nowhere'))\nstart_server([lost])"
    )
    button(notebook, "go").click()
    notebook.wait_for_text(-1, "go_app() found no app 'nowhere'; the apps are 'lost'")


def test_an_exception_is_shown_with_its_traceback_and_closes_only_that_session(
    notebook: NotebookPage,
) -> None:
    notebook.execute(VISITS + "start_server(visits)\nstart_server(lambda: int('x' + 'y'))")
    notebook.wait_for_text(-1, "ValueError: invalid literal for int()")
    notebook.wait_for_text(-1, "the app failed: ValueError")
    button(notebook, "again").click()
    notebook.wait_for_text(-1, "visit 2")


def test_running_the_cell_again_ends_its_apps(notebook: NotebookPage) -> None:
    notebook.execute(
        IMPORT
        + "ended = globals().get('ended', [])\n"
        + "def app():\n    defer_call(lambda: ended.append(1))\n    put_text('open')\n    hold()\n"
        + "print(ended)\nstart_server(app)"
    )
    notebook.wait_for_text(-1, "open")
    notebook.run(-1)
    assert notebook.outputs(-1)[0] == "[1]"


def test_closing_the_handle_ends_the_app_and_runs_its_deferred_functions(notebook: NotebookPage) -> None:
    code = """
def app():
    defer_call(lambda: said.append('deferred'))
    put_text('open')
    hold()
    said.append('after hold')
said = []
handle = start_server(app)
"""
    notebook.execute(IMPORT + code)
    notebook.wait_for_text(-1, "open")
    assert notebook.execute("handle.close()\nprint(handle.session.closed, 'deferred' in said)") == [
        "closed by the program True"
    ]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("await asyncio.gather(eval_js('1'), eval_js('2'))", "[1, 2]"),
        ("await asyncio.wait_for(eval_js('3'), 60)", "3"),
        ("await asyncio.shield(eval_js('4'))", "4"),
        ("await asyncio.create_task(eval_js('5'))", "5"),
        ("await asyncio.to_thread(eval_js, '6')", "6"),
    ],
)
def test_a_coroutine_app_uses_plain_asyncio(notebook: NotebookPage, expression: str, value: str) -> None:
    notebook.execute(
        IMPORT + f"async def app():\n    put_text({expression})\n    put_text('end')\nstart_server(app)"
    )
    notebook.wait_for_text(-1, "end")
    assert texts(notebook) == [value, "end"]


def test_a_coroutine_app_goes_on_while_a_cell_blocks(notebook: NotebookPage) -> None:
    code = """
import threading
answered = threading.Event()
async def app():
    put_button('answer', answered.set)
start_server(app)
"""
    notebook.execute(IMPORT + code)
    # On ipykernel 6 the page is heard while the main thread waits for it, not while it waits for something else.
    pause = "eval_js('new Promise(done => setTimeout(done, 20))')"
    asking = notebook.append(
        f"print('asking', flush=True)\nwhile not answered.is_set(): {pause}\nprint(True)"
    )
    notebook.run(asking, wait=False)
    notebook.wait_for_text(asking, "asking")
    button(notebook, "answer", asking - 1).click()
    notebook.wait_for_text(asking, "True")


def test_a_task_handler_closes_its_task(notebook: NotebookPage) -> None:
    code = """
async def forever():
    try:
        await asyncio.sleep(3600)
    finally:
        put_text('closed in the task')
async def app():
    task = run_async(forever())
    await asyncio.sleep(0)
    task.close()
    put_text(f'closed: {task.closed()}')
start_server(app)
"""
    notebook.execute(IMPORT + code)
    notebook.wait_for_text(-1, "closed in the task")
    assert texts(notebook) == ["closed: True", "closed in the task"]


def test_run_async_in_a_cell_goes_on_after_it(notebook: NotebookPage) -> None:
    code = """
async def later():
    put_text(await eval_js("'from a task'"))
task = run_async(later())
"""
    notebook.execute(IMPORT + code)
    notebook.wait_for_text(-1, "from a task")


def test_hold_in_a_cell_returns_at_once(notebook: NotebookPage) -> None:
    assert notebook.execute(IMPORT + "hold()\nprint('after')\nhold()") == ["after"]


def test_hold_may_be_awaited_in_a_cell(notebook: NotebookPage) -> None:
    assert notebook.execute(IMPORT + "await hold()\nprint('after')") == ["after"]


def test_a_forgotten_await_is_warned_of(notebook: NotebookPage) -> None:
    notebook.execute(
        IMPORT
        + "async def app():\n    eval_js('1')\n    put_text('end')\n"
        + "import warnings\nwarnings.simplefilter('always')\nstart_server(app)"
    )
    notebook.wait_for_text(-1, "was never awaited")


def test_after_a_reload_the_app_goes_on_with_its_outputs(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([AWAY_FOR_LONG + VISITS + "start_server(visits)"])
    notebook.run(0)
    button(notebook, "again", 0).click()
    notebook.wait_for_text(0, "visit 2")
    notebook.save()
    notebook.reload()
    notebook.wait_for_text(0, "visit 2")
    button(notebook, "again", 0).first.click()
    notebook.wait_for_text(0, "visit 3")
