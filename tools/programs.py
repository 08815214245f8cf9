"""Make sure that programs which no Python or npm package brings are there: ``python3 tools/programs.py node chromium``.

As root on a system with apt the missing ones are installed; elsewhere the message says what to do.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Program:
    """A program that the tests need, under any of its names, and the Debian packages that have it."""

    commands: tuple[str, ...]
    packages: tuple[str, ...]
    elsewhere: str


PROGRAMS = {
    "node": Program(("npm",), ("nodejs", "npm"), "install Node.js 20 or newer"),
    "chromium": Program(
        ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
        ("chromium", "fonts-dejavu-core"),
        "install Chromium or Google Chrome and put it on PATH",
    ),
    # Debian has it where only root's PATH leads.
    "nginx": Program(("nginx", "/usr/sbin/nginx"), ("nginx-light",), "install nginx"),
    "openssl": Program(("openssl",), ("openssl",), "install OpenSSL's command"),
}


def main() -> None:
    """Look for each program named on the command line, install those that are missing."""
    missing = [name for name in sys.argv[1:] if not is_there(name)]
    if not missing:
        return
    packages = [package for name in missing for package in PROGRAMS[name].packages]
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if shutil.which("apt-get") is None:
        sys.exit("missing: " + "; ".join(f"{name} ({PROGRAMS[name].elsewhere})" for name in missing))
    if os.geteuid() != 0:
        sys.exit(f"missing: {', '.join(missing)}. Run: sudo apt-get update && sudo {' '.join(install)}")
    print(f"installing {' '.join(packages)}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-q"], install):
        _run_quietly(command, environment)


def is_there(name: str) -> bool:
    """Tell whether the program is on PATH under one of its names."""
    return any(shutil.which(command) for command in PROGRAMS[name].commands)


def _run_quietly(command: list[str], environment: dict[str, str]) -> None:
    """Run a command and show what it printed only if it failed."""
    outcome = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if outcome.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{outcome.stdout}{outcome.stderr}")


if __name__ == "__main__":
    main()
