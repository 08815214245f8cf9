"""``serve``: apps on a server of their own."""

from __future__ import annotations

import sys
import traceback
from typing import Any

import click

from .target import LoadError, TargetError, find_apps

_EPILOG = """\b
Examples:
  python -m nbsession serve app.py
  python -m nbsession serve app.py:main --port 8080 --open
  python -m nbsession serve shop.pages:index shop.pages:basket --host "" --allowed-host shop.example.com
"""


@click.command(epilog=_EPILOG)
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@click.option(
    "--port", "-p", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0: any free one."
)
@click.option("--host", default="127.0.0.1", show_default=True, help='Where to listen; "" is everywhere.')
@click.option(
    "--open/--no-open", "auto_open_webbrowser", default=False, help="Open the page in a browser here."
)
@click.option("--debug", is_flag=True, help="Reload when the code changes, show tracebacks.")
@click.option(
    "--allowed-host",
    "allowed_hosts",
    multiple=True,
    metavar="NAME",
    help="A name by which visitors address the server, besides this machine's own; * for any. Repeatable.",
)
@click.option(
    "--allowed-origin",
    "allowed_origins",
    multiple=True,
    metavar="ORIGIN",
    help="An origin besides the server's own whose pages may connect. Repeatable.",
)
@click.option(
    "--allowed-source",
    "allowed_sources",
    multiple=True,
    metavar="HOST",
    help="Where pages may load from and talk to besides the server: https://images.example.com. Repeatable.",
)
@click.option(
    "--static-dir",
    type=click.Path(exists=True, file_okay=False),
    help="Serve this directory's files under /static/.",
)
@click.option(
    "--reconnect-timeout",
    type=click.FloatRange(0),
    default=20.0,
    show_default=True,
    metavar="SECONDS",
    help="For how long a page that lost its connection may come back.",
)
@click.option(
    "--session-expire-seconds",
    type=click.FloatRange(0, min_open=True),
    default=600.0,
    show_default=True,
    metavar="SECONDS",
    help="After what silence a page that speaks HTTP has gone.",
)
@click.option("--resume-on-reload", is_flag=True, help="A reloaded page goes on with its session.")
@click.option(
    "--max-sessions", type=click.IntRange(1), default=5000, show_default=True, help="Pages at once."
)
@click.option(
    "--max-payload-size",
    default="200M",
    show_default=True,
    metavar="SIZE",
    help="Largest value from a page, in bytes, K, M or G.",
)
@click.option("--trust-xheaders", is_flag=True, help="A proxy in front says who the visitor is.")
@click.option(
    "--protocol",
    type=click.Choice(["websocket", "http"]),
    default="websocket",
    show_default=True,
    help="What pages speak.",
)
def serve(targets: tuple[str, ...], **options: Any) -> None:
    """Serve apps to browsers until Ctrl-C.

    TARGET is a function without arguments: app.py:main or package.module:main. A file or module alone stands for its
    function named index, or main. Several targets are served side by side, at /?app=NAME; one named index comes first.

    Ctrl-C closes all sessions and runs what they deferred. The exit code is 0 then, 1 if the server could not be
    started, 2 if the command line is wrong.
    """
    # Here and not above: `--help` need not wait for it.
    from nbsession._server.options import parse_size, parse_sources  # noqa: PLC0415
    from nbsession.platform.tornado import start_server  # noqa: PLC0415

    try:
        parse_size(options["max_payload_size"])
        parse_sources(options["allowed_sources"])
        apps = find_apps(targets)
    except (TargetError, ValueError) as error:
        raise click.UsageError(str(error)) from error
    except LoadError as error:
        if options["debug"] and error.__cause__ is not None:
            traceback.print_exception(error.__cause__)
        raise click.ClickException(str(error)) from error
    options["allowed_hosts"] = options["allowed_hosts"] or None
    try:
        start_server(apps, **options)
    except OSError as error:
        where = f"{options['host'] or '*'}:{options['port']}"
        why = str(error.strerror or error).partition(" (while")[0]  # Python's, which tells the address again
        msg = f"cannot listen on {where}: {why}; --port and --host choose another place"
        raise click.ClickException(msg) from error
    except RuntimeError as error:  # the client is not built
        raise click.ClickException(str(error)) from error
    sys.stderr.write("nbsession has stopped\n")
