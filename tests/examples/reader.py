"""What a reader of forms does, on a served page or in the outputs of a cell."""

from __future__ import annotations

from typing import TypeAlias

from playwright.sync_api import Locator, Page, expect

Shown: TypeAlias = Page | Locator
"""Where the reader looks: a page, or the outputs of a cell."""


def form(shown: Shown) -> Locator:
    """The form that the reader sees, once there is one."""
    found = shown.locator("form.nbsession-form:visible")
    expect(found).to_have_count(1)
    return found


def field(shown: Shown, label: str) -> Locator:
    """The control with this label in the form that the reader sees."""
    return form(shown).get_by_label(label, exact=True)


def submit(shown: Shown) -> None:
    """Press the form's own button."""
    press(shown, "Submit")


def press(shown: Shown, button: str) -> None:
    """Press a button of the form."""
    form(shown).get_by_role("button", name=button, exact=True).click()


def expect_fault(shown: Shown, message: str) -> None:
    """The form, or one of its fields, announces what is wrong, and the reader can correct it."""
    expect(shown.get_by_role("alert").filter(has_text=message)).to_be_visible()
    # Pressing the button takes the focus from the field: its own check may announce it before that of the whole form.
    expect(shown.locator("form[aria-busy=true]")).to_have_count(0)


def expect_text(shown: Shown, text: str) -> None:
    """An output is this text."""
    expect(shown.get_by_text(text, exact=True)).to_be_visible()


def expect_answer(shown: Shown, answer: object) -> None:
    """An output says what a program's question returned."""
    expect_text(shown, f"answer {answer!r}")
