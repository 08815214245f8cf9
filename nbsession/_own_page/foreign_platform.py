"""The platform of an environment without a page: calls that need a page raise an exception that names it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbsession.exceptions import FrontendNotFoundException

from .script_platform import ScriptPlatform

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import NoReturn

    from nbsession._core.app import AppFunction
    from nbsession._core.session import Session
    from nbsession._sync.waiter import Waiter

    from .foreign import Place


class ForeignPlatform(ScriptPlatform):
    """One session, which never has a page.

    Parameters
    ----------
    place : Place
        The environment.
    """

    def __init__(self, place: Place) -> None:
        super().__init__()
        self._place = place
        self.gives_way = place.serves

    def wait(self, waiter: Waiter, timeout: float | None) -> bool:
        if timeout is None:  # for events of a page, such as its end
            self._refuse()
        return super().wait(waiter, timeout)

    def attach(self, session: Session) -> NoReturn:  # noqa: ARG002
        self._refuse()

    def _refuse(self) -> NoReturn:
        msg = (
            f"nbsession has no page in {self._place.name}. {self._place.advice}. NBSESSION_BROWSER=headless in the "
            "environment gives this process a page in a headless Chromium"
        )
        raise FrontendNotFoundException(msg)

    def serve(self, apps: Mapping[str, AppFunction]) -> NoReturn:  # noqa: ARG002
        msg = f"start_server() cannot show apps in {self._place.name}. {self._place.advice}"
        raise FrontendNotFoundException(msg)
