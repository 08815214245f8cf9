"""``with ipywidgets.Output():`` shows what is put inside of it, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .notebook_page import NotebookPage

IMPORT = """
import ipywidgets, threading
from IPython.display import clear_output, display
from nbsession import *
from nbsession import session
from nbsession.output import *
one, two = ipywidgets.Output(), ipywidgets.Output()
display(one, two)
"""
# The texts in each of the widgets, and those that the cell shows elsewhere.
SHOWN = """area => {
    const widgets = [...area.querySelectorAll(".widget-output")];
    const within = place => [...place.querySelectorAll(".nbsession-text, .jp-OutputArea-output pre")];
    const texts = elements => elements.map(each => each.textContent.trim()).join(" ");
    const rest = within(area).filter(each => !widgets.some(widget => widget.contains(each)));
    return [...widgets.map(within), rest].map(texts);
}"""


def show(notebook: NotebookPage, code: str) -> int:
    """Run a cell that displays two widgets, then `code`; wait until all that it puts is there."""
    index = notebook.append(IMPORT + code + "\nput_text('end')\neval_js('1')")
    assert notebook.run(index)[-1] == "1", notebook.text(index)
    return index


def expect(notebook: NotebookPage, index: int, shown: list[str]) -> None:
    """Wait until the two widgets, and the cell outside of them, show these texts."""
    area = notebook.output_area(index).element_handle()
    same = f"([area, shown]) => JSON.stringify(({SHOWN})(area)) === JSON.stringify(shown)"
    try:
        notebook.wait_for(same, [area, shown], timeout=8)
    except Exception:
        assert notebook.output_area(index).evaluate(SHOWN) == shown
        raise


def test_each_context_shows_what_was_put_in_it(notebook: NotebookPage) -> None:
    code = """
with one: put_text("a"); put_text("b")
with two: put_text("c")
put_text("outside")
with one: put_text("d")
"""
    expect(notebook, show(notebook, code), ["a b d", "c", "outside end 1"])


def test_a_context_in_another_one(notebook: NotebookPage) -> None:
    code = """
with one:
    put_text("a")
    with two: put_text("b")
    put_text("c")
with two:
    with one: put_text("d")
    put_text("e")
"""
    expect(notebook, show(notebook, code), ["a c d", "b e", "end 1"])


def test_scopes_in_contexts_and_contexts_in_scopes(notebook: NotebookPage) -> None:
    code = """
put_scope("cell")
with one:
    put_text("a")
    with use_scope("s"): put_text("b")
    put_text("c", scope="cell")
with use_scope("s"):
    put_text("d")
    with two: put_text("e")
"""
    expect(notebook, show(notebook, code), ["a b d", "e", "c end 1"])


def test_what_a_thread_puts_meanwhile_is_not_in_the_context(notebook: NotebookPage) -> None:
    code = """
thread = threading.Thread(target=lambda: put_text("a thread's"))
register_thread(thread)
with one:
    put_text("a")
    thread.start(); thread.join()
"""
    expect(notebook, show(notebook, code), ["a", "", "a thread's end 1"])


def test_a_bound_callback_of_a_widget_has_contexts_too(notebook: NotebookPage) -> None:
    code = """
def act(_):
    with one: put_text("clicked"); print("printed")
    put_text("outside")
button = ipywidgets.Button(description="act")
button.on_click(session.bind(act))
display(button)
"""
    index = show(notebook, code)
    notebook.output_area(index).get_by_role("button", name="act").click()
    expect(notebook, index, ["clicked printed", "", "end outside 1"])


def test_what_a_button_in_a_context_puts_stays_there(notebook: NotebookPage) -> None:
    index = show(notebook, "with two: put_button('press', lambda: put_text('pressed'))")
    notebook.output_area(index).get_by_role("button", name="press").click()
    expect(notebook, index, ["", "pressed", "end 1"])


def test_a_context_that_was_cleared_goes_on_with_its_session(notebook: NotebookPage) -> None:
    """Longer than the two seconds after which the session of a view that the reader has taken away ends."""
    code = """
mine = session.get_current_session()
with one: put_text("a")
one.clear_output()
eval_js("new Promise(done => setTimeout(done, 2500))")
with one: put_text("b")
"""
    index = show(notebook, code)
    expect(notebook, index, ["b", "", "end 1"])
    assert notebook.execute("mine.reason") == []


def test_contexts_are_there_again_after_a_reload(notebook: NotebookPage) -> None:
    index = show(notebook, "with one: put_text('a')\nwith two: put_text('b')")
    expect(notebook, index, ["a", "b", "end 1"])
    notebook.save()
    notebook.reload()
    expect(notebook, index, ["a", "b", "end 1"])
