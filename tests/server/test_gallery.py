"""The gallery's programs, as `nbsession serve` serves them."""

from __future__ import annotations

from pathlib import Path
from runpy import run_path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from .visitor import TIMEOUT

if TYPE_CHECKING:
    from .conftest import Serve
    from .window import Open

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
PROGRAMS = sorted(path.stem for path in NOTEBOOKS.glob("*.py"))

expect.set_options(timeout=TIMEOUT * 1000)


def app(name: str) -> Any:
    return run_path(str(NOTEBOOKS / f"{name}.py"))["main"]


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_is_what_its_notebook_writes(name: str) -> None:
    cells = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4).cells
    [written] = [cell.source for cell in cells if cell.source.startswith("%%writefile")]
    program = (NOTEBOOKS / f"{name}.py").read_text(encoding="utf-8")
    assert f"{written}\n" == f"%%writefile {name}.py\n{program}"


def test_a_word_is_guessed_with_keys_and_buttons(serve: Serve, open_page: Open) -> None:
    page = open_page(serve(app("word_game")).url)
    board = page.locator(".word-board")
    expect(board).to_be_visible()
    page.keyboard.type("CRATX")
    page.keyboard.press("Backspace")
    page.get_by_role("button", name="E", exact=True).click()
    expect(board).to_have_text("CRATE")
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name="C, in its place")).to_be_visible()
    expect(page.get_by_role("img", name="R, not in the word")).to_be_visible()
    page.keyboard.type("comet")
    page.get_by_role("button", name="Enter").click()
    expect(page.get_by_role("dialog", name="Well done!")).to_contain_text("found 1 of 1 words")
    page.get_by_role("button", name="Another word").press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(board).to_have_text("")


def enter(page: Page, name: str) -> None:
    field = page.get_by_role("textbox", name="Your name")
    field.fill(name)
    field.press("Enter")


def test_two_visitors_talk_and_see_each_other_leave(
    serve: Serve, open_page: Open, private_context: BrowserContext
) -> None:
    url = serve(app("chat_room")).url
    ada, alan = open_page(url), private_context.new_page()
    alan.goto(url)
    enter(ada, "Ada")
    expect(ada.get_by_text("1 here")).to_be_visible()
    enter(alan, "Ada")
    expect(alan.get_by_text("Somebody here has this name")).to_be_visible()
    enter(alan, "Alan")
    expect(alan.get_by_text("Ada has joined")).to_be_visible()
    expect(ada.get_by_text("2 here")).to_be_visible()
    ada.get_by_placeholder("Write something").fill("<b>Hello</b>")
    ada.keyboard.press("Enter")
    expect(alan.get_by_text("<b>Hello</b>")).to_be_visible()
    alan.close()
    expect(ada.get_by_text("Alan has left")).to_be_visible()
    expect(ada.get_by_text("1 here")).to_be_visible()
