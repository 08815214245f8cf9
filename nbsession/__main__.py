"""``python -m nbsession``."""

from __future__ import annotations

from ._cli import main

if __name__ == "__main__":
    main(prog_name="python -m nbsession")
