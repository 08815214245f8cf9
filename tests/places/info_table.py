"""The table of ``info`` in docs/info.md: each test compares its column with what it sees.

With NBSESSION_WRITE_INFO_TABLE set in the environment a test writes its column instead.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

DOCUMENT = Path(__file__).parents[2] / "docs" / "info.md"
COLUMNS = ("JupyterLab", "Notebook 7", "Voila", "JupyterHub", "Kernel Gateway", "Enterprise Gateway")
# Prints every attribute of `info` as JSON, on one line.
CODE = """
import json
from nbsession import info
def described():
    agent, request = info.user_agent, info.request
    return json.dumps({
        "user_agent": f"{agent.os.family}, {agent.browser.family}",
        "user_language": info.user_language,
        "server_host": info.server_host,
        "origin": info.origin,
        "user_ip": info.user_ip,
        "backend": info.backend,
        "protocol": info.protocol,
        "request": f"the header of a {request['msg_type']}",
        "user": f"by {info.user.source}: {info.user}",
        "frontend": info.frontend,
        "timezone": type(info.timezone).__name__,
        "screen": str(tuple(info.screen)),
        "dark_mode": str(info.dark_mode),
        "url": info.url,
        "query": str(info.query),
        "notebook": str(info.notebook),
        "binder": str(info.binder),
    })
"""


def check(column: str, described: str, *, user: str) -> None:
    """Compare what ``described()`` has returned with a column of the table."""
    seen = {name: _general(value) for name, value in json.loads(described).items()}
    for name in ("url", "user"):
        seen[name] = re.sub(rf"\b{re.escape(user)}\b", "NAME", seen[name])
    if os.environ.get("NBSESSION_WRITE_INFO_TABLE"):
        _write(column, seen)
    assert _read()[column] == seen


def _general(value: str) -> str:
    """Leave out what differs from machine to machine and from run to run."""
    value = re.sub(r"(127\.0\.0\.1|localhost):\d+", "127.0.0.1:PORT", value)
    value = re.sub(r"/workspaces/[0-9a-f]{32}", "/workspaces/NAME", value)
    value = re.sub(r"/(?:[^/\s]+/)+([^/\s]+\.ipynb)$", r"/.../\1", value) if value.startswith("/") else value
    value = re.sub(r"test_\w+\.ipynb|\w+_[0-9a-f]{6}\.ipynb", "NOTEBOOK.ipynb", value)
    return value.replace("HeadlessChrome", "Chrome").replace("Chromium", "Chrome")


def _read() -> dict[str, dict[str, str]]:
    table: dict[str, dict[str, str]] = {column: {} for column in COLUMNS}
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]
        if line.startswith("| `") and len(cells) == len(COLUMNS) + 1:
            for column, cell in zip(COLUMNS, cells[1:], strict=True):
                table[column][cells[0]] = cell
    return table


def _write(column: str, seen: dict[str, str]) -> None:
    table = {**_read(), column: seen}
    names = list(seen)
    rows = [
        f"| {' | '.join(['', *COLUMNS])} |",
        f"|{' --- |' * (len(COLUMNS) + 1)}",
        *(
            f"| {' | '.join(f'`{cell}`' for cell in [name, *(table[one].get(name, '?') for one in COLUMNS)])} |"
            for name in names
        ),
    ]
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition("<!-- the table -->\n")
    _, _, after = rest.partition("<!-- its end -->")
    text = before + "<!-- the table -->\n\n" + "\n".join(rows) + "\n\n<!-- its end -->" + after
    DOCUMENT.write_text(text, encoding="utf-8")
