"""The keys with which pages open direct sockets: one for each page, used once."""

from __future__ import annotations

import secrets
from hmac import compare_digest
from threading import Lock


class Keys:
    """Issues keys and takes them back. Can be used on any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._keys: dict[str, str] = {}  # by context

    def issue(self, context: str) -> str:
        """Return a new key of a page, in place of a former one."""
        key = secrets.token_urlsafe(32)
        with self._lock:
            self._keys[context] = key
        return key

    def use(self, context: object, key: object) -> bool:
        """Return whether this is the page's key, which is then used up."""
        if not (isinstance(context, str) and isinstance(key, str)):
            return False
        with self._lock:
            issued = self._keys.get(context)
            if issued is None or not compare_digest(issued.encode(), key.encode("utf-8", "replace")):
                return False
            del self._keys[context]
            return True

    def forget(self, context: str) -> None:
        """Withdraw a page's key."""
        with self._lock:
            self._keys.pop(context, None)
