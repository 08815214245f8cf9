"""Output functions, as the reader sees them: in JupyterLab and Notebook 7, in light and dark, wide and narrow."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .notebook_page import AWAY_FOR_LONG

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from .conftest import OpenNotebook
    from .notebook_page import NotebookPage

pytestmark = pytest.mark.any_front_end

IMPORT = "from nbsession import *\nfrom nbsession.output import *\n"
AXE = Path(__file__).parents[2] / "js/node_modules/axe-core/axe.min.js"
HOSTILE = "<img src=x onerror=window.hacked=1><script>window.hacked=2</script>&lt;"

EVERYTHING = (
    IMPORT
    + '''
set_env(title="Everything")
put_text("text")
put_markdown("""# Heading
text with `code`, a [link](https://example.org) and

| a | b |
|---|---|
| 1 | $x^2$ |

```python
@decorated
def f(x: int) -> str:
    return "text" + str(3.5)  # a comment
```
""")
put_code("class A(Base): x = None, True, 1  # " + 99 * "long ", "python")
put_code("\\n".join(map(str, range(50))), rows=5)
put_html("<p>H<sub>2</sub>O and a <a href='https://example.org'>link</a></p>")
put_table([["Name", "Value"], ["a", put_markdown("**bold**")], ["b", put_buttons(["c"], print, small=True)]])
put_image(b'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"/>', title="A square")
put_file("hello.txt", b"hello")
colors = ["primary", "secondary", "success", "danger", "warning", "info", "light", "dark"]
buttons = [dict(label=color, value=color, color=color) for color in colors]
for looks in ({}, {"outline": True}, {"link_style": True}, {"small": True}, {"group": True}):
    put_buttons(buttons, print, **looks)
put_widget(
    "<details open><summary>{{title}}</summary>{{#contents}}{{& pywebio_output_parse}}{{/contents}}</details>",
    {"title": "A widget", "contents": ["text", put_table([["a"], ["b"]])]},
)
put_progressbar("a", 0.4, "Working")
put_progressbar("b", 0.4)
with use_scope("inner"):
    put_text("inside")
put({"any": "object"})
run_js("throw new TypeError('shown')")
eval_js("1")
'''
)


def shown(notebook: NotebookPage, selector: str, index: int = -1) -> Locator:
    return notebook.output_area(index).locator(f".nbsession-outputs {selector}")


def button(notebook: NotebookPage, label: str, index: int = -1) -> Locator:
    return notebook.output_area(index).get_by_role("button", name=label, exact=True)


def texts(notebook: NotebookPage, index: int = -1) -> list[str]:
    return shown(notebook, ".nbsession-text", index).all_inner_texts()


@pytest.mark.parametrize(
    ("call", "selector", "text"),
    [
        ("put_text('a', 1)", ".nbsession-text", "a 1"),
        ("put_markdown('# title')", "h1", "title"),
        ("put_markdown('```python\\nNone\\n```')", "pre .nbs-kc", "None"),
        ("put_code('def f(): pass', 'python')", "pre .nbs-nf", "f"),
        ("put_html('H<sub>2</sub>O')", "sub", "2"),
        ("put_table([['a'], ['b']])", "tbody td", "b"),
        ("put_table([['a'], [put_text('inner')]])", "td .nbsession-text", "inner"),
        ("put_file('a.txt', 'a', 'the file')", ".nbsession-file button", "⤓ the file"),
        ("put_button('press', print)", "button", "press"),
        ("put_progressbar('a', 0.5)", ".nbsession-state", "50%"),
        (
            "put_widget('<b>{{#x}}{{& pywebio_output_parse}}{{/x}}</b>', {'x': ['a', put_text('b')]})",
            ".nbsession-widget b .nbsession-text",
            "b",
        ),
        ("put_scope('a', put_text('x'))", ".nbsession-scope .nbsession-text", "x"),
        ("put({'a': 1})", ".nbsession-text", "{'a': 1}"),
        ("import pandas; put(pandas.DataFrame({'a': [7]}))", "td", "7"),
        ("from IPython.display import Markdown; put(Markdown('*x*'))", "em", "x"),
        ("from IPython.display import Math; put(Math('x^2'))", "mjx-container", None),
    ],
)
def test_each_function_shows_what_it_says(
    notebook: NotebookPage, call: str, selector: str, text: str | None
) -> None:
    notebook.execute(IMPORT + call)
    found = shown(notebook, selector)
    found.wait_for()
    assert text is None or found.inner_text() == text


@pytest.mark.parametrize(
    "make",
    [
        "from PIL import Image\nput_image(Image.effect_noise((1100, 1100), 99))",
        "import matplotlib.figure\nf = matplotlib.figure.Figure((11, 11), 100); f.subplots(); put(f)",
        'put_image(b\'<svg xmlns="http://www.w3.org/2000/svg" width="1100" height="9"/>\')',
    ],
    ids=["more than 1 MiB", "figure", "svg"],
)
def test_images_arrive_whole(notebook: NotebookPage, make: str) -> None:
    notebook.execute(IMPORT + make)
    shown(notebook, "img").wait_for()
    notebook.wait_for(
        "image => image.complete && image.naturalWidth > 800", shown(notebook, "img").element_handle()
    )


def test_a_figure_of_pyplot_is_shown_once(notebook: NotebookPage) -> None:
    """The inline backend shows what is open in pyplot at the end of each cell: of this one, and of the next."""
    code = """
import matplotlib.pyplot as plt
def draw():
    put(plt.figure())
def app():
    draw()
    put_button("draw", draw)
put(plt.figure())
start_server(app)
"""
    notebook.execute(IMPORT + code)
    index = notebook.append("1 + 1")
    button(notebook, "draw", index - 1).click()
    shown(notebook, "img", index - 1).nth(2).wait_for()
    assert notebook.run(index) == ["2"]
    assert notebook.output_area(index - 1).locator("img").count() == 3


def test_outputs_change_and_go(notebook: NotebookPage) -> None:
    notebook.execute(
        IMPORT
        + "a = put_text('a'); b = put_text('b'); table = put_table([['x'], [1]])\n"
        + "a.update('changed'); b.remove(); table.update([['x'], [put_text('cell')]]); put_text('end')"
    )
    notebook.wait_for_text(-1, "end")
    assert texts(notebook) == ["changed", "cell", "end"]


def test_scopes_are_entered_cleared_and_removed(notebook: NotebookPage) -> None:
    notebook.execute(
        IMPORT
        + "with use_scope('a'): put_text('old')\n"
        + "put_text('middle')\n"
        + "with use_scope('a', clear=True): put_text('new')\n"
        + "put_scope('b', put_text('gone')); remove('b'); put_text('first', position=0)\n"
    )
    notebook.wait_for_text(-1, "first")
    assert texts(notebook) == ["first", "new", "middle"]


def test_whatever_looks_like_markup_is_text(notebook: NotebookPage) -> None:
    notebook.execute(
        IMPORT
        + f"x = {HOSTILE!r}\n"
        + "set_env(title=x); put_text(x); put_markdown(x); put_code(x, 'html'); put_table([[x], [x]])\n"
        + "put_button(x, print); put_file('f', b'', x); put_progressbar('p', label=x); put_image('data:,', title=x)\n"
        + "put_widget('{{x}}{{#y}}{{& pywebio_output_parse}}{{/y}}{{{x}}}', {'x': x, 'y': [x]})\n"
        + "with use_scope(x): put(x)\nput_html(x, sanitize=True); put_text('end')"
    )
    notebook.wait_for_text(-1, "end")
    panel = notebook.output_area(-1).locator(".nbsession-panel")
    assert panel.locator("script, img[onerror]").count() == 0
    assert panel.inner_text().count(HOSTILE) == 11
    assert notebook.page.evaluate("window.hacked") is None


def test_a_formula_is_typeset_by_the_front_end_and_runs_no_script(notebook: NotebookPage) -> None:
    notebook.execute(
        IMPORT + "put_markdown(r'$\\href{javascript:window.hacked=1}{x}$ costs $5 and $6, \\\\(y\\\\)')"
    )
    formulas = shown(notebook, ".nbsession-markdown mjx-container")
    formulas.nth(1).wait_for()
    assert formulas.count() == 2
    assert "costs $5 and $6," in shown(notebook, ".nbsession-markdown").inner_text()
    formulas.first.click()
    assert shown(notebook, "a[href^=javascript]").count() == 0
    assert notebook.page.evaluate("window.hacked") is None


def test_scripts_in_html_run_as_in_a_cell_s_output(notebook: NotebookPage) -> None:
    notebook.execute(IMPORT + "put_html('<script>window.ran = (window.ran || 0) + 1</script>shown')")
    notebook.wait_for("() => window.ran === 1")


def test_fifty_clicks_call_in_order(notebook: NotebookPage) -> None:
    notebook.execute(
        IMPORT
        + "clicked = []\n"
        + "def click(n):\n    clicked.append(n)\n    if len(clicked) == 50: put_text('all')\n"
        + "put_buttons(range(50), click)"
    )
    shown(notebook, "button").last.wait_for()
    shown(notebook, ".nbsession-buttons").evaluate("row => [...row.children].forEach(each => each.click())")
    notebook.wait_for_text(-1, "all")
    assert notebook.execute("clicked == list(range(50))") == ["True"]


def test_the_counter_of_the_documentation(notebook: NotebookPage) -> None:
    notebook.execute(
        IMPORT
        + "def add():\n    local.cnt = (local.cnt or 0) + 1\n"
        + "def show():\n    put_text(local.cnt or 0)\n"
        + "put_buttons(['Add counter', 'Show counter'], [add, show])"
    )
    for label in ("Show counter", "Add counter", "Add counter", "Show counter"):
        button(notebook, label).click()
    notebook.wait_for_text(-1, "2")
    assert texts(notebook) == ["0", "2"]


def test_what_a_callback_puts_stands_beside_its_button(notebook: NotebookPage) -> None:
    notebook.execute(
        IMPORT + "with use_scope('a'): put_button('go', lambda: put_text('beside'))\nput_text('below')"
    )
    button(notebook, "go").click()
    notebook.wait_for_text(-1, "beside")
    assert texts(notebook) == ["beside", "below"]


def test_buttons_are_reached_and_pressed_by_keyboard(notebook: NotebookPage) -> None:
    notebook.execute(IMPORT + "put_buttons(['one', 'two'], put_text)")
    button(notebook, "one").focus()
    notebook.page.keyboard.press("Enter")
    notebook.page.keyboard.press("Tab")
    notebook.page.keyboard.press("Space")
    notebook.wait_for_text(-1, "two\none\ntwo")
    assert texts(notebook) == ["one", "two"]


def test_a_file_comes_when_it_is_wanted(notebook: NotebookPage) -> None:
    notebook.execute(IMPORT + "put_file('hello.txt', b'hello')")
    shown(notebook, ".nbsession-file button").click()
    [download] = notebook.wait_for_downloads(1)
    assert (download.suggested_filename, download.path().read_bytes()) == ("hello.txt", b"hello")


@pytest.mark.parametrize(
    "where",
    ["put(w)", "put_scope('s', put(w))", "put_table([['a'], [put(w)]])"],
    ids=["root", "scope", "cell"],
)
def test_a_widget_works_in_the_view(notebook: NotebookPage, where: str) -> None:
    notebook.execute(
        IMPORT
        + "import ipywidgets\nw = ipywidgets.Button(description='widget')\n"
        + "w.on_click(session.bind(lambda _: put_text('from the widget')))\n"
        + where
    )
    button(notebook, "widget").click()
    notebook.wait_for_text(-1, "from the widget")


def test_an_output_in_a_widget_s_callback_says_what_it_needs(notebook: NotebookPage) -> None:
    notebook.execute(
        IMPORT
        + "import ipywidgets\nw = ipywidgets.Button(description='lost')\n"
        + "def lost(_):\n    try: put_text('x')\n"
        + "    except SessionException as error: w.description = str(error)[:10]\n"
        + "w.on_click(lost)\nw"
    )
    button(notebook, "lost").click()
    button(notebook, "put_text()").wait_for()


def test_outputs_return_with_the_page(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook()
    notebook.execute(
        AWAY_FOR_LONG
        + IMPORT
        + "import ipywidgets\nput_text('kept'); put_button('go', lambda: put_text('still works'))\n"
        + "with use_scope('s'): put_image(b'<svg xmlns=\"http://www.w3.org/2000/svg\"/>'); put(ipywidgets.Text('w'))"
    )
    shown(notebook, ".widget-text").wait_for()
    notebook.save()
    notebook.reload()
    shown(notebook, ".nbsession-scope .widget-text").wait_for()
    assert texts(notebook) == ["kept"]
    assert shown(notebook, ".nbsession-scope img").count() == 1
    button(notebook, "go").click()
    notebook.wait_for_text(-1, "still works")


def test_the_view_is_as_wide_as_was_asked_for(notebook: NotebookPage) -> None:
    notebook.execute(IMPORT + "set_env(output_max_width='300px'); put_text('x ' * 500)")
    shown(notebook, ".nbsession-text").wait_for()
    box = notebook.output_area(-1).locator(".nbsession-panel").bounding_box()
    assert box is not None
    assert box["width"] == 300


def test_new_output_scrolls_into_sight_when_that_was_asked_for(notebook: NotebookPage) -> None:
    notebook.execute(IMPORT + "set_env(auto_scroll_bottom=True)\nfor i in range(200): put_text('line', i)")
    notebook.wait_for_text(-1, "line 199")
    notebook.wait_for(
        "line => { const { top } = line.getBoundingClientRect(); return top > 0 && top < innerHeight }",
        shown(notebook, ".nbsession-text").last.element_handle(),
    )


def test_everything_is_accessible_in_light_and_dark_wide_and_narrow(notebook: NotebookPage) -> None:
    notebook.execute(EVERYTHING)
    notebook.wait_for_text(-1, "TypeError: shown")
    notebook.page.evaluate(AXE.read_text(encoding="utf-8"))
    panel = notebook.output_area(-1).locator(".nbsession-panel")
    found = {}
    try:
        for theme in ("JupyterLab Dark", "JupyterLab Light"):
            change_theme(notebook, theme)
            for width in ("", "320px"):
                panel.evaluate("(panel, width) => { panel.style.width = width }", width)
                found[theme, width] = violations(panel)
    finally:
        change_theme(notebook, "JupyterLab Light")
    assert found == {place: [] for place in found}


def change_theme(notebook: NotebookPage, theme: str) -> None:
    notebook.page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
    notebook.wait_for("theme => document.body.dataset.jpThemeName === theme", theme)


def violations(panel: Locator) -> list[str]:
    """Return what axe finds that is serious, as one line each."""
    found: list[str] = panel.evaluate(
        """async panel => {
            const lasting = each => each.effect?.getComputedTiming().iterations === Infinity;
            const animations = panel.getAnimations({ subtree: true }).filter(each => !lasting(each));
            await Promise.all(animations.map(each => each.finished));
            // Callbacks of ResizeObserver run in the next frame.
            await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
            const { violations } = await axe.run(panel);
            const serious = violations.filter(each => ["serious", "critical"].includes(each.impact));
            return serious.flatMap(each => each.nodes.map(node => `${each.id}: ${node.html}`));
        }"""
    )
    return found


SLOW = """
import threading
from nbsession.output import put_button
go_on, presses = threading.Event(), []
def work():
    presses.append(1)
    go_on.wait(60)
put_button("Work", work)
"""


def busy(notebook: NotebookPage, index: int) -> Locator:
    return notebook.output_area(index).locator("button[aria-busy=true]")


def test_a_button_is_busy_until_its_function_returns(notebook: NotebookPage) -> None:
    index = notebook.append(SLOW)
    notebook.run(index)
    button = notebook.output_area(index).get_by_role("button", name="Work")
    button.click()
    busy(notebook, index).wait_for()
    button.dispatch_event("click")
    notebook.execute("go_on.set()")
    busy(notebook, index).wait_for(state="detached")
    assert notebook.execute("len(presses)") == ["1"]


def test_a_button_is_busy_after_a_reload(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([SLOW, "go_on.set()"])
    notebook.run(0)
    notebook.output_area(0).get_by_role("button", name="Work").click()
    busy(notebook, 0).wait_for()
    notebook.save()
    notebook.reload()
    busy(notebook, 0).wait_for()
    notebook.run(1)
    busy(notebook, 0).wait_for(state="detached")
