"""Scripts and style sheets of charting libraries that a page loads when an output first uses them.

They come from where a library is installed for Python, or from nbsession's own built client if no Python package has
them. No library is imported.
"""

from __future__ import annotations

import gzip
import importlib.util
from functools import lru_cache
from pathlib import Path

_STATIC = Path(__file__).parents[1] / "static"
_BOKEH = ("", "-gl", "-mathjax", "-tables", "-widgets")
# By name: the package, and the file's path in it.
_INSTALLED = {
    "plotly.js": ("plotly", "package_data/plotly.min.js"),
    **{f"bokeh{part}.js": ("bokeh", f"server/static/js/bokeh{part}.min.js") for part in _BOKEH},
}
_BUILT = (
    "echarts.js",
    "echarts-gl.js",
    "fontawesome.css",
    "jquery.js",
    "leaflet.css",
    "leaflet.js",
    "vega.js",
)

_found: dict[str, Path] = {}

LIBRARIES = frozenset({*_INSTALLED, *_BUILT})
"""The names of all files. Their suffixes tell scripts and style sheets."""


def library_path(name: str) -> Path | None:
    """Return the path of one of `LIBRARIES`; None if it is not installed."""
    if name in _BUILT:
        path = _STATIC / name
    else:
        package, inside = _INSTALLED[name]
        folder = _folder(package)
        if folder is None:
            return None
        path = folder / inside
    return path if path.is_file() else None


def library_version(name: str) -> str | None:
    """Return a text that changes with the file's content; None if it is not installed."""
    path = library_path(name)
    if path is None:
        return None
    status = path.stat()
    return f"{status.st_size:x}-{status.st_mtime_ns:x}"


def compressed_library(name: str) -> bytes:
    """Return the content of one of `LIBRARIES`, compressed with gzip.

    Raises
    ------
    FileNotFoundError
        If it is not installed.
    """
    path = library_path(name)
    if path is None:
        raise FileNotFoundError(name)
    return _compressed(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=len(LIBRARIES))
def _compressed(path: Path, _changed: int) -> bytes:
    # Not the best compression, which takes three times as long: 5 MB of plotly.js are compressed in 0.1 s.
    return gzip.compress(path.read_bytes(), compresslevel=4, mtime=0)


def _folder(package: str) -> Path | None:
    """Return the folder of an installed package, which is not imported."""
    if package in _found:
        return _found[package]
    try:
        spec = importlib.util.find_spec(package)
    except ValueError:  # a module without a specification, such as a test's double
        return None
    places = None if spec is None else spec.submodule_search_locations
    if not places:
        return None  # it may be installed later
    _found[package] = Path(places[0])
    return _found[package]
