"""The gallery in a front end: its notebooks run from top to bottom, do what they say, and save what nbval compares."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from playwright.sync_api import expect

from tests.examples.reader import expect_fault

from . import test_forms

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from playwright.sync_api import Locator

    from .conftest import OpenNotebook
    from .notebook_page import NotebookPage

pytestmark = pytest.mark.any_front_end

LONG = 60_000  # milliseconds; what other waits of these tests get
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
# `make test` opens the first that a newcomer does. It runs all of them with nbval.
GALLERY = [
    pytest.param(path, id=path.stem, marks=[] if path.stem == "quickstart" else [pytest.mark.at_length])
    for path in sorted(NOTEBOOKS.glob("*.ipynb"))
]


def run_all(
    open_notebook: OpenNotebook, name: str, replaced: Mapping[str, str] | None = None
) -> tuple[NotebookPage, list[int]]:
    """Run a notebook, with texts of its code replaced; return its page and the indices of its code cells.

    A reader answers its forms as the files of answers do.
    """
    notebook, code = start_all(open_notebook, name, replaced)
    if name in READERS:
        READERS[name](notebook, code)
    notebook.wait_idle()
    return notebook, code


def start_all(
    open_notebook: OpenNotebook, name: str, replaced: Mapping[str, str] | None = None
) -> tuple[NotebookPage, list[int]]:
    """Do the same without waiting for its end."""
    cells = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4).cells
    for cell in cells:
        if cell.cell_type == "code":
            cell.outputs = []
            for former, text in (replaced or {}).items():
                cell.source = cell.source.replace(former, text)
    notebook = open_notebook(cells)
    notebook.run_all(wait=False)
    return notebook, [index for index, cell in enumerate(cells) if cell.cell_type == "code"]


def form(notebook: NotebookPage, index: int) -> Locator:
    """Wait for the form below a cell's outputs. Cells before it may import much."""
    notebook.output_area(index).locator("form.nbsession-form:visible").wait_for()
    return test_forms.form(notebook, index)


def submit(asked: Locator) -> None:
    asked.get_by_role("button", name="Submit").click()


def choose(notebook: NotebookPage, index: int, file: Path) -> None:
    form(notebook, index).locator("input[type=file]").set_input_files(file)
    submit(form(notebook, index))


def observe(notebook: NotebookPage, index: int, park: str, species: str, birds: int) -> None:
    asked = form(notebook, index)
    asked.get_by_label("Park").select_option(park)
    asked.get_by_label("Species").fill(species)
    asked.get_by_label("Birds").fill(str(birds))
    submit(asked)


def read_data_entry(notebook: NotebookPage, code: list[int]) -> None:
    observe(notebook, code[0], "Estrela", "Robin", 2)
    choose(notebook, code[1], NOTEBOOKS / "birds.csv")
    for park, species, birds in [("Monsanto", "Magpie", 5), ("Estrela", "Blackbird", 1)]:
        form(notebook, code[2]).get_by_role("button", name="Add an observation").click()
        observe(notebook, code[2], park, species, birds)
    form(notebook, code[2]).get_by_role("button", name="Done").click()


def read_wizard(notebook: NotebookPage, code: list[int]) -> None:
    for index in code[:3]:
        submit(form(notebook, index))


# What a reader does while "Run All Cells" waits.
READERS: dict[str, Callable[[NotebookPage, list[int]], None]] = {
    "data_entry": read_data_entry,
    "wizard": read_wizard,
}


def errors(notebook: NotebookPage, code: list[int]) -> list[dict[str, Any]]:
    return [
        output
        for index in code
        for output in notebook.output_models(index)
        if output["output_type"] == "error"
    ]


def compared(outputs: list[dict[str, Any]]) -> tuple[str, list[str]]:
    """Return what nbval compares of a cell's outputs: its prints, and the texts of its results."""
    prints = "".join("".join(each["text"]) for each in outputs if each["output_type"] == "stream")
    texts = ["".join(each["data"]["text/plain"]) for each in outputs if "data" in each]
    return prints, texts


