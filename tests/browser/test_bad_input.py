"""Bad input of every kind: a clear error, and the session goes on."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .conftest import FillNotebook, OpenNotebook

pytestmark = pytest.mark.any_front_end

IMPORT = """
from nbsession import *
def error_of(function, *args, **kwargs):
    try:
        return f"no error, but {function(*args, **kwargs)!r}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
"""

CASES = {
    "unserialisable argument": (
        "error_of(run_js, 'a', a={'b': [1, 1j]})",
        "TypeError: run_js() argument 'a' cannot be sent to JavaScript: a['b'][1] is a builtins.complex",
    ),
    "code that is no text": (
        "error_of(eval_js, 5)",
        "TypeError: eval_js() expects the JavaScript code as a str",
    ),
    "empty file name": ("error_of(download, '', b'')", "ValueError: download() expects a file name"),
    "file name of separators": (
        "error_of(download, '../..', b'')",
        "ValueError: download() expects a file name",
    ),
    "negative timeout": ("error_of(eval_js, '1', timeout_=-1)", "ValueError: eval_js() expects timeout_"),
    "timeout that is no number": (
        "error_of(eval_js, '1', timeout_='1')",
        "TypeError: eval_js() expects timeout_",
    ),
    "NaN as timeout": (
        "error_of(eval_js, '1', timeout_=float('nan'))",
        "ValueError: eval_js() expects timeout_",
    ),
    "unknown error policy": ("error_of(eval_js, '1', errors_='x')", "ValueError: eval_js() expects errors_"),
    "a timeout": (
        "error_of(eval_js, 'new Promise(() => 0)', timeout_=0.2)",
        "JSTimeoutError: no answer within 0.2 s: the page has not answered this call yet",
    ),
    "an iterator that yields text": (
        "error_of(download, 'a', iter(['text']))",
        "TypeError: download() expects content",
    ),
    "an iterator that raises": ("error_of(download, 'a', (1 / 0 for _ in [1]))", "ZeroDivisionError"),
    "a cyclic result": (
        "error_of(eval_js, '(() => { const a = []; a.push(a); return a })()', errors_='raise')",
        "JSError: TypeError",
    ),
    "a thrown error": (
        "error_of(eval_js, '(() => { throw new RangeError(\"far\") })()', errors_='raise')",
        "JSError: RangeError: far",
    ),
    "a rejected promise": (
        "error_of(eval_js, 'Promise.reject(new Error(\"no\"))', errors_='raise')",
        "JSError: Error: no",
    ),
    "code that does not parse": ("error_of(eval_js, '1 +', errors_='raise')", "JSError: SyntaxError"),
    "an argument name that JavaScript reserves": (
        "error_of(eval_js, '1', errors_='raise', **{'class': 1})",
        "JSError",
    ),
    "an argument name that is no name": ("error_of(eval_js, '1', errors_='raise', **{'a b': 1})", "JSError"),
    "a thread that is none": ("error_of(register_thread, 5)", "TypeError: register_thread() expects"),
    "info is read-only": ("error_of(setattr, info, 'user', 'x')", "AttributeError: info is read-only"),
}


def plain_texts(outputs: list[dict[str, Any]]) -> list[str]:
    """Return the texts of a cell's outputs."""
    return ["".join(output.get("text") or output["data"]["text/plain"]) for output in outputs]


def test_each_is_a_clear_error_and_the_session_goes_on(fill_notebook: FillNotebook) -> None:
    cells = [IMPORT + "eval_js('0')", *(f"print({code}); eval_js('7')" for code, _ in CASES.values())]
    notebook = fill_notebook(cells)
    notebook.run_all(timeout=60)
    # From the model: cells far down the notebook are not rendered.
    said = {name: plain_texts(notebook.output_models(index)) for index, name in enumerate(CASES, start=1)}
    wrong = {
        name: said[name]
        for name, (_, expected) in CASES.items()
        if not (said[name][0].startswith(expected) and said[name][-1] == "7")
    }
    assert not wrong


@pytest.mark.parametrize("code", ["throw new RangeError('far')", "let = ", "null.x"])
def test_an_error_in_run_js_is_shown_in_the_cell(fill_notebook: FillNotebook, code: str) -> None:
    notebook = fill_notebook([IMPORT + "eval_js('0')", f"run_js({code!r})\neval_js('1')", "eval_js('2')"])
    notebook.run_all()
    notebook.wait_for_text(1, "Error")
    assert notebook.text(2) == "2"


def test_a_failing_eval_is_none_and_shown_once_with_its_count(fill_notebook: FillNotebook) -> None:
    notebook = fill_notebook([IMPORT + "[eval_js('missing.thing') for _ in range(12)]"])
    notebook.run(0)
    notebook.wait_for_text(0, "missing is not defined")
    notebook.wait_for_text(0, "12")
    assert notebook.text(0).count("missing is not defined") == 1
    assert "[None, None," in notebook.text(0)


def test_a_string_of_two_hundred_megabytes(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([IMPORT + "eval_js('text.length', text='x' * 200_000_000)", "eval_js('1')"])
    notebook.run(0, timeout=90)
    assert notebook.text(0) == "200000000"
    assert notebook.run(1) == ["1"]


def test_a_hostile_page_leaves_the_session_alive(open_notebook: OpenNotebook) -> None:
    cells = [
        IMPORT + "eval_js('0')",
        textwrap.dedent(
            """
            from nbsession._core.current import runtime
            page_registry = runtime.platform.page_registry
            from nbsession._jupyter.shell.shell_interceptor import CommMessage
            context = next(iter(page_registry.pages.values())).context
            def frame(context=context, **fields):
                return {"context": context, "frame": fields}
            hostile = [
                {}, {"unknown": 1}, {"goodbye": True, "context": {}},
                {"hello": None}, {"hello": {"page": 1}}, {"hello": {"page": "p", "context": "c", "version": "9.0"}},
                {"frame": None, "context": context}, frame("unknown", ack=0), frame(["x"], ack=0),
                frame(number=10**30, ack=0, items=[]), frame(number=1, ack=-5), frame(ack=10**9),
                frame(number=5, ack=0, items=[[1, 1, [10**18]]]),
            ]
            for content in hostile:
                page_registry.receive(CommMessage(content, [memoryview(b"x")], {}))
            eval_js("5")
            """
        ),
    ]
    notebook = open_notebook(cells)
    notebook.run_all()
    assert notebook.outputs(1)[-1] == "5"
