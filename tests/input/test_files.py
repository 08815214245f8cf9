"""``file_upload``: what each parameter does."""

from __future__ import annotations

from typing import Any

import pytest

from nbsession.input._fields.field import NO_INITIAL, ImpossibleAnswer

from .fields import complaint, file_upload


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        (
            {},
            {"type": "file", "accept": "", "placeholder": "Choose file", "max_size": 0, "max_total_size": 0},
        ),
        ({"accept": "image/*"}, {"accept": "image/*"}),
        ({"accept": [".pdf", ".doc"]}, {"accept": ".pdf,.doc"}),
        ({"multiple": True}, {"multiple": True}),
        ({"placeholder": "Drop"}, {"placeholder": "Drop", "attributes": None}),
        ({"max_size": 500}, {"max_size": 500}),
        ({"max_size": "500"}, {"max_size": 500}),
        ({"max_size": "40K"}, {"max_size": 40 * 1024}),
        ({"max_size": "3m"}, {"max_size": 3 * 1024**2}),
        ({"max_total_size": "1.5G"}, {"max_total_size": 3 * 1024**3 // 2}),
        ({"max_size": "15mb"}, {"max_size": 15 * 1024**2}),
        ({"required": True}, {"required": True}),
    ],
)
def test_each_parameter_reaches_the_page(parameters: dict[str, Any], expected: dict[str, object]) -> None:
    described = file_upload(**parameters).describe()
    assert {name: described.get(name) for name in expected} == expected


@pytest.mark.parametrize(
    ("parameters", "error", "said"),
    [
        ({"max_size": "3 apples"}, ValueError, "max_size to be a number of bytes, or a str like '40K'"),
        ({"max_size": -1}, ValueError, "max_size to be a number of bytes"),
        ({"max_size": []}, TypeError, "max_size to be a number of bytes"),
        ({"max_total_size": "K"}, ValueError, "max_total_size to be a number of bytes"),
        ({"accept": 5}, TypeError, "accept to be a str or a list of str, such as '.pdf'"),
        ({"accept": [5]}, TypeError, "accept to be a str or a list of str, such as '.pdf'"),
    ],
)
def test_a_wrong_argument_is_named(parameters: dict[str, Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=rf"^file_upload\(\) expects {said}"):
        file_upload(**parameters)


@pytest.mark.parametrize("raw", [None, 5, "5", ["5"], [True], [1.0], [1, 1], [1, 2], {}])
def test_what_no_page_sends_is_impossible(raw: object) -> None:
    with pytest.raises(ImpossibleAnswer):
        file_upload().read(raw)


def test_an_answer_is_the_numbers_of_uploads() -> None:
    assert file_upload(multiple=True).read([7, 3]) == [7, 3]


def test_a_required_file_has_to_be_chosen() -> None:
    assert complaint(file_upload(required=True), []) == "Please select a file."


def test_without_a_file_the_answer_is_empty() -> None:
    assert file_upload().initial() is NO_INITIAL
