"""What tests of code that uses nbsession are made of: a browser that is played by the test.

For a real one see the fixture ``nbsession_page`` and the option ``--nbsession`` (docs/testing.md).
"""

from __future__ import annotations

from .fake_browser import FakeBrowser
from .rules import UnansweredError
from .tab import Command

__all__ = ["Command", "FakeBrowser", "UnansweredError"]
