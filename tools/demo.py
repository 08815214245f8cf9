"""Open ``notebooks/quickstart.ipynb`` in a JupyterLab of its own. Run by `make demo`, in the demo's environment.

The server listens on 127.0.0.1 only. Ctrl-C ends it, and its kernels with it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
import webbrowser
from pathlib import Path
from typing import NoReturn

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
NOTEBOOK = "quickstart.ipynb"
PREFERRED_PORT = 8888
STOP_TIMEOUT = 15.0


def main() -> None:
    """Start the server, say where it is, and stay until it ends or is to end."""
    port, token = free_port(), secrets.token_hex(16)
    url = f"http://127.0.0.1:{port}/lab/tree/{NOTEBOOK}?token={token}"
    # A session of its own: Ctrl-C is ours to handle, JupyterLab would ask whether it is meant.
    server = subprocess.Popen(command(port, token), stdin=subprocess.DEVNULL, start_new_session=True)
    for ending in (signal.SIGTERM, signal.SIGHUP):  # SIGHUP: its terminal was closed
        signal.signal(ending, _interrupt)
    try:
        wait_until_it_answers(server, port)
        announce(url)
        sys.exit(server.wait())
    except KeyboardInterrupt:
        print("\nending JupyterLab and its kernels", flush=True)
    finally:
        stop(server)


def command(port: int, token: str) -> list[str]:
    """Return the command line of the server."""
    as_root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", *as_root),
        f"--ServerApp.root_dir={NOTEBOOKS}",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        "--ServerApp.log_level=WARN",
        f"--IdentityProvider.token={token}",
    ]


def free_port() -> int:
    """Return 8888, or any free port where that is taken."""
    for port in (PREFERRED_PORT, 0):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    sys.exit("there is no free port on 127.0.0.1")


def wait_until_it_answers(server: subprocess.Popen[bytes], port: int) -> None:
    """Block until the server answers; end with its exit code if it ends first."""
    while True:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api", timeout=10).close()
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            sys.exit(server.wait(timeout=0.1))


def announce(url: str) -> None:
    """Print the address, and open it where there is a screen."""
    print(f"\nThe notebook is at\n\n    {url}\n\nCtrl-C ends it.\n", flush=True)
    has_screen = (
        sys.platform in {"darwin", "win32"} or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    if has_screen:
        webbrowser.open(url)


def stop(server: subprocess.Popen[bytes]) -> None:
    """End the server, politely if it lets us."""
    server.terminate()
    try:
        server.wait(timeout=STOP_TIMEOUT)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _interrupt(_signal: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
