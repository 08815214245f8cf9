"""``info``: the reader and the environment. Read-only. The first access to a value of the page waits for the page."""

from __future__ import annotations

from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from nbsession._core import user_agent
from nbsession._core.brief import BRIEF_INNER
from nbsession._core.call import Call
from nbsession._core.current import current_session
from nbsession._core.kernel_user import KernelUser
from nbsession._sync.waiter import Waiter

from . import _info_table
from ._binder import Binder
from ._page_info import Screen, loopback_address, query, screen, time_zone

if TYPE_CHECKING:
    from user_agents.parsers import UserAgent

    from nbsession._core.interfaces.place import Place
    from nbsession._core.session import Session

# Seconds to wait for values that the page requests from its server; the page itself gives up sooner.
_COMPLETE_WITHIN = 5.0


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
        The server's host, and its port if it is not the protocol's default.
    origin : str
        Protocol, host and port of the page's address.
    user_ip : str
        The reader's address. In a notebook, it is the address that the Jupyter server sees, if the server has
        nbsession's extension. Without the extension, it is a loopback address if page and server are on the same
        machine, otherwise ``''``. Use it for display and logging, never for access decisions.
    backend : str
        ``"jupyter"`` in a notebook, otherwise the server's framework, such as ``"tornado"``.
    protocol : str
        ``"comm"`` in a notebook, otherwise ``"websocket"`` or ``"http"``.
    transport : str
        What carries the page's messages at present. In a notebook ``"comm"``, or ``"websocket"`` while the page has a
        direct socket; otherwise as ``protocol``.
    request : object
        In a notebook, the header of the message that opened the page; otherwise the server's request.
    user : KernelUser
        The kernel's user: the JupyterHub user, or else the user known to the Jupyter server's identity provider
        (available once the first page has attached), or else the OS user. A string, the user's name, with ``name``,
        ``display_name`` and ``source`` (``'hub'``, ``'identity provider'``, ``'os'``).
    frontend : str
        ``"jupyterlab"``, ``"notebook"``, ``"voila"``, ``"page"``, ...
    timezone : datetime.tzinfo
        The reader's time zone, such as ``zoneinfo.ZoneInfo("Europe/Berlin")``. If this system does not know the zone,
        a ``datetime.timezone`` with the offset at the time when the page attached.
    screen : Screen
        ``width`` and ``height`` of the reader's screen in CSS pixels, and its ``pixel_ratio``.
    dark_mode : bool
        Whether the page is dark: from JupyterLab's theme, in other environments from the reader's system.
    url : str
        The page's address, without the token of a Jupyter server.
    query : dict
        The parameters of the address, with the first value of each.
    notebook : str or None
        The notebook's path. It is absolute if the Jupyter server passed it to the kernel. Otherwise it is relative to
        the server's folder, and available once the page has attached.
    binder : Binder or None
        On Binder: ``launch_host``, ``repo_url``, ``ref_url``, ``request`` and ``persistent_request``.

    Examples
    --------
    >>> from nbsession import info
    >>> info.user_agent.browser.family  # doctest: +SKIP
    'Chrome'

    Notes
    -----
    Corresponds to ``pywebio.session.info``, which has the attributes up to ``request``. Reading values of the page
    waits for it, as ``eval_js`` does. ``dark_mode``, ``notebook``, ``query``, ``screen`` and ``url`` follow the page;
    others date from the time when it attached. ``backend``, ``protocol``,
    ``user``, ``notebook`` and ``binder`` never wait. As the last line of a cell, ``info`` shows a table of all values
    except ``request``. Its ``repr`` never waits.
    """

    __slots__ = ()

    @property
    def user_agent(self) -> UserAgent:
        page = _page_info()
        return user_agent.parse(str(page.get("user_agent", "")), page.get("user_agent_data"))

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
        page = _complete_info()
        known = page.get("user_ip")  # as nbsession's server sees it
        whoami = page.get("whoami")  # as the Jupyter server sees it
        if not known and isinstance(whoami, dict):
            known = whoami.get("address")
        if known:
            return str(known)
        return loopback_address(page)

    @property
    def frontend(self) -> str:
        return str(_page_info().get("frontend", "unknown"))

    @property
    def timezone(self) -> tzinfo:
        return time_zone(_page_info())

    @property
    def screen(self) -> Screen:
        return screen(_page_info())

    @property
    def dark_mode(self) -> bool:
        return _page_info().get("dark_mode") is True

    @property
    def url(self) -> str:
        return str(_page_info().get("url", ""))

    @property
    def query(self) -> dict[str, str]:
        return query(self.url)

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
    def transport(self) -> str:
        page = _attached().page
        return self.protocol if page is None else page.transport.protocol

    @property
    def user(self) -> KernelUser:
        return _place().user

    @property
    def notebook(self) -> str | None:
        return _place().notebook

    @property
    def binder(self) -> Binder | None:
        return Binder.from_environment()

    def __setattr__(self, name: str, value: object) -> None:
        msg = f"info is read-only: {name!r} cannot be set"
        raise AttributeError(msg)

    def __repr__(self) -> str:
        return _info_table.as_text(*_info_table.rows(self, wait=False)) or "<nbsession.info>"

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        rows, missing = _info_table.rows(self, wait=True)
        return {
            "text/plain": _info_table.as_text(rows, missing),
            "text/html": _info_table.as_html(rows, missing),
        }


def _place() -> Place:
    with BRIEF_INNER:
        session = current_session()
        return session.platform.describe(session)


def _attached() -> Session:
    """Return the calling code's session once a page has attached to it."""
    with BRIEF_INNER:
        session = current_session()
        if session.delivery.unattached:
            call = Call(session)
            session.delivery.on_attach(call.release)
            session.platform.attach(session)
            call.result()
        session.check_open()
        return session


def _page_info() -> dict[str, Any]:
    with BRIEF_INNER:
        page = _attached().page
        return {} if page is None else page.info


def _complete_info() -> dict[str, Any]:
    """Return the page's description of itself, once its server has responded."""
    session = _attached()
    page = session.page
    if page is None:
        return {}
    if page.info.get("pending"):
        waiter = Waiter()
        page.on_complete(waiter.release)
        session.platform.wait(waiter, _COMPLETE_WITHIN)
        session.check_open()
    return page.info


info: Info = Info()
