"""The browser, from its string and its client hints."""

from __future__ import annotations

from typing import Any

import pytest

from nbsession._core.user_agent import parse

REST = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0"
WINDOWS = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {REST} Safari/537.36"
PHONE = f"Mozilla/5.0 (Linux; Android 10; K) {REST} Mobile Safari/537.36"
MAC = f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {REST} Safari/537.36"
OLD_PHONE = f"Mozilla/5.0 (Linux; Android 8.0.0; SM-G930F) {REST} Mobile Safari/537.36"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1"
)


def hints(platform: str, version: str, **others: Any) -> dict[str, Any]:
    return {"platform": platform, "platformVersion": version, "mobile": False, **others}


@pytest.mark.parametrize(
    ("version", "windows"),
    [("0.3.0", (10,)), ("10.0.0", (10,)), ("13.0.0", (11,)), ("15.0.0", (11,)), ("", (10,))],
)
def test_windows_11_is_told_from_10_by_its_platform_version(version: str, windows: tuple[int, ...]) -> None:
    agent = parse(WINDOWS, hints("Windows", version))
    assert (agent.os.family, agent.os.version, agent.os.version_string) == (
        "Windows",
        windows,
        str(windows[0]),
    )
    assert agent.is_pc


def test_a_phone_has_its_model_and_its_version() -> None:
    agent = parse(PHONE, hints("Android", "14.0.0", model="SM-S918B", mobile=True))
    assert tuple(agent.device) == ("Samsung SM-S918B", "Samsung", "SM-S918B")
    assert (agent.os.family, agent.os.version) == ("Android", (14,))
    assert (agent.is_mobile, agent.is_tablet, agent.is_pc) == (True, False, False)


def test_a_phone_that_does_not_tell_its_model_has_none_made_up() -> None:
    agent = parse(PHONE, hints("Android", "14.0.0", model="", mobile=True))
    assert agent.device.model != "K"
    assert agent.os.version == (14,)


def test_a_string_that_has_its_model_keeps_it() -> None:
    agent = parse(OLD_PHONE, hints("Android", "8.0.0", model="SM-G930F"))
    assert agent.device.model == "SM-G930F"


def test_macos_has_its_version() -> None:
    assert parse(MAC, hints("macOS", "14.5.0")).os.version == (14, 5, 0)


def test_the_whole_version_of_the_browser_is_that_of_its_own_brand() -> None:
    edge = WINDOWS + " Edg/126.0.0.0"
    brands = [
        {"brand": "Not/A)Brand", "version": "8.0.0.0"},
        {"brand": "Chromium", "version": "126.0.6478.127"},
        {"brand": "Microsoft Edge", "version": "126.0.2592.81"},
    ]
    agent = parse(edge, hints("Windows", "15.0.0", fullVersionList=brands))
    assert (agent.browser.family, agent.browser.version_string) == ("Edge", "126.0.2592")


def test_the_string_stays_as_the_browser_sent_it() -> None:
    assert parse(PHONE, hints("Android", "14.0.0", model="Pixel 8")).ua_string == PHONE


def test_a_cell_s_value_says_who_it_is_and_no_address_in_memory() -> None:
    assert (
        repr(parse(WINDOWS, hints("Windows", "15.0.0"))) == "<UserAgent 'PC / Windows 11 / Chrome 126.0.0'>"
    )


def test_a_browser_without_hints_is_known_by_its_string() -> None:
    agent = parse(IPHONE, None)
    assert (agent.device.model, agent.os.version, agent.is_mobile) == ("iPhone", (17, 5), True)


@pytest.mark.parametrize(
    "hostile",
    [
        "Windows",
        [],
        {},
        hints("Windows", "x" * 1000),
        hints("Windows", "9" * 5000),
        hints("Windows", "."),
        hints("Android", "14", model="x)(" * 400),
        hints("Android", r"\1", model=r"\g<0>"),
        {"platform": 1, "platformVersion": None, "fullVersionList": [None, 1, {"brand": [], "version": 1}]},
    ],
    ids=repr,
)
def test_hints_of_no_known_shape_change_nothing(hostile: object) -> None:
    agent = parse(WINDOWS, hostile)
    assert (agent.os.version, agent.browser.version) == ((10,), (126, 0, 0))


def test_of_a_string_no_more_is_parsed_than_browsers_send() -> None:
    assert len(parse(WINDOWS + "Android 1 " * 100_000).ua_string) == 1024


def test_of_the_brands_no_more_are_looked_at_than_browsers_send() -> None:
    late = [{"brand": "x"}] * 100 + [{"brand": "Chromium", "version": "1.2.3.4"}]
    assert parse(WINDOWS, hints("Windows", "13.0.0", fullVersionList=late)).browser.version == (126, 0, 0)
