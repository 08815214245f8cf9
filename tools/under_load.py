"""Run a command while every core is kept busy: ``python3 tools/under_load.py COMMAND...``. Timing bugs show then."""

from __future__ import annotations

import os
import subprocess
import sys

BURN = "while True: pass"


def main() -> int:
    """Return the command's exit code."""
    burners = [subprocess.Popen([sys.executable, "-c", BURN]) for _ in range(os.cpu_count() or 1)]
    try:
        return subprocess.run(sys.argv[1:], check=False).returncode
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()


if __name__ == "__main__":
    sys.exit(main())
