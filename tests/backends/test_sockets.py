"""Bad visitors by WebSocket: the tests of the local server, on the other backends that have sockets."""

# ruff: noqa: F401 -- pytest runs what is imported

from __future__ import annotations

import pytest

from tests.server.test_gate import (
    other,
    test_a_foreign_context_gets_nothing,
    test_a_frame_of_a_gigabyte_is_refused_before_it_is_read,
    test_a_reader_that_takes_nothing_does_not_hold_up_others,
    test_malformed_messages_end_their_socket,
    test_malformed_texts_end_their_socket,
    test_who_may_not_come_in_is_told_so_before_the_request_s_body_has_come,
)
from tests.server.test_hello import (
    test_a_connection_by_which_hello_is_said_without_end_is_closed,
    test_a_connection_carries_one_page_at_a_time,
    test_a_page_is_spoken_to_as_it_speaks,
    test_a_page_that_tells_more_of_itself_than_pages_do_is_not_let_in,
    test_a_socket_that_does_not_become_a_page_s_is_closed,
    test_what_is_large_comes_as_bytes_to_a_page_that_speaks_by_text,
)
from tests.server.test_http import (
    here,
    test_a_page_has_left_though_what_it_says_last_breaks_off,
    test_a_page_may_go_over_from_a_socket_to_http,
)
from tests.server.test_log import (
    errors,
    test_a_body_that_goes_wrong_when_it_has_been_answered_is_no_error,
    test_a_socket_that_breaks_the_protocol_is_no_error,
    test_a_socket_that_is_broken_off_is_no_error,
)
from tests.server.test_unread import test_it_is_let_go

from .backends import BACKENDS

pytestmark = pytest.mark.parametrize(
    "backend",
    [each.name for each in BACKENDS.values() if "websocket" in each.requests and each.name != "tornado"],
    indirect=True,
)
