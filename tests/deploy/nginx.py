"""nginx in front of servers: its own process, its configuration in a directory of the test's."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from pathlib import Path

from typing_extensions import Self

# Debian has it where only root's PATH leads.
PROGRAM = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
MAKE_CERTIFICATE = (
    *("openssl", "req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
    *("-days", "2", "-subj", "/CN=localhost"),
)
# Its workers write into the folder.
USER = "user root;" if os.geteuid() == 0 else ""
CONFIGURATION = """\
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {http}
}}
"""


def certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate that nobody has signed, and its key."""
    key, made = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [*MAKE_CERTIFICATE, "-keyout", key, "-out", made],
        check=True,
        capture_output=True,
    )
    return made, key


class Nginx:
    """A running nginx. A context manager: left, it ends.

    Parameters
    ----------
    folder : Path
        For its configuration and its files.
    ports : int
        On so many it listens, each free: they are taken before, and handed to it as its own former process would.

    Attributes
    ----------
    ports : list of int
        Known before it is started.
    """

    def __init__(self, folder: Path, ports: int = 1) -> None:
        if PROGRAM is None:
            msg = "no nginx: `make test` installs one as root, else install your system's nginx package"
            raise RuntimeError(msg)
        self._folder = folder
        self._sockets = [socket.create_server(("127.0.0.1", 0), backlog=1024) for _ in range(ports)]
        self.ports = [each.getsockname()[1] for each in self._sockets]

    def start(self, http: str) -> Self:
        """Start it with what stands in the ``http`` block."""
        configuration = self._folder / "nginx.conf"
        configuration.write_text(CONFIGURATION.format(user=USER, folder=self._folder, http=http))
        descriptors = [each.fileno() for each in self._sockets]
        assert PROGRAM is not None
        self._process = subprocess.Popen(
            [PROGRAM, "-p", self._folder, "-c", configuration],
            env={**os.environ, "NGINX": "".join(f"{each};" for each in descriptors)},
            pass_fds=descriptors,
        )
        for each in self._sockets:
            each.close()  # its own now: should it not start, nobody listens
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()
