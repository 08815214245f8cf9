"""Who the kernel user is, and where that is known from."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from nbsession._core.kernel_user import KernelUser, hub_user, identified_user, os_user


def whoami(**identity: Any) -> dict[str, Any]:
    return {"address": "192.0.2.1", "identity": identity}


def test_a_user_is_the_name_and_says_more() -> None:
    user = KernelUser("ada", "Ada Lovelace", source="hub")
    assert user == user.name == "ada"
    assert (user.display_name, user.source) == ("Ada Lovelace", "hub")


def test_a_user_can_be_pickled() -> None:
    user = pickle.loads(pickle.dumps(KernelUser("ada", "Ada Lovelace", source="hub")))
    assert (user, user.display_name, user.source) == ("ada", "Ada Lovelace", "hub")


def test_the_hub_tells_its_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTERHUB_USER", "ada")
    user = hub_user()
    assert user is not None
    assert (user.name, user.display_name, user.source) == ("ada", "ada", "hub")


def test_without_a_hub_there_is_no_user_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JUPYTERHUB_USER", raising=False)
    assert hub_user() is None


def test_the_system_knows_who_runs_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "ada")
    assert (os_user(), os_user().source) == ("ada", "os")


def test_an_identity_provider_names_its_user() -> None:
    user = identified_user(whoami(username="ada", name="Ada Lovelace", display_name="Countess"))
    assert user is not None
    assert (user.name, user.display_name, user.source) == ("ada", "Countess", "identity provider")


@pytest.mark.parametrize(
    "said",
    [
        whoami(username="0123456789abcdef0123456789abcdef", name="Anonymous Io", display_name="Anonymous Io"),
        whoami(username=""),
        whoami(name="Ada"),
        whoami(username=7),
        {"identity": "ada"},
        "ada",
        None,
    ],
    ids=repr,
)
def test_whoever_is_made_up_or_unnamed_is_nobody(said: object) -> None:
    assert identified_user(said) is None
