"""For tests of code that uses nbsession: a fake browser, a real page, and no browser (docs/testing.md)."""

from __future__ import annotations

from .fake_browser import FakeBrowser
from .no_browser import NoBrowser
from .real_page import RealPage
from .rules import UnansweredError
from .tab import Command

__all__ = ["Command", "FakeBrowser", "NoBrowser", "RealPage", "UnansweredError"]


def __dir__() -> list[str]:
    return __all__
