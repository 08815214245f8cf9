"""The page's document and its files: one HTML document, scripts and style sheets, all served from here."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

from nbsession._core.chunks import CHUNKS
from nbsession._core.libraries import LIBRARIES, compressed_library, library_path, library_version
from nbsession._server.http.request import Response

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbsession._server.http.request import Request

Notes = Literal["each-frame", "at-leave", "none"]

MANIFEST = "manifest"

_STATIC = Path(__file__).parents[2] / "static"
_TYPES = {
    **{f"{chunk}.js": "text/javascript; charset=utf-8" for chunk in CHUNKS},
    "page.js": "text/javascript; charset=utf-8",
    "page.css": "text/css; charset=utf-8",
    "nbsession.css": "text/css; charset=utf-8",
}

_LIBRARY_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}

_HTML = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
{description}{manifest}<link rel="icon" href="data:,">
<link rel="stylesheet" href="{nbsession_css}">
<link rel="stylesheet" href="{page_css}">
<script type="module" src="{page_js}"></script>
</head>
<body data-nbsession-protocol="{protocol}" data-nbsession-hold="{poll_timeout}" data-nbsession-notes="{notes}"
 data-nbsession-chunks="{chunks}">
<main id="nbsession"></main>
<noscript>This page needs JavaScript.</noscript>
</body>
</html>
"""


@dataclass(frozen=True)
class Head:
    """What browsers and search engines learn about a page before its app runs.

    Attributes
    ----------
    title : str
        The title.
    description : str
        The description for search engines.
    manifest : mapping or None
        The fields of its web application manifest that differ from `manifest`; None for no manifest.
    """

    title: str
    description: str = ""
    manifest: Mapping[str, Any] | None = None


# The icon of an app that has none: a square with a bar in it.
_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 64 64'%3E%3Crect width='64' "
    "height='64' rx='12' fill='%231976d2'/%3E%3Cpath d='M18 32h28' stroke='white' stroke-width='8'/%3E%3C/svg%3E"
)


@lru_cache
def _file(name: str) -> tuple[bytes, str]:
    """Return a file's content and its digest."""
    try:
        content = (_STATIC / name).read_bytes()
    except FileNotFoundError:
        msg = f"nbsession was installed without its built client: nbsession/static/{name} is missing"
        raise RuntimeError(msg) from None
    return content, hashlib.sha256(content).hexdigest()[:16]


def _address(name: str) -> str:
    """Return the address of a file of the page. Browsers may cache it forever: it contains the content's digest."""
    return f"?nbsession={name}&v={_file(name)[1]}"


def file(request: Request) -> Response | None:
    """Return one of the page's files; None for other requests."""
    name = request.purpose or ""
    if name in LIBRARIES:
        return _library(request, name)
    if name not in _TYPES:
        return None
    content, digest = _file(name)
    return Response(200, content, _headers(request, _TYPES[name], digest))


def _library(request: Request, name: str) -> Response | None:
    """Return a file of a charting library; None if it is not installed."""
    path, version = library_path(name), library_version(name)
    if path is None or version is None:
        return None
    headers = _headers(request, _LIBRARY_TYPES[path.suffix], version)
    headers["Vary"] = "Accept-Encoding"
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return Response(200, path.read_bytes(), headers)
    headers["Content-Encoding"] = "gzip"
    return Response(200, compressed_library(name), headers)


def _library_addresses() -> dict[str, str]:
    """Return the addresses of the libraries that are installed."""
    versions = ((name, library_version(name)) for name in sorted(LIBRARIES))
    return {name: f"?nbsession={name}&v={version}" for name, version in versions if version is not None}


