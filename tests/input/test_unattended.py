"""Forms that nobody can answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from nbsession import FrontendNotFoundException, UnansweredInputError
from nbsession.input import NUMBER, checkbox, file_upload, input_group, input_update, radio, select, slider
from nbsession.input import input as ask
from tests.session.fake_platform import FakePlatform

from .reader import Reader

if TYPE_CHECKING:
    from pathlib import Path

    from nbsession._core.session import Session


class UnattendedPlatform(FakePlatform):
    """A platform whose page nobody sees."""

    def unattended(self, session: Session) -> bool:
        return True


@pytest.fixture
def platform() -> UnattendedPlatform:
    return UnattendedPlatform()


def answers(monkeypatch: pytest.MonkeyPatch, folder: Path, content: object) -> None:
    """Name a file of answers in the environment."""
    path = folder / "answers.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    monkeypatch.setenv("NBSESSION_INPUTS", str(path))


def test_a_form_with_initial_values_is_submitted_with_them(reader: Reader) -> None:
    values = input_group(
        "You",
        [
            ask(name="name", value="Ada"),
            select(name="city", options=["Paris", "Rome"]),
            checkbox(name="toppings", options=["cheese"]),
            radio(name="size", options=["S", "M"], value="M"),
            slider(name="volume", value=7),
        ],
    )
    assert values == {"name": "Ada", "city": "Paris", "toppings": [], "size": "M", "volume": 7}


@pytest.mark.parametrize(
    "question",
    [
        lambda: ask("Your age", type=NUMBER),
        lambda: radio("Your age", ["young", "old"]),
        lambda: file_upload("Your age"),
        lambda: ask("Your age", value="x", minlength=2),
    ],
)
def test_a_form_without_them_raises_and_names_both_ways(reader: Reader, question: object) -> None:
    with pytest.raises(UnansweredInputError, match=r"'Your age'.*value=.*NBSESSION_INPUTS"):
        question()  # type: ignore[operator]


def test_an_initial_value_that_the_check_refuses_raises(reader: Reader) -> None:
    with pytest.raises(UnansweredInputError, match="Your age: Too young"):
        ask("Your age", type=NUMBER, value=5, validate=lambda _: "Too young")


def test_the_file_answers_by_label(reader: Reader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    answers(monkeypatch, tmp_path, {"Your age": 36})
    assert ask("Your age", type=NUMBER) == 36


def test_the_file_answers_by_name_and_within_a_group(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answers(monkeypatch, tmp_path, {"age": 36, "You": {"Name": "Ada"}})
    values = input_group("You", [ask("Name", name="name"), ask("Age", name="age", type=NUMBER)])
    assert values == {"name": "Ada", "age": 36}


def test_an_answer_replaces_the_initial_value(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answers(monkeypatch, tmp_path, {"City": "Rome"})
    assert select("City", ["Paris", "Rome"]) == "Rome"


def test_an_answer_that_is_none_of_the_options_says_so(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answers(monkeypatch, tmp_path, {"City": "Berlin"})
    with pytest.raises(UnansweredInputError, match="'Paris', 'Rome'"):
        select("City", ["Paris", "Rome"])


@pytest.mark.parametrize("content", ["{", "[1]"])
def test_a_file_that_is_no_json_object_says_so(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str
) -> None:
    answers(monkeypatch, tmp_path, content)
    with pytest.raises(UnansweredInputError, match="NBSESSION_INPUTS="):
        ask("Your age", value="1")


def test_without_any_page_a_form_raises_as_eval_js(
    platform: UnattendedPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform.without_pages = True
    monkeypatch.setattr(platform, "attach_timeout", lambda session, awaited: 0)
    with pytest.raises(FrontendNotFoundException):
        ask("Your age", value="1")


def test_without_any_page_the_file_answers(
    platform: UnattendedPlatform, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    platform.without_pages = True
    answers(monkeypatch, tmp_path, {"Your age": "1"})
    assert ask("Your age") == "1"


def test_a_question_that_is_asked_again_takes_the_next_answer(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answers(monkeypatch, tmp_path, {"Next": {"in turn": ["Add", "Done"]}, "Name": "Ada"})
    asked = [(ask("Next"), ask("Name")) for _ in range(2)]
    assert asked == [("Add", "Ada"), ("Done", "Ada")]


def test_after_the_last_of_them_it_raises(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answers(monkeypatch, tmp_path, {"Next": {"in turn": ["Add"]}})
    ask("Next", value="x")
    with pytest.raises(
        UnansweredInputError, match=r"'Next' any more: it was asked 2 times.* 1 answers in turn"
    ):
        ask("Next", value="x")


def test_a_group_takes_one_object_of_them(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    turns = [{"Name": "Ada", "age": 36}, {"Name": "Alan", "age": 41}]
    answers(monkeypatch, tmp_path, {"You": {"in turn": turns}})
    asked = [
        input_group("You", [ask("Name", name="name"), ask("Age", name="age", type=NUMBER)]) for _ in range(2)
    ]
    assert asked == [{"name": "Ada", "age": 36}, {"name": "Alan", "age": 41}]


def test_fields_within_a_group_have_turns_of_their_own(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answers(monkeypatch, tmp_path, {"A": {"n": {"in turn": [1, 2]}}, "B": {"n": {"in turn": [3]}}})
    asked = [input_group(label, [ask("N", name="n", type=NUMBER)])["n"] for label in "ABA"]
    assert asked == [1, 3, 2]


def test_an_answer_calls_onchange_as_a_reader_does(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cities = {"France": ["Paris"], "Italy": ["Rome", "Milan"]}
    answers(monkeypatch, tmp_path, {"country": "Italy", "city": "Milan"})
    place = input_group(
        "Place",
        [
            select(
                name="country",
                options=list(cities),
                onchange=lambda country: input_update("city", options=cities[country]),
            ),
            select(name="city", options=cities["France"]),
        ],
    )
    assert place == {"country": "Italy", "city": "Milan"}


def test_files_of_an_answer_that_is_refused_are_not_kept(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "photo.png").write_bytes(b"x")
    answers(monkeypatch, tmp_path, {"photo": str(tmp_path / "photo.png")})
    folder = tmp_path / "photos"
    with pytest.raises(UnansweredInputError, match="too dark"):
        input_group("You", [file_upload(name="photo", path=folder)], validate=lambda _: ("photo", "too dark"))
    assert list(folder.iterdir()) == []


def test_a_file_is_checked_when_it_has_arrived(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "photo.png").write_bytes(b"x")
    answers(monkeypatch, tmp_path, {"A photo": str(tmp_path / "photo.png")})
    folder = tmp_path / "photos"

    def check(photo: dict[str, Any]) -> str | None:
        return "too dark" if photo["path"].read_bytes() == b"x" else None

    with pytest.raises(UnansweredInputError, match="too dark"):
        file_upload("A photo", path=folder, validate=check)
    assert list(folder.iterdir()) == []


def test_a_group_is_checked_after_its_files(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "photo.png").write_bytes(b"x")
    answers(monkeypatch, tmp_path, {"photo": str(tmp_path / "photo.png")})
    checked: list[object] = []
    input_group(
        "You",
        [file_upload(name="photo", validate=lambda photo: checked.append(photo["content"]))],
        validate=lambda values: checked.append(values["photo"]["filename"]),
    )
    assert checked == [b"x", "photo.png"]


def test_a_file_of_the_same_name_gets_a_number(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "photo.png").write_bytes(b"new")
    answers(monkeypatch, tmp_path, {"A photo": str(tmp_path / "photo.png")})
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "photo.png").write_bytes(b"old")
    path = file_upload("A photo", path=folder)["path"]
    assert (path.name, path.read_bytes(), (folder / "photo.png").read_bytes()) == (
        "photo (2).png",
        b"new",
        b"old",
    )
