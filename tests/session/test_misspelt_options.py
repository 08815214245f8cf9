"""Options without their underscore, which would be JavaScript variables that nobody uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from nbsession import eval_js, run_js
from nbsession.testing import FakeBrowser

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def browser() -> Iterator[FakeBrowser]:
    with FakeBrowser() as browser:
        browser.answer(lambda code: True, None)
        yield browser


@pytest.mark.usefixtures("browser")
@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("timeout", "timeout_"),
        ("errors", "errors_"),
        ("wait", "wait_"),
        ("default", "default_"),
        ("timeouts_", "timeout_"),
        ("error_", "errors_"),
        ("defaults_", "default_"),
    ],
)
@pytest.mark.parametrize("wait", [True, False])
def test_eval_js_asks_whether_its_option_was_meant(given: str, meant: str, wait: bool) -> None:  # noqa: FBT001
    with pytest.raises(TypeError, match=rf"{given}=3.*does not use it: did you mean {meant}=3\?"):
        eval_js("1 + 1", wait_=wait, **{given: 3})  # type: ignore[call-overload]


@pytest.mark.usefixtures("browser")
@pytest.mark.parametrize(
    "given", ["timeout", "errors", "wait", "default", "timeout_", "errors_", "wait_", "default_"]
)
def test_run_js_says_that_it_has_no_options(given: str) -> None:
    with pytest.raises(TypeError, match=rf"run_js\(\) was given {given}=3.*eval_js\(\) has"):
        run_js("1 + 1", **{given: 3})


def test_what_was_refused_is_not_sent(browser: FakeBrowser) -> None:
    with pytest.raises(TypeError):
        run_js("refused", timeout=3)
    with pytest.raises(TypeError):
        eval_js("refused", timeout=3)
    run_js("sent")
    assert [command.code for command in browser.ran] == ["sent"]


@pytest.mark.parametrize(
    "code",
    [
        "AbortSignal.timeout(3)",
        "signal?.timeout",
        "my_timeout",
        "$timeout",
        "timeouts",
        "timeout_",
        "'a' + timeout2",
    ],
)
@pytest.mark.usefixtures("browser")
def test_a_property_or_a_longer_name_is_not_the_variable(code: str) -> None:
    with pytest.raises(TypeError, match="timeout_=3"):
        eval_js(code, timeout=3)


@pytest.mark.parametrize(
    "code",
    [
        "setTimeout(f, timeout)",
        "timeout*2",
        "[...timeout]",
        "`${timeout}`",
        "({timeout})",
        "timeout.length",
        "-timeout",
        "eval('time' + 'out')",
        "arguments[0]",
    ],
)
@pytest.mark.parametrize("call", [eval_js, run_js])
def test_a_variable_that_the_code_uses_is_one(
    browser: FakeBrowser, call: Callable[..., Any], code: str
) -> None:
    call(code, timeout=3)
    assert [command.args for command in (*browser.ran, *browser.evaluated)] == [{"timeout": 3}]


@pytest.mark.parametrize("name", ["time", "class_", "errorsome", "x_", "_"])
def test_other_names_are_left_alone(browser: FakeBrowser, name: str) -> None:
    run_js("1", **{name: 3})
    assert browser.ran[0].args == {name: 3}