def _headers(request: Request, kind: str, version: str) -> dict[str, str]:
    lasting = request.query.get("v") == version
    return {
        "Content-Type": kind,
        "Cache-Control": "public, max-age=31536000, immutable" if lasting else "no-cache",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def document(
    head: Head, *, app: str | None = None, protocol: str, poll_timeout: float, notes: Notes, policy: str
) -> Response:
    """Return the page.

    Parameters
    ----------
    head : Head
        The initial title and the rest of the head.
    app : str, optional
        The name of the requested app.
    protocol : {'websocket', 'http'}
        The protocol to try first.
    poll_timeout : float
        Seconds for which the server holds a poll.
    notes : {'each-frame', 'at-leave', 'none'}
        When the page notes which commands it has started, so that a reloaded page can continue the session.
        ``'each-frame'`` notes them before each frame, which costs a fifth of an ``eval_js``. ``'at-leave'`` notes them
        when the page is left, which suffices unless the page is reloaded while its JavaScript is stuck. ``'none'`` is
        for servers where a reload starts a new session.
    policy : str
        The Content-Security-Policy.
    """
    links = {
        name.replace(".", "_"): escape(_address(name)) for name in ("nbsession.css", "page.css", "page.js")
    }
    chunks = {chunk: _address(f"{chunk}.js") for chunk in sorted(CHUNKS)} | _library_addresses()
    html = _HTML.format(
        title=escape(head.title),
        description=_description(head),
        manifest=_manifest_links(head, app),
        protocol=protocol,
        poll_timeout=f"{poll_timeout:g}",
        notes=notes,
        chunks=escape(json.dumps(chunks)),
        **links,
    )
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        # Prevents a page of another site that opens this one from getting a handle to its window.
        "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(200, html.encode(), headers)


def _description(head: Head) -> str:
    return f'<meta name="description" content="{escape(head.description)}">\n' if head.description else ""


def _manifest_links(head: Head, app: str | None) -> str:
    if head.manifest is None:
        return ""
    address = "?" + urlencode({"nbsession": MANIFEST, **({} if app is None else {"app": app})})
    # With credentials: hubs and proxies let in only visitors whose cookies they know.
    links = f'<link rel="manifest" href="{escape(address)}" crossorigin="use-credentials">\n'
    icon = head.manifest.get("icon")
    return links + (f'<link rel="apple-touch-icon" href="{escape(str(icon))}">\n' if icon else "")


def manifest(head: Head, app: str | None) -> Response:
    """Return the web application manifest, with which a phone adds the page to its home screen.

    Parameters
    ----------
    head : Head
        The page's head.
    app : str, optional
        The name of the requested app.
    """
    given = dict(head.manifest or {})
    icon = given.pop("icon", None)
    fields = {
        "name": head.title,
        "description": head.description,
        # Relative to the manifest's own address, which is the page's with another query.
        "start_url": "?" + ("" if app is None else urlencode({"app": app})),
        "display": "standalone",
        "theme_color": "white",
        "background_color": "white",
        "icons": [{"src": str(icon or _ICON), "sizes": "any"}],
        **given,
    }
    headers = {
        "Content-Type": "application/manifest+json",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(200, json.dumps(fields).encode(), headers)


def policy(host: str, origins: Sequence[str], sources: Sequence[str]) -> str:
    """Return the Content-Security-Policy: it allows ``eval_js`` and an app's own HTML, and blocks foreign content.

    Parameters
    ----------
    host : str
        The host name of the page's request.
    origins : sequence of str
        Origins whose pages may show the page in a frame.
    sources : sequence of str
        Other hosts from which the page may load content and to which it may send requests.
    """
    # Some browsers do not count a WebSocket to the page's own host as 'self'.
    sockets = f"ws://{host} wss://{host}" if _plain(host) else ""
    frames = " ".join(["'self'", *(origin for origin in origins if _plain(origin))])
    foreign = "".join(f" {source}" for source in sources)
    directives = {
        "default-src": f"'self' data: blob:{foreign}",
        "script-src": f"'self' 'unsafe-inline' 'unsafe-eval' blob:{foreign}",
        "style-src": f"'self' 'unsafe-inline'{foreign}",
        "connect-src": f"'self' data: blob: {sockets}".rstrip() + foreign,
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": frames,
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def _plain(source: str) -> bool:
    """Return whether a host or origin is safe in a policy: some characters could end the directive."""
    return all(character.isalnum() or character in ".-:/*[]" for character in source) and source.isascii()
