"""A Jupyter server of the test's own: its own configuration, folder and port."""

from __future__ import annotations

import http
import json
import os
import secrets
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

START_TIMEOUT = 120.0  # a new environment on a busy machine compiles all of JupyterLab's Python first
STOP_TIMEOUT = 20.0

# No news, no update check (both ask the internet), no autosave in the middle of a test.
SETTINGS: dict[str, dict[str, Any]] = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "docmanager-extension/plugin": {"autosave": False},
}

# Asking at each page load whether JupyterLab should be rebuilt costs the server two seconds.
PAGE_CONFIG = {"buildAvailable": False, "buildCheck": False}

# ipykernel 7.0 to 7.3 may stop reading messages by themselves, before a cell has imported nbsession, which mends it: of
# 16 kernels that were sent what a page says when it opens, again and again, one did. Without this such a kernel would
# now and then fail a test whose first cell it never reads.
STARTUP = """\
import ipykernel
if (7,) <= ipykernel.version_info < (7, 4):
    from ipykernel.subshell_manager import SubshellManager

    def _look_again(send, stream):
        def send_and_look(self, frames):
            send(self, frames)
            stream._rebuild_io_state()

        return send_and_look

    SubshellManager._send_on_shell_channel = _look_again(
        SubshellManager._send_on_shell_channel, get_ipython().kernel.shell_stream
    )
"""


@dataclass(frozen=True)
class Frontend:
    """What differs between the two front ends."""

    name: str
    module: str
    application: str
    page: str
    """Path of a notebook's page; ``{workspace}`` keeps JupyterLab from restoring another test's tabs."""


FRONTENDS = {
    "lab": Frontend("lab", "jupyterlab", "LabApp", "lab/workspaces/{workspace}/tree/{path}"),
    "notebook": Frontend("notebook", "notebook", "JupyterNotebookApp", "notebooks/{path}"),
}


