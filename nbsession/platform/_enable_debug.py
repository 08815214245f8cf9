"""``enable_debug``."""

from __future__ import annotations

import logging

_FORMAT = "[%(levelname)s %(asctime)s %(module)s:%(lineno)d %(funcName)s] %(message)s"
_LOGGERS = ("nbsession", "tornado.access", "tornado.application", "tornado.general")


def enable_debug(level: int | None = None) -> None:
    """Write the log of nbsession and of tornado to stderr. A second call replaces the first one.

    Parameters
    ----------
    level : int, optional
        The least level, such as ``logging.INFO``; by default ``logging.DEBUG``.

    Examples
    --------
    >>> import logging
    >>> from nbsession import enable_debug
    >>> enable_debug(logging.INFO)  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.enable_debug``.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(_FORMAT, datefmt="%y%m%d %H:%M:%S"))
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(logging.DEBUG if level is None else level)
        logger.propagate = False
