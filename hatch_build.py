"""Build the browser's side with npm, so that every wheel, sdist and editable install has it.

An sdist carries the bundle: a wheel is built from it without Node.js.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CHUNKS = ("charts.js", "code_editor.js", "datatable.js", "katex.js")
LIBRARIES = (
    "echarts.js",
    "echarts-gl.js",
    "fontawesome.css",
    "jquery.js",
    "leaflet.css",
    "leaflet.js",
    "vega.js",
)
BUNDLE = ("bridge.js", "view.js", "page.js", *CHUNKS, *LIBRARIES, "nbsession.css", "page.css")
NO_NPM = (
    "building nbsession from its repository needs Node.js 20 or newer: there is no npm on PATH. "
    "Install Node.js, or install nbsession from a wheel or an sdist, which carry the built client."
)


class ClientBuildHook(BuildHookInterface[Any]):
    """Runs before hatchling collects the files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build the client unless there is one that is newer than its sources."""
        root = Path(self.root)
        bundle = [root / "nbsession" / "static" / name for name in BUNDLE]
        if _is_newer(bundle, _sources(root / "js")):
            return
        npm = shutil.which("npm")
        if npm is not None:
            _build(npm, root / "js")
        elif all(file.exists() for file in bundle):
            self.app.display_warning("no npm on PATH: taking the client as it was built before")
        else:
            raise RuntimeError(NO_NPM)


def _sources(js: Path) -> list[Path]:
    """Return what the bundle is made from."""
    sources = [file for file in (js / "src").rglob("*") if file.is_file()]
    return [*sources, *js.glob("*.mjs"), js / "package.json", js / "package-lock.json"]


def _build(npm: str, js: Path) -> None:
    lock, installed = js / "package-lock.json", js / "node_modules" / ".package-lock.json"
    if not _is_newer([installed], [lock]):
        subprocess.run([npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=js, check=True)
        installed.touch()
    subprocess.run([npm, "run", "build"], cwd=js, check=True)


def _is_newer(targets: list[Path], sources: list[Path]) -> bool:
    """Tell whether all targets exist, none older than a source (in an sdist all are of the same second)."""
    if not all(target.exists() for target in targets):
        return False
    oldest = min(target.stat().st_mtime for target in targets)
    return all(source.stat().st_mtime <= oldest for source in sources)
