"""Downloads by a thread of a WSGI server: the tests of the local server."""

# ruff: noqa: F401 -- pytest runs what is imported

from __future__ import annotations

from tests.server.test_download import (
    test_a_coroutine_awaits_its_download,
    test_a_download_is_done_when_the_last_byte_has_gone,
    test_a_file_that_grows_is_sent_as_long_as_it_was,
    test_a_file_that_has_become_shorter_fails,
    test_a_reader_that_goes_away_fails_the_download,
    test_a_reader_that_takes_nothing_holds_the_iterator_back,
    test_an_iterator_that_raises_breaks_the_connection,
    test_closing_the_session_ends_its_downloads,
    test_two_downloads_and_values_at_once,
)
