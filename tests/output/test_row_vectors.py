"""Changes of a data table's rows are the same in Python and on the page: shared vectors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nbsession.output._datatable_cells import flat
from nbsession.output._datatable_rows import Rows

CASES = json.loads((Path(__file__).parents[1] / "vectors" / "rows" / "changes.json").read_text("utf-8"))


def records(given: list[dict[str, Any]]) -> list[dict[tuple[str, ...], Any]]:
    return [flat("put_datatable", each) for each in given]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_change_of_rows_is_the_edit_that_the_page_gets(case: dict[str, Any]) -> None:
    rows = Rows(records(case["records"]), None)
    kind, *given = case["change"]
    if kind == "insert":
        made: Any = rows.insert(records(given[0]), given[1])
    elif kind == "replace":
        made = rows.replace(given[0], flat("datatable_update", given[1]))
    elif kind == "set":
        made = rows.set(given[0], tuple(given[1]), given[2])
    else:
        made = rows.remove(given[0])
    assert made[0] == case["edit"]
    assert (rows.fields, rows.cells) == (case["fields"], case["rows"])
