"""What sessions and downloads are: the tests of the local server, on every other backend."""

# ruff: noqa: F401 -- pytest runs what is imported

from __future__ import annotations

from tests.server.test_charts import test_the_libraries_are_compressed_for_browsers_that_accept_it
from tests.server.test_closing import (
    gathered,
    test_a_server_that_is_closed_leaves_no_connection_open,
)
from tests.server.test_download import (
    test_a_download_is_done_when_the_last_byte_has_gone,
    test_a_reader_that_goes_away_fails_the_download,
    test_a_reader_that_takes_nothing_holds_the_iterator_back,
    test_an_iterator_that_raises_breaks_the_connection,
    test_closing_the_session_ends_its_downloads,
    test_two_downloads_and_values_at_once,
)
from tests.server.test_forked_children import (
    test_a_child_of_an_app_raises_and_the_app_goes_on,
    test_a_child_without_a_context_is_told_that_it_was_forked,
)
from tests.server.test_http import (
    test_a_chain_of_evals_does_not_wait_for_polls,
    test_the_end_of_an_app_is_told,
    test_the_end_of_an_app_is_told_again,
)
from tests.server.test_large_values import (
    test_a_large_value_comes_whole,
    test_who_says_too_much_behind_a_large_value_is_closed,
)
from tests.server.test_offers import (
    small,
    test_a_coroutine_app_s_file_is_read_beside_its_loop,
    test_a_coroutine_is_told_that_too_much_waits,
    test_a_function_that_waits_for_that_learns_that_the_page_has_left,
    test_a_function_waits_until_its_files_are_fetched,
    test_a_page_that_asks_for_files_and_fetches_none_is_closed,
)
from tests.server.test_processing_time import (
    test_a_page_that_would_wait_too_long_is_cut_off_and_may_come_back,
    used_up,
)
from tests.server.test_serving import (
    test_a_function_that_returns_a_coroutine_is_an_app_too,
    test_a_lost_page_may_come_back_within_the_timeout,
    test_a_reload_begins_a_new_session,
    test_a_reload_goes_on_where_it_is_told_to,
    test_a_session_ends_when_nothing_of_its_app_is_left,
    test_an_app_that_fails_shows_why,
    test_closing_the_server_runs_what_all_apps_deferred,
    test_coroutine_apps_share_the_loop_of_their_server,
    test_leaving_a_page_runs_what_its_app_deferred,
    test_leaving_a_page_wakes_what_waits_in_its_app,
    test_several_apps_without_an_index_are_listed,
    test_visitors_have_sessions_and_locals_of_their_own,
)
from tests.server.test_uploads import (
    test_a_file_of_some_megabytes_arrives_byte_for_byte,
)
