"""Whether anybody sees a session: which pages show views of it, and since when the last one is gone."""

from __future__ import annotations


class Presence:
    """The views of one session on all pages, as the pages tell.

    A page says how many it shows, and again when the last one has stayed away for two seconds. The latter counts only
    if the page speaks of the view that was displayed last: one that code took away (``clear_output()``) is expected to
    go, and what was displayed again meanwhile is on its way.
    """

    __slots__ = ("_counts", "_expected", "_gone", "_heard")

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._heard: set[str] = set()  # the pages that have counted since the view was displayed last
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
        """Whether the last view was taken away, by the reader or by code."""
        return bool(self._gone) and not self.anywhere

    @property
    def taken_away(self) -> bool:
        """Whether the reader has taken the last view away."""
        return self.stayed_away and not self._expected

    def displayed(self) -> None:
        """A view is on its way to the pages."""
        self._heard.clear()
        self._gone.clear()
        self._expected = False

    def cleared(self) -> None:
        """Code has cleared the output with the view in it."""
        self._gone.clear()
        self._expected = True

    def counted(self, page: str, count: int) -> None:
        """A page shows so many views now."""
        self._counts[page] = count
        self._heard.add(page)
        if count:
            self._gone.discard(page)

    def gone(self, page: str) -> None:
        """A page's last view has stayed away."""
        if page in self._heard and not self._counts.get(page):
            self._gone.add(page)

    def renewed(self, page: str) -> None:
        """A page was reloaded: it counts anew."""
        self._counts.pop(page, None)
        self._heard.discard(page)
        self._gone.discard(page)

    def ended(self, page: str) -> None:
        """A page is no more. What it showed no longer counts; that the reader took its view away still does."""
        self._counts.pop(page, None)
        self._heard.discard(page)
