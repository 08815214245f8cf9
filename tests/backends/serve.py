"""``python -m tests.backends.serve BACKEND``: the backend's own server, on a free port."""

from __future__ import annotations

import importlib
import sys

from .apps import APPS

if __name__ == "__main__":
    platform = importlib.import_module(f"nbsession.platform.{sys.argv[1]}")
    platform.start_server(APPS, port=0)
