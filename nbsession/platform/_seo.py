"""``seo``."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, TypeVar, overload

from nbsession._apps.app_config import config
from nbsession._core.brief import BRIEF

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")


@overload
def seo(title: str, description: str | None = None, app: None = None) -> Callable[[F], F]: ...


@overload
def seo(title: str, description: str | None, app: F) -> F: ...


@overload
def seo(title: str, description: str | None = None, *, app: F) -> F: ...


def seo(title: str, description: str | None = None, app: F | None = None) -> F | Callable[[F], F]:
    """Set the title and the description of an app for search engines. Deprecated: use `nbsession.config`.

    Parameters
    ----------
    title : str
        The title of the app's page.
    description : str, optional
        The description that search engines show.
    app : callable, optional
        The app. Without it, the call returns a decorator.

    Returns
    -------
    callable
        The app with this title and description, or a decorator.

    Raises
    ------
    TypeError
        If an argument is of the wrong type.

    Examples
    --------
    >>> from nbsession import config
    >>> @config(
    ...     title="Prices", description="Compares prices."
    ... )  # instead of @seo("Prices", "Compares prices.")
    ... def app(): ...

    Notes
    -----
    Corresponds to ``pywebio.platform.seo``.
    """
    __tracebackhide__ = True
    with BRIEF:
        warnings.warn("seo() is deprecated: use config()", DeprecationWarning, stacklevel=2)
        decorate = config(title=title, description=description)
        return decorate if app is None else decorate(app)
