"""Who may come in, and what bad visitors can do: the tests of the local server, on every other backend."""

# ruff: noqa: F401 -- pytest runs what is imported

from __future__ import annotations

from tests.server.test_download import (
    test_a_closed_session_has_no_file_to_fetch,
    test_a_file_is_never_shown_as_a_page,
    test_a_name_stays_a_name,
    test_addresses_cannot_be_guessed,
    test_an_address_is_good_once,
    test_an_address_of_another_server_is_of_no_use,
    test_only_get_uses_the_address_up,
)
from tests.server.test_gate import (
    other,
    test_a_name_that_is_not_the_servers_gets_nothing,
    test_a_page_behind_a_proxy_that_hides_its_address_is_told_the_proxy_s_setting,
    test_a_refused_name_is_told_the_header_that_it_came_by,
    test_a_request_that_breaks_off_is_no_error,
    test_a_request_that_cannot_be_read_is_no_error,
    test_allowed_origins_may_connect,
    test_check_origin_decides_in_place_of_the_list,
    test_each_cause_of_refusals_is_logged_once,
    test_half_open_connections_do_not_keep_others_out,
    test_head_asks_for_what_get_would_bring,
    test_odd_envelopes_change_nothing,
    test_pages_of_other_origins_may_not_connect,
    test_the_app_s_name_cannot_leave_the_title,
    test_the_page_is_marked_as_what_it_is,
    test_the_page_loads_nothing_from_elsewhere,
    test_there_are_no_other_files,
)
from tests.server.test_hello import (
    test_a_request_speaks_for_its_own_page_only,
)
from tests.server.test_http import (
    here,
    test_a_foreign_context_gets_nothing,
    test_a_page_that_only_says_hello_starts_no_app,
    test_a_request_that_is_too_large_is_refused,
    test_a_request_without_a_context_only_asks_whether_there_is_anybody,
    test_malformed_requests_are_refused,
    test_only_posts_bring_messages,
    test_parts_that_are_out_of_turn_are_refused,
    test_requests_of_other_origins_are_refused,
    test_what_a_page_says_in_parts_counts_when_it_is_whole,
)
from tests.server.test_log import (
    errors,
    test_a_file_whose_page_leaves_is_no_error,
    test_a_request_that_is_refused_is_no_error,
    test_visitors_cannot_fill_the_log,
)
from tests.server.test_serving import (
    test_a_page_that_finds_no_room_is_told_so,
    test_a_server_for_others_shows_no_tracebacks,
    test_go_app_knows_only_the_apps_of_its_server,
    test_info_believes_a_proxy_only_where_it_is_told_to,
    test_visitors_of_a_public_server_are_not_shown_tracebacks,
    test_who_comes_by_a_proxy_is_not_shown_tracebacks,
)
from tests.server.test_static_files import (
    test_a_name_that_no_file_has_is_not_found,
    test_a_relative_static_directory_is_one_of_the_working_directory,
    test_a_static_directory_may_be_a_link_itself,
    test_files_of_the_static_directory_are_served,
    test_links_do_not_lead_out_of_the_static_directory,
    test_static_files_are_for_those_who_know_the_servers_name,
    test_static_files_are_found_by_the_name_that_a_proxy_is_asked_for,
    test_static_files_are_what_their_names_say,
)
from tests.server.test_under_a_prefix import (
    test_a_page_by_http_is_under_the_prefix_of_a_proxy,
    test_a_page_is_under_the_prefix_of_a_proxy,
    test_files_are_under_the_prefix_of_a_proxy,
    test_files_under_a_prefix_stay_in_their_directory,
    test_what_is_asked_for_as_a_file_is_not_the_page,
)
