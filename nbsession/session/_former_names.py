"""Functions that the original has deprecated."""

from __future__ import annotations

import warnings
from typing import Any

from ._info import Info, info
from ._local import local


def data() -> Any:
    """Return `local`.

    Returns
    -------
    Local
        The session's own variables.

    Examples
    --------
    >>> from nbsession.session import data
    >>> data().visits = 1  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.session.data``, which is deprecated: use `local`.
    """
    warnings.warn("data() is deprecated, use local", DeprecationWarning, stacklevel=2)
    return local


def get_info() -> Info:
    """Return `info`.

    Returns
    -------
    Info
        What is known of the session, its reader and the server.

    Examples
    --------
    >>> from nbsession.session import get_info
    >>> get_info().user_language  # doctest: +SKIP
    'en-US'

    Notes
    -----
    Corresponds to ``pywebio.session.get_info``, which is deprecated: use `info`.
    """
    warnings.warn("get_info() is deprecated, use info", DeprecationWarning, stacklevel=2)
    return info
