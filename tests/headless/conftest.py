"""Kernels whose page is a headless Chromium, and who has ended with them."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from tests.kernel.conftest import python

from .headless_kernel import HeadlessKernel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["python"]


@pytest.fixture(scope="module")
def shared_kernel(python: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HeadlessKernel]:
    kernel = HeadlessKernel(python, tmp_path_factory.mktemp("kernel"))
    kernel.must("from nbsession import *\nfrom nbsession.output import *\nimport asyncio, os, threading")
    yield kernel
    kernel.close()


@pytest.fixture
def kernel(shared_kernel: HeadlessKernel) -> HeadlessKernel:
    """A kernel with nbsession's names imported. Shared by the tests of a module."""
    shared_kernel.messages.clear()
    return shared_kernel


@pytest.fixture
def own_kernel(tmp_path: Path) -> Iterator[HeadlessKernel]:
    """A kernel that a test may end, on this Python."""
    kernel = HeadlessKernel(sys.executable, tmp_path)
    yield kernel
    kernel.close()


@pytest.fixture
def environment() -> dict[str, str]:
    """What programs run with that are to have a headless page."""
    return {**os.environ, "NBSESSION_BROWSER": "headless"}
