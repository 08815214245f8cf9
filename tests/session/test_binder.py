"""The Binder that launched a process."""

from __future__ import annotations

import pytest

from nbsession.session._binder import Binder


def test_without_binder_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Binder.__dataclass_fields__:
        monkeypatch.delenv(f"BINDER_{name.upper()}", raising=False)
    assert Binder.from_environment() is None


def test_binder_tells_what_was_launched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BINDER_LAUNCH_HOST", "https://mybinder.org/")
    monkeypatch.setenv("BINDER_REPO_URL", "https://github.com/ada/notes")
    monkeypatch.setenv("BINDER_REF_URL", "https://github.com/ada/notes/tree/1234")
    monkeypatch.setenv("BINDER_REQUEST", "v2/gh/ada/notes/HEAD")
    monkeypatch.setenv("BINDER_PERSISTENT_REQUEST", "v2/gh/ada/notes/1234")
    assert Binder.from_environment() == Binder(
        launch_host="https://mybinder.org/",
        repo_url="https://github.com/ada/notes",
        ref_url="https://github.com/ada/notes/tree/1234",
        request="v2/gh/ada/notes/HEAD",
        persistent_request="v2/gh/ada/notes/1234",
    )


def test_credentials_of_a_private_repository_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BINDER_REPO_URL", "https://ada:s3cret@git.example.com/ada/notes@home")
    monkeypatch.setenv("BINDER_REF_URL", "https://s3cret@git.example.com/ada/notes")
    monkeypatch.setenv("BINDER_REQUEST", "v2/git/https%3A%2F%2Fada%3As3cret%40git.example.com%2Fnotes/HEAD")
    monkeypatch.setenv(
        "BINDER_PERSISTENT_REQUEST", "v2/git/https%3A%2F%2Fs3%3Fcret%40git.example.com%2Fn/1234"
    )
    launched = Binder.from_environment()
    assert launched is not None
    assert launched.repo_url == "https://git.example.com/ada/notes@home"
    assert launched.ref_url == "https://git.example.com/ada/notes"
    assert launched.request == "v2/git/https%3A%2F%2Fgit.example.com%2Fnotes/HEAD"
    assert launched.persistent_request == "v2/git/https%3A%2F%2Fgit.example.com%2Fn/1234"
