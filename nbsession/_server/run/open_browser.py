"""The browser of this machine."""

from __future__ import annotations

import threading
import webbrowser


def open_browser(url: str) -> None:
    """Open a page."""
    # In a thread, because it may block as long as the browser runs.
    threading.Thread(
        target=webbrowser.open, args=(url,), name="nbsession opens a browser", daemon=True
    ).start()
