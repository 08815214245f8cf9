"""``serve``: apps on a server."""

from __future__ import annotations

import sys
import traceback
from typing import Any

import click

from .target import LoadError, TargetError, find_apps, find_folder

_EPILOG = """\b
Examples:
  python -m nbsession serve app.py
  python -m nbsession serve app.py:main --port 8080 --open
  python -m nbsession serve apps/ --port 8080
  python -m nbsession serve shop.pages:index shop.pages:basket --host "" --allowed-host shop.example.com
"""


@click.command(epilog=_EPILOG)
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@click.option(
    "--port", "-p", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0: any free port."
)
@click.option(
    "--host", default="127.0.0.1", show_default=True, help='Address to listen on; "" is all interfaces.'
)
@click.option(
    "--open/--no-open",
    "auto_open_webbrowser",
    default=False,
    help="Open the page in a browser on this machine.",
)
@click.option("--debug", is_flag=True, help="Reload when the code changes, and show tracebacks.")
@click.option(
    "--allowed-host",
    "allowed_hosts",
    multiple=True,
    metavar="NAME",
    help="Another host name that visitors may use, in addition to this machine's; * for any. Repeatable.",
)
@click.option(
    "--allowed-origin",
    "allowed_origins",
    multiple=True,
    metavar="ORIGIN",
    help="Another origin whose pages may connect. Repeatable.",
)
@click.option(
    "--allowed-source",
    "allowed_sources",
    multiple=True,
    metavar="HOST",
    help="Another host that pages may load from and connect to: https://images.example.com. Repeatable.",
)
@click.option(
    "--index/--no-index",
    default=True,
    show_default=True,
    help="Show a list of the apps at the paths of a folder.",
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
    help="Time in which a page may reconnect after its connection was lost.",
)
@click.option(
    "--session-expire-seconds",
    type=click.FloatRange(0, min_open=True),
    default=600.0,
    show_default=True,
    metavar="SECONDS",
    help="Time without a request after which a page over HTTP counts as gone.",
)
@click.option("--resume-on-reload", is_flag=True, help="Continue the session when a page is reloaded.")
@click.option(
    "--max-sessions",
    type=click.IntRange(1),
    default=5000,
    show_default=True,
    help="Largest number of open pages.",
)
@click.option(
    "--max-payload-size",
    default="200M",
    show_default=True,
    metavar="SIZE",
    help="Largest value from a page, in bytes, K, M or G.",
)
@click.option("--trust-xheaders", is_flag=True, help="Trust a proxy's headers about the visitor.")
@click.option(
    "--protocol",
    type=click.Choice(["websocket", "http"]),
    default="websocket",
    show_default=True,
    help="The pages' protocol.",
)
@click.option("--http", is_flag=True, help="The same as --protocol http.")
def serve(targets: tuple[str, ...], *, index: bool, http: bool, **options: Any) -> None:
    """Serve apps to browsers until Ctrl-C.

    TARGET is a function without arguments: app.py:main or package.module:main. For a file or module alone, it is the
    function named index, or else main. Several targets are served together, at /?app=NAME; the one named index is
    shown first. Or it is a folder, each of whose Python files with a function main is an app: A/b.py at /A/b.

    Ctrl-C closes all sessions and runs their deferred functions. The exit status is then 0. It is 1 if the server could
    not be started, and 2 if the command line is not valid.
    """
    # Imported here, so that `--help` does not wait for it.
    from nbsession._server.options import parse_size, parse_sources  # noqa: PLC0415
    from nbsession.platform import path_deploy  # noqa: PLC0415
    from nbsession.platform.tornado import start_server  # noqa: PLC0415

    try:
        parse_size(options["max_payload_size"])
        parse_sources(options["allowed_sources"])
        folder = find_folder(targets)
        apps = None if folder is not None else find_apps(targets)
    except (TargetError, ValueError) as error:
        raise click.UsageError(str(error)) from error
    except LoadError as error:
        if options["debug"] and error.__cause__ is not None:
            traceback.print_exception(error.__cause__)
        raise click.ClickException(str(error)) from error
    options["allowed_hosts"] = options["allowed_hosts"] or None
    if http:
        options["protocol"] = "http"
    try:
        if folder is not None:
            path_deploy(folder, index=index, **options)
        else:
            start_server(apps, **options)
    except OSError as error:
        where = f"{options['host'] or '*'}:{options['port']}"
        why = str(error.strerror or error).partition(" (while")[0]  # the rest repeats the address
        msg = f"cannot listen on {where}: {why}; choose another address with --port and --host"
        raise click.ClickException(msg) from error
    except RuntimeError as error:  # the client is not built
        raise click.ClickException(str(error)) from error
    sys.stderr.write("nbsession has stopped\n")
