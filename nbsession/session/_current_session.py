"""``get_current_session``: the calling code's session as an object."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from nbsession._core.current import current_session
from nbsession._core.scope import inside

from ._lifetime import defer_call

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession._core.session import Session

F = TypeVar("F", bound="Callable[[], object]")


class CurrentSession:
    """A session, for code that is elsewhere. Two of the same session are equal.

    Parameters
    ----------
    session : Session
        The session.

    Examples
    --------
    >>> from nbsession.session import get_current_session
    >>> mine = get_current_session()  # doctest: +SKIP
    >>> while not mine.closed():  # doctest: +SKIP
    ...     work()
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def __eq__(self, other: object) -> bool:
        return self._session is other._session if isinstance(other, CurrentSession) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._session)

    def __repr__(self) -> str:
        return repr(self._session)

    def closed(self) -> bool:
        """Return whether the session has been closed.

        Returns
        -------
        bool
            False while it is open. `reason` says why it is not.

        Examples
        --------
        >>> from nbsession.session import get_current_session
        >>> get_current_session().closed()  # doctest: +SKIP
        False
        """
        return self._session.closed is not None

    @property
    def reason(self) -> str | None:
        """Why the session was closed; None while it is open."""
        return self._session.closed

    def close(self, reason: str = "closed by the program") -> None:
        """Close the session and return at once. A second call has no effect.

        Parameters
        ----------
        reason : str
            What the reader and `reason` are told.

        Examples
        --------
        >>> from nbsession.session import get_current_session
        >>> get_current_session().close("enough of it")  # doctest: +SKIP
        """
        self._session.close(reason)

    def defer_call(self, func: F) -> F:
        """Register a function to be called when the session closes.

        Parameters
        ----------
        func : callable
            A function without arguments, plain or ``async def``.

        Returns
        -------
        callable
            The function.

        Examples
        --------
        >>> from nbsession.session import get_current_session
        >>> get_current_session().defer_call(lambda: print("closed"))  # doctest: +SKIP
        """
        with inside(self._session):
            return defer_call(func)


def get_current_session() -> CurrentSession:
    """Return the calling code's session.

    Returns
    -------
    CurrentSession
        The session, for code that is elsewhere: in another cell, or in a thread that is not registered.

    Raises
    ------
    SessionNotFoundException
        If there is none.

    Examples
    --------
    >>> from nbsession.session import get_current_session
    >>> mine = get_current_session()  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.session.get_current_session``.
    """
    return CurrentSession(current_session())
