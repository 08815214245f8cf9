"""Frameworks that are not installed."""

from __future__ import annotations

import importlib
import sys

import pytest


@pytest.mark.parametrize(
    ("framework", "missing"),
    [("starlette", "starlette"), ("starlette", "uvicorn"), ("fastapi", "starlette"), ("aiohttp", "aiohttp")],
)
def test_what_is_missing_is_named_with_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, framework: str, missing: str
) -> None:
    for name in list(sys.modules):
        ours = name.startswith("nbsession.") and name.endswith(
            ("starlette", "fastapi", "aiohttp", "asgi", "uvicorn_server")
        )
        if ours or name.partition(".")[0] == missing:
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(ImportError) as raised:
        importlib.import_module(f"nbsession.platform.{framework}").start_server(lambda: None, port=0)
    extra = "starlette" if framework == "fastapi" else framework
    assert (
        str(raised.value) == f"nbsession.platform.{extra} needs {missing}: pip install 'nbsession[{extra}]'"
    )
