"""What a kernel's pages notify the platform of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession._core.page import Page
    from nbsession._core.session import Session


@dataclass(frozen=True)
class Listeners:
    """Functions that are called about pages, without a lock.

    Attributes
    ----------
    control : callable
        ``control(page, body)`` handles a page's message on channel 0; see `Page.on_control`.
    greeted : callable
        ``greeted()``: a page has sent its hello.
    renewed : callable
        ``renewed(page)``: the page was reloaded.
    ended : callable
        ``ended(page)``: the page has ended, with its sessions, except for those that continue on another page.
    showing : callable
        ``showing(session)`` returns the ids of the pages that show views of it.
    socket_lost : callable
        ``socket_lost(key)``: a page has lost the direct socket that it opened with this key.
    """

    control: Callable[[Page, list[Any]], None] = lambda _page, _body: None
    greeted: Callable[[], None] = lambda: None
    renewed: Callable[[Page], None] = lambda _page: None
    ended: Callable[[Page], None] = lambda _page: None
    showing: Callable[[Session], frozenset[str]] = lambda _session: frozenset()
    socket_lost: Callable[[object], None] = lambda _key: None
