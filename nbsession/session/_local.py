"""``local``: the state of one session (in a notebook: of the kernel's user)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbsession._core.current import current_session

if TYPE_CHECKING:
    from collections.abc import Iterator


class Local:
    """A dictionary with access by attribute or item; a missing name is None.

    A notebook has one for each kernel: all cells share it, and it needs no browser. An app has one for each session, a
    script one for each process.

    Examples
    --------
    >>> from nbsession import local
    >>> local.count = (local.count or 0) + 1  # doctest: +SKIP
    >>> local["count"], "count" in local, local.missing  # doctest: +SKIP
    (1, True, None)

    Notes
    -----
    Corresponds to ``pywebio.session.local``. It does not have the methods of a dictionary. ``local._dict`` is the
    dictionary itself.
    """

    __slots__ = ()

    @property
    def _dict(self) -> dict[Any, Any]:
        session = current_session()
        return session.platform.local(session)

    def __getattr__(self, name: str) -> Any:
        # Protocols of Python and IPython look these up on any object, and None is not a valid result.
        if name.startswith("__") or name in {"_ipython_display_", "_repr_mimebundle_"} or _is_repr(name):
            raise AttributeError(name)
        return self._dict.get(name)

    def __setattr__(self, name: str, value: object) -> None:
        self._dict[name] = value

    def __delattr__(self, name: str) -> None:
        try:
            del self._dict[name]
        except KeyError:
            raise AttributeError(name) from None

    def __getitem__(self, key: object) -> Any:
        return self._dict.get(key)

    def __setitem__(self, key: object, value: object) -> None:
        self._dict[key] = value

    def __delitem__(self, key: object) -> None:
        del self._dict[key]

    def __contains__(self, key: object) -> bool:
        return key in self._dict

    def __iter__(self) -> Iterator[Any]:
        return iter(self._dict)

    def __len__(self) -> int:
        return len(self._dict)

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return f"<local {self._dict!r}>"


def _is_repr(name: str) -> bool:
    return name.startswith("_repr_") and name.endswith("_")


local: Local = Local()
