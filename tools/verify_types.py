"""Check that everything users import is typed completely, as pyright reads it.

Run in the ``dev`` environment. Prints what is missing, and the score.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ENVIRONMENT = Path(sys.prefix)


def main() -> int:
    """Return pyright's exit status."""
    # It finds the package only in an environment that is activated.
    path = os.pathsep.join([str(ENVIRONMENT / "bin"), os.environ.get("PATH", "")])
    outcome = subprocess.run(
        [ENVIRONMENT / "bin" / "basedpyright", "--verifytypes", "nbsession", "--ignoreexternal"],
        env={**os.environ, "VIRTUAL_ENV": str(ENVIRONMENT), "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if outcome.returncode:
        print(outcome.stdout + outcome.stderr)
    else:
        print(next(line for line in outcome.stdout.splitlines() if "completeness" in line))
    return outcome.returncode


if __name__ == "__main__":
    sys.exit(main())
