"""The pins that code can name: those of one app, or in a notebook or a script, of the whole process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbsession._sync.interrupt_safe_lock import InterruptSafeLock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from nbsession._core.reader_events import ReaderEvents
    from nbsession._core.session import Session

    from ._pin import Pin


class Registry:
    """Pins by name, and the code that follows their changes. Can be used on any thread."""

    def __init__(self) -> None:
        self._lock = InterruptSafeLock()
        self._pins: dict[str, Pin] = {}
        self._waiting: dict[ReaderEvents, frozenset[str]] = {}
        self._callbacks: dict[str, list[tuple[Session, int]]] = {}

    def add(self, pin: Pin) -> None:
        """Add a pin. The former pin of that name has no name any more."""
        with self._lock:
            former = self._pins.get(pin.name)
            self._pins[pin.name] = pin
        if former is not None and former is not pin:
            former.expire()

    def remove(self, pin: Pin) -> None:
        """Remove a pin, if it still has its name."""
        with self._lock:
            if self._pins.get(pin.name) is pin:
                del self._pins[pin.name]

    def forget(self, session: Session) -> None:
        """Drop everything of a session that has ended."""
        with self._lock:
            self._pins = {name: pin for name, pin in self._pins.items() if pin.session is not session}
            for name, callbacks in list(self._callbacks.items()):
                left = [each for each in callbacks if each[0] is not session]
                if left:
                    self._callbacks[name] = left
                else:
                    del self._callbacks[name]

    def find(self, name: str) -> Pin | None:
        """Return the newest pin of a name that is still on a page; None if there is none."""
        with self._lock:
            pin = self._pins.get(name)
        return pin if pin is not None and pin.there else None

    def names(self) -> list[str]:
        """Return the names of all pins that are still on a page, in the order in which they were shown."""
        with self._lock:
            return [name for name, pin in self._pins.items() if pin.there]

    # -- changes ----------------------------------------------------------------------------------

    def wait(self, events: ReaderEvents, names: Iterable[str]) -> None:
        """Put the changes of some pins into ``events``, by the name of the pin, until `stop_waiting`."""
        with self._lock:
            self._waiting[events] = frozenset(names)

    def stop_waiting(self, events: ReaderEvents) -> None:
        with self._lock:
            self._waiting.pop(events, None)

    def call_back(self, name: str, session: Session, number: int) -> None:
        """Call a callback of a session at each change of a pin."""
        with self._lock:
            known = [each for each in self._callbacks.get(name, ()) if each[0].closed is None]
            self._callbacks[name] = [*known, (session, number)]

    def forget_callbacks(self, name: str) -> None:
        """Remove the callbacks of a pin."""
        with self._lock:
            callbacks = self._callbacks.pop(name, [])
        for session, number in callbacks:
            session.callbacks.remove(number)

    def changed(self, name: str, value: Callable[[], Any]) -> None:
        """Tell everyone that the reader has changed a pin. Called on the receiving thread.

        ``value`` returns the new value, which may be read from the disk: in the thread that needs it.
        """
        with self._lock:
            waiting = [events for events, names in self._waiting.items() if name in names]
            callbacks = list(self._callbacks.get(name, ()))
        for events in waiting:
            events.put(name, value)
        for session, number in callbacks:
            session.callbacks.call(number, value)


# A notebook, a script and a test have one process.
_of_process = Registry()
_lock = InterruptSafeLock()


def registry_of(session: Session) -> Registry:
    """Return the pins that the code of a session can name."""
    app = session.app
    if app is None:
        return _of_process
    with _lock:
        if app.pins is None:
            app.pins = Registry()
        found: Registry = app.pins
        return found