class JupyterServer:
    """A running server. Call `stop` at the end, also after a failed start.

    Parameters
    ----------
    python, kernel_python
        The Python that runs the server, and the one that runs its kernels.
    home
        An empty folder for all that it writes.
    options
        More of its command line.
    kernel_environment
        Variables for its kernels.
    disabled
        Extensions of JupyterLab that are installed and not wanted.
    """

    def __init__(
        self,
        python: str,
        kernel_python: str,
        frontend: Frontend,
        home: Path,
        *,
        options: Sequence[str] = (),
        kernel_environment: Mapping[str, str] | None = None,
        disabled: Sequence[str] = (),
    ) -> None:
        self.frontend = frontend
        self.root = home / "root"
        self.log = home / "server.log"
        self.token = secrets.token_hex(16)
        self._runtime = home / "runtime"
        _write_settings(home, kernel_python, kernel_environment or {}, disabled)
        self.root.mkdir()
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [*self._command(python), *options],
                cwd=self.root,
                env=self._environment(home),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def wait_until_started(self) -> None:
        """Block until the server answers at the address it has written down.

        Raises
        ------
        RuntimeError
            When the server ended, or did not start within 120 s. The message carries its log.
        """
        info = self._runtime / f"jpserver-{self._process.pid}.json"
        deadline = time.monotonic() + START_TIMEOUT
        while not (info.exists() and info.stat().st_size):  # it is there, empty, before it is written
            if self._has_ended(within=0.05) or time.monotonic() > deadline:
                msg = f"the Jupyter server did not start:\n{self.log.read_text()}"
                raise RuntimeError(msg)
        self.url: str = json.loads(info.read_text())["url"]
        # The file is written before the port is opened: that comes with the first turn of the server's loop.
        while not self._answers():
            if self._has_ended(within=0.05) or time.monotonic() > deadline:
                msg = f"the Jupyter server does not answer at {self.url}:\n{self.log.read_text()}"
                raise RuntimeError(msg)

    def page_url(self, path: str, workspace: str) -> str:
        """Return the address that opens the notebook at `path`, token included."""
        quoted = self.frontend.page.format(workspace=workspace, path=urllib.parse.quote(path))
        return f"{self.url}{quoted}?token={self.token}"

    def request(
        self, method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None
    ) -> Any:
        """Return the decoded answer of the server's REST interface, ``None`` for an empty one."""
        request = urllib.request.Request(
            self.url + path,
            method=method,
            headers={"Authorization": f"token {self.token}", **(headers or {})},
            data=None if body is None else json.dumps(body).encode(),
        )
        with urllib.request.urlopen(request, timeout=120) as response:
            answer = response.read()
        return json.loads(answer) if answer else None

    def start_kernel(self, path: str) -> None:
        """Start the kernel that a page opening the notebook at `path` finds. Does nothing when there is one."""
        session = {"path": path, "name": path, "type": "notebook", "kernel": {"name": "python3"}}
        self.request("POST", "api/sessions", session)

    def shut_down_kernel(self, path: str) -> None:
        """End the kernel of the notebook at `path`, if it has one.

        One that has died and that the server is starting again at this moment ends with the server: until it has
        started jupyter_client cannot end it, and the server answers 500.
        """
        for session in self.request("GET", "api/sessions"):
            if session["path"] == path:
                try:
                    self.request("DELETE", f"api/sessions/{session['id']}")
                except urllib.error.HTTPError as error:
                    if error.code != http.HTTPStatus.INTERNAL_SERVER_ERROR:
                        raise

    def stop(self) -> None:
        """End the server, which ends its kernels, and wait for it."""
        self._process.terminate()
        if not self._has_ended(within=STOP_TIMEOUT):
            self._process.kill()
            self._process.wait()

    def _answers(self) -> bool:
        address = urllib.parse.urlsplit(self.url)
        try:
            socket.create_connection((address.hostname, address.port or 80), timeout=5).close()
        except OSError:
            return False
        return True

    def _has_ended(self, *, within: float) -> bool:
        try:
            self._process.wait(timeout=within)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _command(self, python: str) -> list[str]:
        return [
            python,
            "-m",
            self.frontend.module,
            "--no-browser",
            "--allow-root",
            f"--{self.frontend.application}.expose_app_in_browser=True",
            "--LabApp.extension_manager=readonly",
            f"--IdentityProvider.token={self.token}",
            "--ServerApp.ip=127.0.0.1",
            f"--ServerApp.port={free_port()}",
            f"--ServerApp.root_dir={self.root}",
        ]

    def _environment(self, home: Path) -> dict[str, str]:
        inherited = {key: value for key, value in os.environ.items() if not _is_foreign(key)}
        return {
            **inherited,
            "JUPYTER_CONFIG_DIR": str(home / "config"),
            "JUPYTER_DATA_DIR": str(home / "data"),
            "JUPYTER_PREFER_ENV_PATH": "0",  # our kernelspec, not the one beside the server
            "JUPYTER_RUNTIME_DIR": str(self._runtime),
            "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
            "IPYTHONDIR": str(home / "ipython"),
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        }


def _write_settings(
    home: Path, kernel_python: str, kernel_environment: Mapping[str, str], disabled: Sequence[str]
) -> None:
    for plugin, settings in SETTINGS.items():
        _write_json(home / "settings" / "@jupyterlab" / f"{plugin}.jupyterlab-settings", settings)
    page_config = {**PAGE_CONFIG, "disabledExtensions": dict.fromkeys(disabled, True)}
    _write_json(home / "config" / "labconfig" / "page_config.json", page_config)
    kernelspec = {
        "argv": [kernel_python, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "Python 3",
        "language": "python",
        "metadata": {"debugger": True},
        "env": dict(kernel_environment),
    }
    _write_json(home / "data" / "kernels" / "python3" / "kernel.json", kernelspec)
    startup = home / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "look_again.py").write_text(STARTUP)


def _write_json(file: Path, content: dict[str, Any]) -> None:
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(content))


def _is_foreign(variable: str) -> bool:
    """Tell whether a variable of pytest's environment would change what the server or its kernels do."""
    return variable.startswith(("JUPYTER", "IPYTHON", "NBSESSION_TEST_", "PYTEST_"))
