"""The vectors of values: what Python sends is what `js/tests/value_vectors.test.ts` reads."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nbsession._core.values import encode_command

FILE = Path(__file__).parents[1] / "vectors" / "values" / "to_javascript.json"
VECTORS: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))["values"]


def made(described: Any) -> object:
    """Return the Python value that a vector describes (tests/vectors/README.md)."""
    if isinstance(described, list):
        return [made(each) for each in described]
    if not isinstance(described, dict):
        return described
    ((kind, content),) = described.items()
    if kind == "bigint":
        return int(content)
    if kind == "array":
        name, items = content
        dtype = name.removesuffix("Array").removeprefix("Big").lower()
        number = float if dtype.startswith("float") else int
        return np.array([number(each) for each in items], dtype)
    assert kind == "object"
    return {key: made(each) for key, each in content.items()}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_python_sends_what_the_vector_says(vector: dict[str, Any]) -> None:
    args = {name: made(each) for name, each in vector["args"].items()}
    text, buffers = encode_command("run_js", ("run",), "code", args)
    assert json.loads(text)[2:] == vector["message"]
    expected = [base64.b64decode(each.removeprefix("base64:")) for each in vector["buffers"]]
    assert [bytes(each) for each in buffers] == expected
