"""Two processes behind nginx, each visitor always with the same one, and what happens when one of them dies."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

from tests.load.stage import Process

from .nginx import Nginx

if TYPE_CHECKING:
    from pathlib import Path

SESSIONS = 500 if os.environ.get("NBSESSION_TEST_LOAD") == "full" else 60
# As in docs/deploy.md.
STICKY = """
    userid on;
    userid_name worker;
    userid_flags httponly samesite=lax;
    map $http_upgrade $connection_upgrade {{ default upgrade; "" close; }}
    upstream workers {{
        hash $uid_got$uid_set consistent;
        server 127.0.0.1:{first};
        server 127.0.0.1:{second};
    }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://workers;
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $connection_upgrade;
        }}
    }}
"""


def test_a_worker_that_dies_takes_no_other_s_sessions_with_it(tmp_path: Path) -> None:
    with ExitStack() as stack:

        def started(module: str, *arguments: object) -> Process:
            process = Process(module, *arguments)
            stack.callback(process.kill)
            return process

        dying, lasting = started("load.server", "tornado"), started("load.server", "tornado")
        nginx = Nginx(tmp_path)
        (port,) = nginx.ports
        stack.enter_context(nginx.start(STICKY.format(first=dying.hear(), second=lasting.hear(), port=port)))
        pages = started("deploy.pages", port, SESSIONS, "coroutine")
        assert pages.hear() == SESSIONS
        harmed, unharmed = dying.ask("sessions"), lasting.ask("sessions")
        assert harmed + unharmed == SESSIONS
        assert min(harmed, unharmed) > SESSIONS // 10

        dying.kill()
        told, reasons = pages.ask("anew", harmed)
        assert told == harmed
        assert reasons == ["the session has expired; reload the page to begin a new one"]
        assert lasting.ask("sessions") == SESSIONS
        values = lasting.ask("evals", 2)
        assert values["everyone"]
        assert values["wrong"] == 0
        assert lasting.ask("deferred", 0) == 0
