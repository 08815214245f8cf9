"""For tests of code that uses nbsession: a fake browser, a real page, and no browser (docs/testing.md)."""

from __future__ import annotations

from ._fake_browser import FakeBrowser
from ._no_browser import NoBrowser
from ._real_page import RealPage
from ._rules import UnansweredError
from ._tab import Command

__all__ = ["Command", "FakeBrowser", "NoBrowser", "RealPage", "UnansweredError"]


def __dir__() -> list[str]:
    return __all__
