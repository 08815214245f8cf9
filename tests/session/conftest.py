"""Fixtures of the session layer's tests."""

from __future__ import annotations

import pytest

from nbsession._core.session import Session

from .fake_platform import FakePlatform


@pytest.fixture
def platform() -> FakePlatform:
    """A platform without a front end."""
    return FakePlatform()


@pytest.fixture
def session(platform: FakePlatform) -> Session:
    """A session as a cell's is, without a page."""
    return platform.session()
