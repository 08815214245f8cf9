"""``python -m nbsession doctor``: the page in a Chromium is in tests/server/test_doctor.py."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

from nbsession._cli.checks.check import State, limited
from nbsession._cli.checks.environment import release

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Invoke


def diagnose(*options: str, **variables: str) -> dict[str, Any]:
    """Run the doctor in a process of its own."""
    command = [sys.executable, "-m", "nbsession", "doctor", "--json", "--no-browser", *options]
    environment = {**os.environ, **variables}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    return {"exit code": ended.returncode, **json.loads(ended.stdout)}


@pytest.fixture(scope="module")
def diagnosis() -> dict[str, Any]:
    """What the doctor says of the environment of these tests."""
    return diagnose()


@pytest.mark.parametrize("name", ["Python", "ipykernel", "ipywidgets", "anywidget", "built client", "kernel"])
def test_a_good_environment_is_ok(diagnosis: dict[str, Any], name: str) -> None:
    assert [check["state"] for check in diagnosis["checks"] if check["name"] == name] == ["ok"]


def test_a_message_reaches_a_running_cell(diagnosis: dict[str, Any]) -> None:
    interceptor = next(check for check in diagnosis["checks"] if check["name"] == "interceptor")
    assert interceptor["state"] == "ok"
    assert interceptor["found"].startswith("a message reached a running cell in")


def test_it_says_whether_there_can_be_direct_sockets() -> None:
    checks = diagnose(NBSESSION_TRANSPORT="auto")["checks"]
    found = {check["name"]: (check["state"], check["found"]) for check in checks}
    assert found["server extension"][0] == "ok"
    assert found["direct socket"] == ("ok", "kernels listen on a Unix socket")


def test_it_says_that_direct_sockets_are_off(diagnosis: dict[str, Any]) -> None:
    found = [
        (check["state"], check["found"]) for check in diagnosis["checks"] if check["name"] == "direct socket"
    ]
    assert found == [("skipped", "off: NBSESSION_TRANSPORT=auto turns them on")]


def test_without_a_problem_it_ends_with_0(diagnosis: dict[str, Any]) -> None:
    assert (diagnosis["ok"], diagnosis["exit code"]) == (True, 0)


@pytest.mark.parametrize(
    ("timeout", "code", "said"),
    [
        (
            "30",
            "import os; os.write(2, b'no such luck\\n'); os._exit(3)",
            "Kernel died before replying to kernel_info; its output: no such luck",
        ),
        ("3", "import time; time.sleep(600)", "Kernel didn't respond"),
    ],
    ids=["dies", "hangs"],
)
def test_a_kernel_that_does_not_answer_is_a_problem(
    tmp_path: Path, timeout: str, code: str, said: str
) -> None:
    startup = tmp_path / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "first.py").write_text(code)
    checks = diagnose("--timeout", timeout, IPYTHONDIR=str(tmp_path))["checks"]
    assert (checks[-1]["name"], checks[-1]["state"]) == ("kernel", "problem")
    assert said in checks[-1]["found"]


def test_a_client_that_was_not_built_is_a_problem(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("nbsession._cli.checks.environment._STATIC", tmp_path)
    result = invoke("doctor", "--no-kernel", "--no-browser")
    assert result.exit_code == 1
    assert "PROBLEM  built client           bridge.js" in result.stdout
    assert "-> install nbsession from a wheel" in result.stdout
    assert "1 problem" in result.stdout


@pytest.mark.parametrize(
    ("given", "state", "remedy"),
    [
        ("NBSESSION_LEASE=soon", "problem", "unset or correct it"),
        ("NBSESSION_TRANSPORT=socket", "problem", "unset or correct it"),
        ("NBSESSION_LEAS=60", "warning", "did you mean NBSESSION_LEASE?"),
        ("NBSESSION_LEASE=60", "ok", None),
    ],
)
def test_variables(
    invoke: Invoke,
    monkeypatch: pytest.MonkeyPatch,
    given: str,
    state: str,
    remedy: str | None,
) -> None:
    monkeypatch.setenv(*given.split("="))
    checks = json.loads(invoke("doctor", "--json", "--no-kernel", "--no-browser").stdout)["checks"]
    assert [(c["state"], c["remedy"]) for c in checks if c["name"] == "variables"] == [(state, remedy)]


def test_no_browser_is_no_problem(invoke: Invoke, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    result = invoke("doctor", "--no-kernel")
    assert "skipped  round trip             no Chromium on PATH" in result.stdout


def test_a_step_that_hangs_is_a_problem_and_no_hang() -> None:
    end = threading.Event()

    def check_forever() -> list[Any]:
        end.wait()
        return []

    (check,) = limited(check_forever, 0.05)
    end.set()
    assert (check.name, check.state, check.found) == ("forever", State.PROBLEM, "not finished within 0.05 s")


def test_a_step_that_fails_is_a_problem() -> None:
    def check_badly() -> list[Any]:
        msg = "no"
        raise OSError(msg)

    (check,) = limited(check_badly, 5)
    assert (check.state, check.found) == (State.PROBLEM, "OSError: no")


@pytest.mark.parametrize(
    ("version", "numbers"), [("7.4.0", (7, 4, 0)), ("7.0rc1", (7, 0)), ("0.9.13.dev2", (0, 9, 13)), ("x", ())]
)
def test_the_numbers_of_a_version(version: str, numbers: tuple[int, ...]) -> None:
    assert release(version) == numbers
