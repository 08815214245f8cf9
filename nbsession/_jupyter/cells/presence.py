"""The visibility of a session: the pages that show its views, and when the last view disappeared."""

from __future__ import annotations


class Presence:
    """The views of one session on all pages, as the pages report them.

    A page reports the number of views that it shows, and reports again when the last one has been gone for two seconds.
    The latter counts only if it refers to the view that was displayed last: a view that code removed
    (``clear_output()``) is expected to disappear, and a view that was displayed in the meantime has not arrived yet.
    """

    __slots__ = ("_counts", "_expected", "_gone", "_heard")

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._heard: set[str] = set()  # the pages that have reported since the view was last displayed
        self._gone: set[str] = set()
        self._expected = False

    @property
    def anywhere(self) -> bool:
        """Whether a page shows a view."""
        return any(self._counts.values())

    @property
    def pages(self) -> frozenset[str]:
        """The pages that show views."""
        return frozenset(page for page, count in self._counts.items() if count)

    @property
    def stayed_away(self) -> bool:
        """Whether the last view was removed, by the reader or by code."""
        return bool(self._gone) and not self.anywhere

    @property
    def taken_away(self) -> bool:
        """Whether the reader has removed the last view."""
        return self.stayed_away and not self._expected

    def displayed(self) -> None:
        """Record that a view is being sent to the pages."""
        self._heard.clear()
        self._gone.clear()
        self._expected = False

    def cleared(self) -> None:
        """Record that code has cleared the output with the view."""
        self._gone.clear()
        self._expected = True

    def counted(self, page: str, count: int) -> None:
        """Record the number of views that a page shows."""
        self._counts[page] = count
        self._heard.add(page)
        if count:
            self._gone.discard(page)

    def gone(self, page: str) -> None:
        """Record that a page's last view has stayed away."""
        if page in self._heard and not self._counts.get(page):
            self._gone.add(page)

    def renewed(self, page: str) -> None:
        """Handle the reload of a page, which reports its views again."""
        self._counts.pop(page, None)
        self._heard.discard(page)
        self._gone.discard(page)

    def ended(self, page: str) -> None:
        """Handle the end of a page. Its views no longer count. A removal by its reader still does."""
        self._counts.pop(page, None)
        self._heard.discard(page)
