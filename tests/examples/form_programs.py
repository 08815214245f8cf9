"""Programs that ask. What each returns is the answer."""

from __future__ import annotations

from typing import Any

from nbsession.input import (
    COLOR,
    DATE,
    DATETIME,
    EMAIL,
    FLOAT,
    NUMBER,
    PASSWORD,
    TEXT,
    TIME,
    URL,
    checkbox,
    input,  # noqa: A004 -- PyWebIO's name
    input_group,
    input_update,
    radio,
    select,
    slider,
    textarea,
)
from nbsession.output import put_buttons, put_text

TYPES = [TEXT, NUMBER, FLOAT, PASSWORD, URL, EMAIL, DATE, TIME, DATETIME, COLOR]
CITIES = {"China": ["Beijing", "Shanghai"], "USA": ["New York", "Los Angeles"]}


def check_age(age: int) -> str | None:
    if age < 10:
        return "Too young"
    return "Too old" if age > 60 else None


# -- single questions ----------------------------------------------------------------------------


def ask_one_after_the_other() -> None:
    put_text(f"age {input('How old are you?', type=NUMBER)!r}")
    put_text(f"word {input('Your word', type=PASSWORD)!r}")
    put_text(f"gift {select('Which gift?', ['keyboard', 'tablet'])!r}")
    put_text(f"agreed {checkbox('Terms', options=['I agree'])!r}")
    put_text(f"chosen {radio('Choose one', options=['A', 'B', 'C'])!r}")
    put_text(f"text {textarea('Notes', rows=3, placeholder='Some text')!r}")


async def await_one_after_the_other() -> None:
    name = await input("Your name")
    about = await input_group("About you", [input("Age", name="age", type=NUMBER, validate=check_age)])
    put_text(f"{name} is {about['age']}")


async def await_each_kind() -> None:
    put_text(f"gift {await select('Which gift?', ['keyboard', 'tablet'])!r}")
    put_text(f"agreed {await checkbox('Terms', options=['I agree'])!r}")
    put_text(f"chosen {await radio('Choose one', options=['A', 'B', 'C'])!r}")
    put_text(f"text {await textarea('Notes')!r}")
    put_text(f"slid {await slider('How much?', value=50)!r}")


def ask_for_each_type() -> Any:
    return input_group("Types", [input(type_, type_, name=type_) for type_ in TYPES])


def ask_for_what_has_a_form() -> list[Any]:
    return [input(type_, type_) for type_ in (URL, EMAIL, NUMBER)]


def ask_with_sliders() -> Any:
    return input_group(
        "Sliders",
        [
            slider("Whole", name="whole", min_value=10, max_value=20, step=5),
            slider("Share", name="share", value=0.5, max_value=1),
        ],
    )


def ask_with_hints() -> Any:
    return input("This is the label", placeholder="A hint", help_text="Some help", required=True)


def ask_with_suggestions() -> Any:
    return input("City", datalist=["Rome", "Paris"])


def ask_for_an_age() -> Any:
    return input("Your age", type=NUMBER, validate=check_age)


def ask_for_code() -> Any:
    return textarea(
        "Code", code={"mode": "python", "theme": "darcula"}, value="import something\n# Write here"
    )


# -- groups --------------------------------------------------------------------------------------


def ask_about_you() -> Any:
    def check(about: dict[str, Any]) -> tuple[str, str] | None:
        return ("name", "Name too long") if len(about["name"]) > 6 else None

    return input_group(
        "Basic info",
        [input("Your name", name="name"), input("Your age", name="age", type=NUMBER, validate=check_age)],
        validate=check,
    )


def ask_cancelably() -> Any:
    return input_group("It", [input("a", name="a", required=True)], cancelable=True)


def ask_for_a_place() -> Any:
    return input_group(
        "Where",
        [
            select(
                "Country",
                options=list(CITIES),
                name="country",
                onchange=lambda country: input_update("city", options=CITIES[country]),
            ),
            select("City", options=CITIES["China"], name="city"),
        ],
    )


async def await_a_place() -> Any:
    async def changed(country: str) -> None:
        input_update("city", options=CITIES[country])

    return await input_group(
        "Where",
        [
            select("Country", options=list(CITIES), name="country", onchange=changed),
            select("City", options=CITIES["China"], name="city"),
        ],
    )


def ask_and_count() -> Any:
    def count(text: str) -> None:
        input_update(help_text=f"{len(text)} characters")

    return input("Text", onchange=count)


def ask_twice_at_once() -> Any:
    put_buttons(["ask"], onclick=lambda _: put_text(f"second {input('Second')!r}"))
    return input("First")
