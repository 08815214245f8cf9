"""``enable_debug`` writes the log to stderr."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from nbsession import enable_debug

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ("nbsession", "tornado.access", "tornado.application", "tornado.general")


@pytest.fixture(autouse=True)
def _loggers() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in NAMES]
    before = [(logger.handlers, logger.level, logger.propagate) for logger in loggers]
    yield
    for logger, (handlers, level, propagate) in zip(loggers, before, strict=True):
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


@pytest.mark.parametrize(("level", "written"), [(None, True), (logging.INFO, False)])
def test_what_is_logged_goes_to_stderr(
    level: int | None,
    written: bool,  # noqa: FBT001 -- the example
    capsys: pytest.CaptureFixture[str],
) -> None:
    enable_debug(level)
    logging.getLogger("nbsession.anything").debug("a detail")
    assert ("a detail" in capsys.readouterr().err) == written


def test_a_second_call_writes_nothing_twice(capsys: pytest.CaptureFixture[str]) -> None:
    enable_debug()
    enable_debug()
    logging.getLogger("nbsession").warning("once")
    assert capsys.readouterr().err.count("once") == 1