@pytest.mark.parametrize("path", GALLERY)
def test_it_runs_and_gives_what_was_saved(open_notebook: OpenNotebook, path: Path) -> None:
    notebook, code = run_all(open_notebook, path.stem)
    assert errors(notebook, code) == []
    assert notebook.page.locator(".nbsession-error").count() == (1 if path.stem == "quickstart" else 0)
    saved = nbformat.read(path, as_version=4).cells
    for index in code:
        if "nbval-ignore-output" not in saved[index].metadata.get("tags", []):
            assert compared(notebook.output_models(index)) == compared(saved[index].outputs)


def test_the_quickstart_paints_and_saves(open_notebook: OpenNotebook) -> None:
    notebook, code = run_all(open_notebook, "quickstart")
    assert any("image/png" in output.get("data", {}) for output in notebook.output_models(code[4]))
    [download] = notebook.wait_for_downloads(1)
    assert download.suggested_filename == "squares.csv"


@pytest.mark.at_length
def test_the_data_explorer_saves_what_it_shows(open_notebook: OpenNotebook) -> None:
    notebook, code = run_all(open_notebook, "data_explorer")
    area = notebook.output_area(code[1])
    area.get_by_role("button", name="Lisbon").click()
    area.get_by_text("Save Lisbon.csv").click()
    [download] = notebook.wait_for_downloads(1)
    assert Path(download.path()).read_text(encoding="utf-8").startswith("day,Lisbon\n2025-01-01,")


@pytest.mark.at_length
def test_long_work_is_stopped_by_its_button(open_notebook: OpenNotebook) -> None:
    notebook, code = run_all(open_notebook, "long_work")
    area = notebook.output_area(code[1])
    area.get_by_role("button", name="Begin").click()
    area.locator("img").wait_for()
    area.get_by_role("button", name="Stop").click()
    area.get_by_text("darts", exact=False).filter(has_text="after").wait_for()


@pytest.mark.at_length
def test_long_work_goes_on_while_the_tab_is_closed(open_notebook: OpenNotebook) -> None:
    notebook, code = run_all(open_notebook, "long_work", {"20_000": "1_000_000"})
    notebook.output_area(code[1]).get_by_role("button", name="Begin").click()
    notebook.save()
    notebook.close()
    again = open_notebook(path=notebook.path)
    again.wait_for_text(code[1], "after 120,000,000 darts")


@pytest.mark.at_length
def test_the_chart_and_the_canvas_ask_python(open_notebook: OpenNotebook) -> None:
    notebook, code = run_all(open_notebook, "charts_and_clicks")
    canvas = notebook.output_area(code[3]).locator("canvas")
    notebook.page.evaluate("window.canvas.addEventListener('drawn', () => { window.drawn = true })")
    canvas.click(position={"x": 100, "y": 100})
    notebook.wait_for("() => window.drawn")
    assert notebook.page.evaluate("plot.layout.title.text") == "The slope is 1.9"


@pytest.mark.at_length
def test_the_library_goes_to_a_book_and_back(open_notebook: OpenNotebook) -> None:
    notebook, code = run_all(open_notebook, "two_pages")
    area = notebook.output_area(code[0])
    area.get_by_role("button", name="Solaris").click()
    area.get_by_role("heading", name="Solaris").wait_for()
    area.get_by_role("button", name="Back to the library").click()
    area.get_by_role("heading", name="Library").wait_for()


def test_the_dashboard_is_filtered_and_its_numbers_move(open_notebook: OpenNotebook) -> None:
    notebook, code = run_all(open_notebook, "dashboard")
    area = notebook.output_area(code[1])
    expect(area.locator(".js-plotly-plot .legend").get_by_text("Hills")).to_be_visible(timeout=LONG)
    clock = area.locator(".nbsession-text", has_text=re.compile(r"^\d\d:\d\d$"))
    expect(clock).not_to_have_text(clock.inner_text(), timeout=LONG)
    area.get_by_role("tab", name="Stations").click()
    districts = area.locator("[role=gridcell][col-id=District]")
    expect(districts).to_have_count(12, timeout=LONG)
    area.get_by_role("checkbox", name="Hills").uncheck()
    expect(districts).to_have_text(["Centre"] * 3 + ["Harbour"] * 3 + ["Campus"] * 3, timeout=LONG)


