"""Functions of Python that JavaScript calls: while the cell waits, after it, from apps, and many at once."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .notebook_page import NotebookPage

pytestmark = pytest.mark.any_front_end

IMPORT = """
import asyncio, threading
from nbsession import *
from nbsession.output import put_text
from nbsession._core.current import current_session
"""


def value_of(notebook: NotebookPage, code: str) -> str:
    """Run a cell that begins with the imports and return the text of its outputs."""
    return "\n".join(notebook.execute(IMPORT + textwrap.dedent(code)))


def test_a_cell_that_waits_for_the_page_is_called_by_it(notebook: NotebookPage) -> None:
    assert value_of(notebook, "eval_js('add(2, 3)', add=lambda a, b: a + b)") == "5"


def test_a_cell_that_awaits_the_page_is_called_by_it(notebook: NotebookPage) -> None:
    code = """
        async def add(a, b):
            await asyncio.sleep(0.01)
            return a + b
        await eval_js('add(2, 3)', add=add)
    """
    assert value_of(notebook, code) == "5"


def test_bytes_go_both_ways(notebook: NotebookPage) -> None:
    code = "eval_js('f(new Uint8Array([1, 2, 3]))', f=lambda content: content[::-1])"
    assert value_of(notebook, code) == r"b'\x03\x02\x01'"


def test_a_function_may_ask_the_page(notebook: NotebookPage) -> None:
    assert value_of(notebook, "eval_js('f()', f=lambda: eval_js('6 * 7'))") == "42"


def test_a_function_may_call_back_into_the_page_that_calls_python(notebook: NotebookPage) -> None:
    code = "eval_js('outer()', outer=lambda: eval_js('inner()', inner=lambda: 'innermost'))"
    assert value_of(notebook, code) == "'innermost'"


def test_an_exception_rejects_the_promise_and_is_shown(notebook: NotebookPage) -> None:
    index = notebook.append(
        IMPORT + "eval_js('f(0).catch(error => `${error.name}: ${error.message}`)', f=lambda n: 1 / n)"
    )
    notebook.run(index)
    notebook.wait_for_text(index, "Traceback")  # the view may come after the cell's end
    shown, value = notebook.outputs(index)
    assert shown.startswith("ZeroDivisionError: division by zero\nTraceback")
    assert value == "'ZeroDivisionError: division by zero'"


def test_a_function_is_called_after_the_cell_has_ended(notebook: NotebookPage) -> None:
    code = """
        run_js(
            '''
            const button = element.appendChild(document.createElement("button"));
            button.textContent = "Ask Python";
            button.onclick = async () => { button.textContent = await answer(20) };
            ''',
            answer=lambda n: f"Python says {2 * n}",
        )
    """
    index = notebook.append(IMPORT + textwrap.dedent(code))
    notebook.run(index)
    notebook.output_area(index).get_by_role("button", name="Ask Python").click()
    notebook.wait_for_text(index, "Python says 40")


@pytest.mark.parametrize(
    ("define", "wait"), [("def", ""), ("async def", "await ")], ids=["plain", "coroutine"]
)
def test_an_app_is_called_by_its_page(notebook: NotebookPage, define: str, wait: str) -> None:
    code = f"""
{define} app():
    value = {wait}eval_js('f(20)', f=lambda n: 2 * n)
    put_text(f"the app got {{value}}")
start_server(app)
"""
    index = notebook.append(IMPORT + code)
    notebook.run(index)
    notebook.wait_for_text(index, "the app got 40")


def test_a_function_cannot_be_called_when_its_session_has_ended(notebook: NotebookPage) -> None:
    index = notebook.append(IMPORT + "run_js('window.ended = f', f=lambda: 1)")
    notebook.run(index)
    notebook.wait_for("() => window.ended")
    notebook.page.evaluate("window.former = window.ended; delete window.ended")
    notebook.run(index)
    notebook.wait_for("() => window.ended")
    told = notebook.page.evaluate("window.former().catch((error) => `${error.name}: ${error.message}`)")
    assert told == "SessionClosedException: the cell was run again"


def test_a_function_that_never_returns_holds_up_no_value(notebook: NotebookPage) -> None:
    code = """
        never = threading.Event()
        try:
            eval_js("f()", f=never.wait, timeout_=1)
        except JSTimeoutError as error:
            print(error)
        print(eval_js("6 * 7"))
        never.set()
    """
    assert value_of(notebook, code).splitlines() == [
        "no answer within 1 s: the page has not answered this call yet",
        "42",
    ]


def test_ten_thousand_calls_beside_eight_threads_find_their_answers(notebook: NotebookPage) -> None:
    code = """
        done = threading.Event()
        wrong = []
        def evaluate(offset):
            n = offset
            while not done.is_set():
                n += 8
                if eval_js("n", n=n) != n: wrong.append(n)
        threads = [threading.Thread(target=evaluate, args=(offset,)) for offset in range(8)]
        for thread in threads:
            register_thread(thread)
            thread.start()
        code = '''(async () => {
            const numbers = Array.from({length: 10_000}, (_, n) => n);
            const values = await Promise.all(numbers.map(n => square(n)));
            return values.filter((value, n) => value !== n * n).length;
        })()'''
        try:
            unmatched = eval_js(code, square=lambda n: n * n)
        finally:
            done.set()
        while any(thread.is_alive() for thread in threads): await asyncio.sleep(0.01)
        print(unmatched, wrong)
    """
    assert value_of(notebook, code) == "0 []"


def test_functions_that_were_passed_and_dropped_leave_nothing_behind(notebook: NotebookPage) -> None:
    code = """
        functions = current_session().functions
        for _ in range(10_000):
            run_js("f", f=lambda: 1)
        eval_js("1")
    """
    assert value_of(notebook, code) == "1"
    developer_tools = notebook.page.context.new_cdp_session(notebook.page)
    developer_tools.send("HeapProfiler.collectGarbage")
    developer_tools.detach()
    assert value_of(notebook, "while len(functions): await asyncio.sleep(0.01)\nprint('none')") == "none"
