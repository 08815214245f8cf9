"""The command line: ``nbsession`` and ``python -m nbsession``. Nothing of the library imports it."""

from __future__ import annotations

import click

from nbsession._version import __version__

from .doctor import doctor
from .serve import serve

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="nbsession")
def main() -> None:
    """Serve apps to browsers, or find out why something does not work."""


main.add_command(serve)
main.add_command(doctor)
