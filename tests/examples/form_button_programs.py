"""Programs that ask with buttons, or for files. What each returns is the answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from nbsession.input import (
    NUMBER,
    PASSWORD,
    TEXT,
    actions,
    file_upload,
    input,  # noqa: A004 -- PyWebIO's name
    input_group,
)
from nbsession.output import put_buttons, put_scope, use_scope

# -- a button beside a field ---------------------------------------------------------------------


def ask_for_a_time() -> Any:
    def set_now(set_value: Callable[..., None]) -> None:
        set_value(1_700_000_000)

    return input("Time", type=NUMBER, action=("Now", set_now))


async def await_a_time() -> Any:
    async def set_now(set_value: Callable[..., None]) -> None:
        set_value(1_700_000_000)

    return await input("Time", type=NUMBER, action=("Now", set_now))


def ask_for_a_date() -> Any:
    today = date(2030, 5, 1)

    def choose(set_value: Callable[..., None]) -> None:
        with use_scope("choice", clear=True):
            put_buttons(["Today"], onclick=[lambda: set_value(today, "Today")])
            put_buttons(["Yesterday"], onclick=[lambda: set_value(today - timedelta(days=1), "Yesterday")])

    put_scope("choice")
    return input("Date", action=("Select", choose), readonly=True)


def ask_for_a_list() -> Any:
    return input("It", action=("Set", lambda set_value: set_value([1, 2], "two")))


# -- buttons -------------------------------------------------------------------------------------


def ask_whether() -> Any:
    return actions("Delete the file?", ["confirm", "cancel"], help_text="It cannot be recovered")


async def await_whether() -> Any:
    return await actions("Delete the file?", ["confirm", "cancel"], help_text="It cannot be recovered")


def ask_for_a_user() -> Any:
    return input_group(
        "Add user",
        [
            input("username", type=TEXT, name="username", required=True, value="guest"),
            input("password", type=PASSWORD, name="password", required=True),
            actions(
                "actions",
                [
                    {"label": "Save", "value": "save"},
                    {"label": "Save and add next", "value": "save_and_continue"},
                    {"label": "Reset", "type": "reset", "color": "warning"},
                    {"label": "Cancel", "type": "cancel", "color": "danger"},
                ],
                name="action",
                help_text="help",
            ),
        ],
    )


# -- files ---------------------------------------------------------------------------------------


def ask_for_files() -> list[Any]:
    return [told(each) for each in file_upload("Pictures", accept="image/*", multiple=True)]


async def await_files() -> list[Any]:
    return [told(each) for each in await file_upload("Pictures", accept="image/*", multiple=True)]


def told(file: Any) -> tuple[str, bytes, str, bool]:
    return file["filename"], file["content"], file["mime_type"], 0 < file["last_modified"] <= time.time() + 60


def ask_for_no_file() -> Any:
    return input_group(
        "Files", [file_upload("One", name="one"), file_upload("Some", name="some", multiple=True)]
    )
