"""``python -m nbsession doctor`` opens a page in the Chromium that there is."""

from __future__ import annotations

import json
import subprocess
import sys


def test_a_value_goes_to_a_page_and_back() -> None:
    command = [sys.executable, "-m", "nbsession", "doctor", "--json", "--no-kernel"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)
    check = json.loads(ended.stdout)["checks"][-1]
    assert (check["name"], check["state"]) == ("round trip", "ok"), check
