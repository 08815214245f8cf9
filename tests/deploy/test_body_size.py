"""Pages that speak HTTP through a proxy that limits a request: nginx allows 1 MiB unless told otherwise."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from nbsession import eval_js, hold
from nbsession.exceptions import JSError
from nbsession.output import put_buttons, put_text
from nbsession.platform.tornado import start_server
from tests.server.window import open_page

from .nginx import Nginx

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.server.window import Open

__all__ = ["open_page"]

SERVER = """
server {{
    listen 127.0.0.1:{port};
    location /default/ {{ proxy_pass http://127.0.0.1:{server}/; proxy_set_header Host $http_host; }}
    location /narrow/ {{
        client_max_body_size 2k; proxy_pass http://127.0.0.1:{server}/; proxy_set_header Host $http_host;
    }}
}}
"""


def app() -> None:
    text = eval_js("'x'.repeat(3000000)")
    put_text(f"text of {len(text)}, {set(text)}")
    content = eval_js("Uint8Array.from({length: 1500000}, (_, n) => n % 251)")
    put_text(f"bytes are {content == bytes(n % 251 for n in range(1500000))}")
    put_text(f"then {eval_js('6 * 7')}")
    put_buttons(["go"], onclick=lambda label: put_text(f"pressed {label}"))
    hold()


def narrow() -> None:
    for code in (
        "'x'.repeat(3000000)",
        "'x'.repeat(5000)",
        "new Uint8Array(5000)",
        "new Uint8Array(1500000)",
    ):
        with pytest.raises(JSError, match="client_max_body_size") as caught:
            eval_js(code, errors_="raise")
        put_text(f"{caught.value.name} for {code}")
    put_text(f"then {eval_js('6 * 7')}")
    put_buttons(["go"], onclick=lambda label: put_text(f"pressed {label}"))
    hold()


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    async def start() -> Any:
        return start_server([app, narrow], port=0, protocol="http")

    # In a thread: in the main one playwright keeps an event loop running.
    with ThreadPoolExecutor(1) as pool:
        handle = pool.submit(asyncio.run, start()).result()
    nginx = Nginx(tmp_path_factory.mktemp("nginx"))
    (port,) = nginx.ports
    try:
        with nginx.start(SERVER.format(port=port, server=handle.port)):
            yield port
    finally:
        handle.close()


def test_values_that_are_too_large_for_a_proxy_come_in_parts(port: int, open_page: Open) -> None:
    page = open_page(f"http://app.localhost:{port}/default/?app=app", ignore="413")
    page.get_by_text("text of 3000000, {'x'}").wait_for()
    page.get_by_text("bytes are True").wait_for()
    page.get_by_text("then 42").wait_for()
    page.get_by_role("button", name="go").click()
    page.get_by_text("pressed go").wait_for()


def test_a_value_that_cannot_pass_is_an_error_and_the_session_goes_on(port: int, open_page: Open) -> None:
    page = open_page(f"http://app.localhost:{port}/narrow/?app=narrow", ignore="413")
    page.get_by_text("RangeError for new Uint8Array(1500000)").wait_for()
    page.get_by_text("then 42").wait_for()
    page.get_by_role("button", name="go").click()
    page.get_by_text("pressed go").wait_for()
