"""``info``: who is there. Read-only; what only the page knows is waited for at first reading."""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from .current import current_session
from .replies import Reply
from .waiting import block

if TYPE_CHECKING:
    from user_agents.parsers import UserAgent

    from .base import Session


class Place(Protocol):
    """What a platform knows of a session without asking its page."""

    @property
    def user(self) -> str:
        """The kernel user."""
        ...

    @property
    def backend(self) -> str:
        """Which server runs the session."""
        ...

    @property
    def protocol(self) -> str:
        """What carries the page's messages."""
        ...

    @property
    def notebook(self) -> str | None:
        """The notebook's path."""
        ...

    def request(self, session: Session) -> Any:
        """Return the request that opened the page."""
        ...


class Info:
    """Information about the session: the reader's browser, the server, the kernel's user.

    Attributes
    ----------
    user_agent : user_agents.parsers.UserAgent
        The reader's browser, parsed: ``is_mobile``, ``is_tablet``, ``is_pc``, ``is_touch_capable``, ``browser``,
        ``os`` and ``device`` (``family``, ``version``, ``version_string``, ``brand``, ``model``).
    user_language : str
        The language of the reader's browser, such as ``"en-US"``.
    server_host : str
        The server's host and, where it is not the protocol's own, port.
    origin : str
        Protocol, host and port of the page's address.
    user_ip : str
        The reader's address. In a notebook a loopback address where page and server share the machine, else ``''``.
    backend : str
        ``"jupyter"`` in a notebook, else the server: ``"tornado"``.
    protocol : str
        ``"comm"`` in a notebook, else ``"websocket"`` or ``"http"``.
    request : object
        In a notebook the header of the message that opened the page, else the server's request.
    user : str
        The kernel user: the JupyterHub user, else the OS user.
    frontend : str
        ``"jupyterlab"``, ``"notebook"``, ``"voila"``, ...
    timezone : str
        The reader's time zone, such as ``"Europe/Berlin"``.
    notebook : str or None
        The notebook's path, where the server told the kernel.

    Examples
    --------
    >>> from nbsession import info
    >>> info.user_agent.browser.family  # doctest: +SKIP
    'Chrome'

    Notes
    -----
    The original's ``pywebio.session.info``; ``user``, ``frontend``, ``timezone`` and ``notebook`` are additions.
    Reading what only the page knows waits for the page, as ``eval_js`` does.
    """

    __slots__ = ()

    @property
    def user_agent(self) -> UserAgent:
        return _parse(str(_page_info().get("user_agent", "")))

    @property
    def user_language(self) -> str:
        return str(_page_info().get("language", ""))

    @property
    def server_host(self) -> str:
        return str(_page_info().get("host", ""))

    @property
    def origin(self) -> str:
        return str(_page_info().get("origin", ""))

    @property
    def user_ip(self) -> str:
        known = _page_info().get("user_ip")  # as a server of ours sees it
        if known:
            return str(known)
        host = urlsplit(str(_page_info().get("origin", ""))).hostname or ""
        if host == "localhost" or host.endswith(".localhost"):
            return "127.0.0.1"
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return ""
        return host if address.is_loopback else ""

    @property
    def frontend(self) -> str:
        return str(_page_info().get("frontend", "unknown"))

    @property
    def timezone(self) -> str:
        return str(_page_info().get("timezone", ""))

    @property
    def request(self) -> Any:
        session = _attached()
        return session.platform.describe(session).request(session)

    @property
    def backend(self) -> str:
        return _place().backend

    @property
    def protocol(self) -> str:
        return _place().protocol

    @property
    def user(self) -> str:
        return _place().user

    @property
    def notebook(self) -> str | None:
        return _place().notebook

    def __setattr__(self, name: str, value: object) -> None:
        msg = f"info is read-only: {name!r} cannot be set"
        raise AttributeError(msg)

    def __repr__(self) -> str:
        return "<nbsession.info>"


def _place() -> Place:
    session = current_session()
    return session.platform.describe(session)


def _attached() -> Session:
    """Return the calling code's session once a page has attached to it."""
    session = current_session()
    if session.unattached:
        waiter = session.platform.waiter()
        reply = Reply(waiter.release, blocking=True)
        session.on_attach(reply.settle)
        session.platform.attach(session)
        if session.unattached:
            block(session, waiter, None)
    session.check_open()
    return session


def _page_info() -> dict[str, Any]:
    page = _attached().page
    return {} if page is None else page.info


@lru_cache(maxsize=16)
def _parse(user_agent: str) -> UserAgent:
    import user_agents  # noqa: PLC0415 -- its tables take a tenth of a second to load

    return user_agents.parse(user_agent)


info = Info()
