"""A headless Chromium that belongs to this process: it shows one page of ours, and ends however the process ends."""

from __future__ import annotations

from .browser import HeadlessBrowser
from .found import find

__all__ = ["HeadlessBrowser", "find"]
