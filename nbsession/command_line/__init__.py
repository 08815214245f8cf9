"""The command line: ``python -m nbsession``. Nothing of the library imports it."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

import click

from .doctor import doctor
from .serve import serve

__all__ = ["main"]


def _version() -> str:
    try:
        return version("nbsession")
    except PackageNotFoundError:
        return "(not installed: run from its source)"


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(_version(), prog_name="nbsession")
def main() -> None:
    """Serve apps to browsers, or find out why something does not work."""


main.add_command(serve)
main.add_command(doctor)
