"""Every backend behind nginx, which ends TLS, and takes the prefix away or passes it on, in a browser."""

from __future__ import annotations

import asyncio
import importlib
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from nbsession import download, eval_js, info
from nbsession.output import put_buttons, put_text
from tests.server.visitor import TIMEOUT

from .nginx import Nginx, certificate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, Page

BACKENDS = {
    "tornado": "websocket",
    "starlette": "websocket",
    "aiohttp": "websocket",
    "flask": "http",
    "django": "http",
}
CONTENT = bytes(range(256)) * 4096
# As in docs/deploy.md, but for the address that the server sees: it is to tell the visitor's from the proxy's.
SERVER = """
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {certificate};
        ssl_certificate_key {key};
        proxy_bind 127.0.0.9;
        proxy_http_version 1.1;
        proxy_set_header Host $http_host;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $connection_upgrade;
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_set_header X-Forwarded-Host $http_host;
        location /tools/app/ {{ proxy_pass http://127.0.0.1:{backend}/; }}
        location /passed/on/ {{ proxy_pass http://127.0.0.1:{backend}; }}
    }}
"""
# The first is taken away.
PREFIXES = ["/tools/app/", "/passed/on/"]
UPGRADE = 'map $http_upgrade $connection_upgrade { default upgrade; "" close; }'


def app() -> None:
    names = ("backend", "protocol", "user_ip", "server_host", "origin")
    put_text(json.dumps({name: getattr(info, name) for name in names}))
    put_text(f"evaluated {[eval_js('n + 1', n=n) for n in range(20)]}")
    put_buttons(["Save"], onclick=lambda _: download("content.bin", CONTENT))


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Serve the app on each backend, in this process, and all of them behind one nginx."""

    async def start(name: str) -> Any:
        platform = importlib.import_module(f"nbsession.platform.{name}")
        return platform.start_server(app, port=0, trust_xheaders=True)

    folder = tmp_path_factory.mktemp("nginx")
    made, key = certificate(folder)
    nginx = Nginx(folder, len(BACKENDS))
    blocks = [UPGRADE]
    with ExitStack() as stack:
        # In a thread: in the main one playwright keeps an event loop running.
        pool = stack.enter_context(ThreadPoolExecutor(1))
        for name, port in zip(BACKENDS, nginx.ports, strict=True):
            handle = pool.submit(asyncio.run, start(name)).result()
            stack.callback(handle.close)
            blocks.append(SERVER.format(port=port, certificate=made, key=key, backend=handle.port))
        stack.enter_context(nginx.start("".join(blocks)))
        yield {name: f"app.localhost:{port}" for name, port in zip(BACKENDS, nginx.ports, strict=True)}


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(browser_context: BrowserContext) -> Iterator[Page]:
    """A window that trusts the certificate."""
    page = browser_context.new_page()
    page.set_default_timeout(TIMEOUT * 1000)
    browser_context.new_cdp_session(page).send("Security.setIgnoreCertificateErrors", {"ignore": True})
    yield page
    page.close()


@pytest.mark.parametrize("prefix", PREFIXES)
def test_an_app_behind_a_proxy_with_tls_and_a_prefix(
    addresses: dict[str, str], backend: str, prefix: str, page: Page, tmp_path: Path
) -> None:
    host = addresses[backend]
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    page.goto(f"https://{host}{prefix}")
    page.get_by_text("evaluated").wait_for()
    told = json.loads(page.get_by_text('"backend"').inner_text())
    assert told == {
        "backend": backend,
        "protocol": BACKENDS[backend],
        "user_ip": "127.0.0.1",
        "server_host": host,
        "origin": f"https://{host}",
    }
    assert str(list(range(1, 21))) in page.get_by_text("evaluated").inner_text()
    socket = f"wss://{host}{prefix}?nbsession=socket"
    assert set(sockets) == ({socket} if BACKENDS[backend] == "websocket" else set())
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save").click()
    path = tmp_path / "content.bin"
    saved.value.save_as(path)
    assert path.read_bytes() == CONTENT