def test_data_entry_shows_errors_at_their_fields(open_notebook: OpenNotebook, tmp_path: Path) -> None:
    notebook, code = start_all(open_notebook, "data_entry")
    asked = form(notebook, code[0])
    asked.get_by_label("City").select_option("Oslo")
    expect(asked.get_by_label("Park").locator("option")).to_have_text(["Ekeberg", "Frogner"], timeout=LONG)
    asked.get_by_label("Birds").fill("0")
    submit(asked)
    expect_fault(notebook.output_area(code[0]), "At least one bird")
    asked.get_by_label("Birds").fill("11")
    submit(asked)
    expect_fault(notebook.output_area(code[0]), "Robins live alone")
    asked.get_by_label("Species").fill("Magpie")
    submit(asked)
    notebook.wait_for_text(code[0], "{'city': 'Oslo', 'park': 'Ekeberg', 'species': 'Magpie', 'birds': 11}")
    (tmp_path / "other.csv").write_text("city,park\n")
    choose(notebook, code[1], tmp_path / "other.csv")
    expect_fault(notebook.output_area(code[1]), "Columns are missing: birds, species")
    choose(notebook, code[1], NOTEBOOKS / "birds.csv")
    form(notebook, code[2])


@pytest.mark.at_length
def test_data_entry_s_table_grows_and_is_saved(open_notebook: OpenNotebook) -> None:
    notebook, code = run_all(open_notebook, "data_entry")
    area = notebook.output_area(code[2])
    expect(area.locator("table tr")).to_have_count(6, timeout=LONG)
    area.get_by_text("Save the table").click()
    [download] = notebook.wait_for_downloads(1)
    lines = Path(download.path()).read_text(encoding="utf-8").splitlines()
    assert lines[-2:] == ["Lisbon,Monsanto,Magpie,5", "Lisbon,Estrela,Blackbird,1"]


@pytest.mark.at_length
def test_the_annotation_tool_takes_keys_and_pins(open_notebook: OpenNotebook) -> None:
    notebook, code = run_all(open_notebook, "annotation")
    area = notebook.output_area(code[0])
    area.get_by_text("Twelve euros").click()
    notebook.page.keyboard.press("3")
    expect(area.get_by_role("radio", name="bad")).to_be_checked(timeout=LONG)
    area.get_by_role("checkbox", name="price").check()
    area.get_by_role("slider").press("ArrowRight")
    area.get_by_label("Remark").press_sequentially("costs 2 euros elsewhere")
    area.get_by_role("button", name="Save").click()
    area.get_by_text("We come every Sunday.").wait_for()
    expect(area.get_by_label("Remark")).to_have_value("", timeout=LONG)
    area.get_by_text("We come every Sunday.").click()
    notebook.page.keyboard.press("1")
    notebook.page.keyboard.press("s")
    area.get_by_text("4 of 4 done").wait_for()
    notebook.downloads.clear()
    notebook.run(code[2])
    [download] = notebook.wait_for_downloads(1)
    saved = json.loads(Path(download.path()).read_text(encoding="utf-8"))
    assert [each["mood"] for each in saved] == ["good", "bad", "bad", "good"]
    assert saved[2] == {
        "review": "Twelve euros for a cold coffee?",
        "mood": "bad",
        "topics": ["price"],
        "sure": 90,
        "remark": "costs 2 euros elsewhere",
    }


def test_the_wizard_waits_at_each_step(open_notebook: OpenNotebook) -> None:
    notebook, code = start_all(open_notebook, "wizard")
    form(notebook, code[0]).get_by_role("radio", name="a hill").check()
    assert notebook.outputs(code[3]) == []
    submit(form(notebook, code[0]))
    asked = form(notebook, code[1])
    asked.get_by_role("slider").press("Home")
    asked.get_by_label("Errors").select_option("none")
    submit(asked)
    asked = form(notebook, code[2])
    for degree in ("12", "4"):
        asked.get_by_role("spinbutton").fill(degree)
        submit(asked)
        if degree == "12":
            expect_fault(notebook.output_area(code[2]), "From 0 to 9")
    notebook.wait_idle()
    expect(notebook.output_area(code[3]).locator("table tr").last).to_contain_text("a hill10", timeout=LONG)
