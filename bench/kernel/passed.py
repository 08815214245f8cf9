"""Large arguments of ``eval_js``. Apart from the other rows, because pandas takes long to import."""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pandas as pd

from nbsession import eval_js

from .ours import SETTLE, p50


def array(size: int) -> float:
    """Return the seconds until the page has an array of numbers of that many bytes."""
    numbers = np.ones(size // 8)
    p50(SETTLE)
    began = perf_counter()
    length = eval_js("numbers.length", numbers=numbers)
    taken = perf_counter() - began
    assert length == len(numbers)
    return taken


def table(rows: int, columns: int) -> float:
    """Return the seconds until the page has a table of numbers and texts of that size."""
    cells = {f"number {index}": np.arange(rows) / 7 for index in range(columns // 2)}
    frame = pd.DataFrame(
        {**cells, **{f"text {index}": ["some text"] * rows for index in range(columns // 2)}}
    )
    p50(SETTLE)
    began = perf_counter()
    length = eval_js("rows.length", rows=frame)
    taken = perf_counter() - began
    assert length == rows
    return taken
