"""``info`` in a real kernel, with a page that is played by the test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .fake_page import FakePage
from .kernel_process import KernelProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.any_front_end

SECRET = "a-token-of-the-hub"
EVERYTHING = """
from nbsession import info
from nbsession._core.current import current_session
def told(value):
    try:
        inner = list(vars(value).items())
    except TypeError:
        inner = []
    return [repr(value), str(value), *(repr(each) for each in inner)]
names = [name for name in dir(type(info)) if not name.startswith("_")]
for name in names:
    print(name, told(getattr(info, name)))
print(repr(info), current_session().page.info)
"""


@pytest.fixture
def hub_kernel(
    python: str, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[KernelProcess]:
    """A kernel with the environment that a hub gives it."""
    monkeypatch.setenv("JUPYTERHUB_USER", "ada")
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", SECRET)
    monkeypatch.setenv("JPY_API_TOKEN", SECRET)
    monkeypatch.setenv("JUPYTERHUB_ACTIVITY_URL", f"http://hub/{SECRET}")
    monkeypatch.setenv("BINDER_LAUNCH_HOST", "https://mybinder.org/")
    process = KernelProcess(python, tmp_path_factory.mktemp("kernel"))
    yield process
    process.close()


def test_no_secret_of_the_environment_is_in_it(hub_kernel: KernelProcess) -> None:
    page = FakePage(hub_kernel)
    page.attach()
    outcome = hub_kernel.run(EVERYTHING)
    assert outcome.error is None, outcome.traceback
    assert "KernelUser" in outcome.stdout or "'ada'" in outcome.stdout
    assert SECRET not in outcome.stdout


def test_a_hub_names_the_user_whatever_a_page_says(hub_kernel: KernelProcess) -> None:
    page = FakePage(hub_kernel)
    page.info.update(pending=["whoami"])
    page.later = {"whoami": {"identity": {"username": "eve"}}}
    page.attach()
    outcome = hub_kernel.run("from nbsession import info\ninfo.user_ip\nprint(info.user, info.user.source)")
    assert outcome.stdout == "ada hub\n", outcome.traceback


def test_the_first_page_says_whose_the_kernel_is_and_a_second_one_does_not(
    bare_kernel: KernelProcess,
) -> None:
    page = FakePage(bare_kernel)
    page.info.update(pending=["whoami"])
    page.later = {"whoami": {"identity": {"username": "ada", "display_name": "Countess"}}}
    page.attach()
    code = "info.user_ip; print(info.user, '/', info.user.display_name, '/', info.user.source)"
    first = bare_kernel.run("from nbsession import info\n" + code)
    page.later = {"whoami": {"identity": {"username": "eve"}}}
    page.reload()
    second = bare_kernel.run(code)
    assert first.stdout == second.stdout == "ada / Countess / identity provider\n", first.traceback


def test_the_users_address_waits_for_what_the_page_has_to_ask(bare_kernel: KernelProcess) -> None:
    page = FakePage(bare_kernel)
    page.info.update(pending=["whoami"])
    page.later = {"whoami": {"address": "203.0.113.7"}}
    page.attach()
    outcome = bare_kernel.run("from nbsession import info\nprint(info.user_ip)")
    assert outcome.stdout == "203.0.113.7\n", outcome.traceback


def test_a_page_that_got_no_answer_is_known_by_its_own_address(bare_kernel: KernelProcess) -> None:
    page = FakePage(bare_kernel)
    page.info.update(pending=["whoami"])
    page.later = {"whoami": None}
    page.attach()
    outcome = bare_kernel.run("from nbsession import info\nprint(info.user_ip)")
    assert outcome.stdout == "127.0.0.1\n", outcome.traceback


def test_a_page_tells_later_only_what_it_said_it_would(bare_kernel: KernelProcess) -> None:
    page = FakePage(bare_kernel)
    page.info.update(pending=["whoami"])
    page.later = {"whoami": None, "host": "elsewhere.example", "user_agent": "another"}
    page.attach()
    outcome = bare_kernel.run("from nbsession import info\ninfo.user_ip\nprint(info.server_host)")
    assert outcome.stdout == "localhost:8888\n", outcome.traceback


def test_what_needs_no_page_waits_for_none(bare_kernel: KernelProcess) -> None:
    code = "print([info.backend, info.protocol, bool(info.user), info.notebook, info.binder])"
    assert (
        bare_kernel.run("from nbsession import info\n" + code).stdout
        == "['jupyter', 'comm', True, None, None]\n"
    )


def test_the_notebook_is_the_pages_where_the_server_told_the_kernel_none(bare_kernel: KernelProcess) -> None:
    page = FakePage(bare_kernel)
    page.info.update(pending=["whoami"], notebook="work/one.ipynb")
    page.later = {"whoami": None}
    page.attach()
    assert bare_kernel.run("from nbsession import info\ninfo.user_ip\nprint(info.notebook)").stdout == (
        "work/one.ipynb\n"
    )
