"""Chunks: parts of the client that a page loads when it first uses them."""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

CHUNKS = frozenset({"charts", "code_editor", "datatable", "katex"})
"""The names of all chunks. Their files are ``NAME.js``."""

_STATIC = Path(__file__).parents[1] / "static"


@lru_cache
def compressed_chunk(name: str) -> bytes:
    """Return the code of one of `CHUNKS`, compressed with gzip.

    Raises
    ------
    FileNotFoundError
        If nbsession was installed without its built client.
    """
    return gzip.compress((_STATIC / f"{name}.js").read_bytes(), mtime=0)
