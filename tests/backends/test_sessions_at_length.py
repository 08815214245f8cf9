"""What sessions and downloads are: the tests of the local server, on every other backend: those that
depend least on it, or wait for seconds."""

# ruff: noqa: F401 -- pytest runs what is imported

from __future__ import annotations

import pytest

from tests.server.test_forked_children import (
    test_a_child_that_fails_in_an_app_ends_with_an_error,
    test_a_child_that_returns_from_a_coroutine_app_ends,
)
from tests.server.test_http import (
    test_a_page_that_is_silent_for_too_long_has_gone,
)
from tests.server.test_large_values import (
    test_a_large_value_that_is_no_json_ends_its_page,
    test_the_loop_goes_on_while_a_large_value_is_parsed,
    test_what_is_said_after_a_large_value_comes_after_it,
)
from tests.server.test_order import (
    test_a_command_draws_into_the_root_of_its_session,
    test_an_apps_first_output_is_there_for_the_next_command,
    test_code_can_import_a_module_by_an_address_of_the_page,
    test_commands_and_outputs_alternate_on_the_page_as_in_the_code,
)
from tests.server.test_processing_time import (
    test_a_large_message_does_not_wait_where_its_page_is_alone,
    test_a_large_message_waits_while_other_pages_are_active,
    test_a_large_request_waits_while_other_pages_are_active,
    test_that_a_page_is_cut_off_is_no_error_of_the_server,
    test_what_an_app_asks_for_costs_its_page_nothing,
    used_up,
)

pytestmark = pytest.mark.at_length
