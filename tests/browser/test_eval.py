"""Values from the page: the first cell, blocking and awaited, threads, tasks, callbacks."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import OpenNotebook
    from .notebook_page import NotebookPage

IMPORT = "from nbsession import *\nimport asyncio, threading\n"


def value_of(notebook: NotebookPage, code: str) -> str:
    """Run a cell that begins with the imports and return the text of its outputs."""
    return "\n".join(notebook.execute(IMPORT + textwrap.dedent(code)))


def test_the_very_first_cell_gets_a_value(open_notebook: OpenNotebook) -> None:
    assert open_notebook([IMPORT + 'eval_js("1+1")']).run(0) == ["2"]


def test_a_later_cell_gets_a_value(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([IMPORT, "x = eval_js('6 * 7')", "x"])
    notebook.run_all()
    assert notebook.text(2) == "42"


def test_a_hundred_values_in_order(notebook: NotebookPage) -> None:
    assert value_of(notebook, "[eval_js('i', i=i) for i in range(100)] == list(range(100))") == "True"


def test_run_js_runs_before_what_comes_after_it(notebook: NotebookPage) -> None:
    code = """
        for number in range(1000):
            run_js("(window.seen ??= []).push(number)", number=number)
        eval_js("window.seen") == list(range(1000))
    """
    assert value_of(notebook, code) == "True"


def test_values_survive_both_ways(notebook: NotebookPage) -> None:
    code = """
        import math
        value = {"text": "größe \\U0001F600", "list": [1, 2.5, None, True], "nan": math.nan}
        value.update(inf=-math.inf, bytes=bytes(range(256)))
        back = eval_js("value", value=value)
        print(math.isnan(back.pop("nan")), math.isnan(value.pop("nan")), back == value)
        print(eval_js("123456789012345678901234567890n"), eval_js("undefined"), eval_js("new Date(0)"))
        print(eval_js("new Blob(['blob'])"), eval_js("new Float32Array([1]).buffer"))
        print(eval_js("a instanceof Uint8Array", a=b"x"))
    """
    assert value_of(notebook, code).splitlines() == [
        "True True True",
        "123456789012345678901234567890 None 1970-01-01T00:00:00.000Z",
        r"b'blob' b'\x00\x00\x80?'",
        "True",
    ]


def test_a_promise_is_awaited_in_the_page(notebook: NotebookPage) -> None:
    assert value_of(notebook, "eval_js('new Promise(done => setTimeout(() => done(5), 50))')") == "5"


@pytest.mark.any_front_end
def test_jquery_selects_in_the_view_of_its_cell(notebook: NotebookPage) -> None:
    code = """
        from nbsession.output import put_button, put_scope
        put_scope("a", put_button("x", print)), put_button("y", print)
        names = ["button", "#pywebio-scope-a .btn", "body"]
        print([eval_js("$(name).length", name=name) for name in names], eval_js("window.jQuery"))
    """
    assert value_of(notebook, code).splitlines()[-1] == "[2, 1, 1] None"


def test_await_in_a_cell(notebook: NotebookPage) -> None:
    assert value_of(notebook, "await eval_js('1 + 1')") == "2"


def test_gather_two_hundred(notebook: NotebookPage) -> None:
    code = "await asyncio.gather(*[eval_js('i', i=i) for i in range(200)]) == list(range(200))"
    assert value_of(notebook, code) == "True"


def test_tasks(notebook: NotebookPage) -> None:
    code = """
        task = asyncio.create_task(eval_js("1", wait_=False))
        print(await task, await asyncio.wait_for(asyncio.shield(eval_js("7")), 60))
    """
    assert value_of(notebook, code) == "1 7"


def test_task_groups(notebook: NotebookPage) -> None:
    if value_of(notebook, "hasattr(asyncio, 'TaskGroup')") == "False":
        pytest.skip("asyncio has them from Python 3.11 on")
    code = """
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(eval_js("i", i=i)) for i in range(5)]
        print([task.result() for task in tasks])
    """
    assert value_of(notebook, code) == "[0, 1, 2, 3, 4]"


def test_an_async_helper_awaits(notebook: NotebookPage) -> None:
    code = """
        async def language():
            return await eval_js("typeof navigator.language")
        await language()
    """
    assert value_of(notebook, code) == "'string'"


def test_a_plain_helper_in_an_async_cell_blocks(notebook: NotebookPage) -> None:
    code = """
        def helper():
            return eval_js("3")
        await asyncio.sleep(0)
        print(helper() + await eval_js("4"))
    """
    assert value_of(notebook, code) == "7"


def test_statements_beside_an_await_block(notebook: NotebookPage) -> None:
    """IPython makes a coroutine only of the statement with the ``await`` in it."""
    assert value_of(notebook, "x = eval_js('1')\ny = await eval_js('2')\nx, y, eval_js('3')") == "(1, 2, 3)"


def test_a_call_that_is_not_awaited_says_so(notebook: NotebookPage) -> None:
    code = """
        async def forgetful():
            forgotten = eval_js("1")
            print(repr(forgotten))
        await forgetful()
    """
    text = value_of(notebook, code)
    assert "write await eval_js(...)" in text.splitlines()[0]
    assert "was never awaited" in text


def test_eight_registered_threads_at_once(notebook: NotebookPage) -> None:
    code = """
        results = {}
        def work(number):
            results[number] = [eval_js("a * b", a=number, b=i) for i in range(20)]
        threads = [threading.Thread(target=work, args=[number]) for number in range(8)]
        for thread in threads:
            register_thread(thread)
            thread.start()
        # Reads of the main thread keep ipykernel 6 reading its socket, which a plain join would not.
        while any(thread.is_alive() for thread in threads):
            eval_js("0")
        results == {number: [number * i for i in range(20)] for number in range(8)}
    """
    assert value_of(notebook, code) == "True"


def test_a_bound_function_in_a_pool(notebook: NotebookPage) -> None:
    code = """
        from nbsession import session
        function = session.bind(lambda code: eval_js(code))
        [await asyncio.get_running_loop().run_in_executor(None, function, code) for code in ("1", "2")]
    """
    assert value_of(notebook, code) == "[1, 2]"


def test_asyncio_to_thread_keeps_the_session(notebook: NotebookPage) -> None:
    assert value_of(notebook, "await asyncio.to_thread(lambda: eval_js('5'))") == "5"


def test_a_thread_that_nobody_registered_is_told_how(notebook: NotebookPage) -> None:
    code = """
        errors = []
        def work():
            try:
                eval_js("1")
            except Exception as error:
                errors.append(error)
        thread = threading.Thread(target=work); thread.start(); thread.join()
        print(type(errors[0]).__name__, "register_thread" in str(errors[0]), "session.bind" in str(errors[0]))
    """
    assert value_of(notebook, code) == "SessionNotFoundException True True"


def test_a_value_in_a_widget_callback(notebook: NotebookPage) -> None:
    code = """
        import ipywidgets
        button, label = ipywidgets.Button(description="ask"), ipywidgets.Label()
        button.on_click(lambda _: setattr(label, "value", f"got {eval_js('21 * 2')}"))
        display(button, label)
    """
    notebook.execute(IMPORT + textwrap.dedent(code))
    notebook.output_area(-1).get_by_role("button", name="ask").click()
    notebook.wait_for_text(-1, "got 42")


def test_run_all_keeps_the_order_behind_a_slow_promise(open_notebook: OpenNotebook) -> None:
    first = IMPORT + "seen = []\nseen.append(eval_js('new Promise(done => setTimeout(() => done(0), 1000))'))"
    cells = [
        first,
        *(f"seen.append(eval_js('{number}'))" for number in range(1, 9)),
        "seen == list(range(9))",
    ]
    notebook = open_notebook(cells)
    notebook.run_all()
    assert notebook.text(9) == "True"


def test_running_a_cell_again_closes_its_session(notebook: NotebookPage) -> None:
    code = """
        from nbsession._core.current import current_session
        former = globals().get("mine")
        mine = current_session()
        print(former and former.closed, eval_js("1"))
    """
    assert value_of(notebook, code) == "None 1"
    assert notebook.run(-1) == ["the cell was run again 1"]
