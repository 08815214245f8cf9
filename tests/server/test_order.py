"""Order of outputs and commands on a server's page, and the root that commands draw into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbsession import eval_js, run_js
from nbsession.output import clear, put_html, put_text

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Serve
    from .window import Open

COUNT = "document.querySelectorAll('.x').length"


def test_an_apps_first_output_is_there_for_the_next_command(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        put_html("<div class=x></div>")
        put_text(f"{eval_js(COUNT)} found")

    open_page(serve(app).url).get_by_text("1 found").wait_for()


def test_commands_and_outputs_alternate_on_the_page_as_in_the_code(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        for _ in range(3):
            put_html("<div class=x></div>")
            run_js(f"(window.counts ??= []).push({COUNT})")
        clear()
        put_text(f"counts {eval_js('window.counts')}, then {eval_js(COUNT)}")

    open_page(serve(app).url).get_by_text("counts [1, 2, 3], then 0").wait_for()


def test_a_command_draws_into_the_root_of_its_session(serve: Serve, open_page: Open) -> None:
    page = open_page(serve(lambda: run_js("element.append('drawn')")).url)
    page.get_by_role("log").get_by_text("drawn").wait_for()


def test_code_can_import_a_module_by_an_address_of_the_page(
    serve: Serve, open_page: Open, tmp_path: Path
) -> None:
    (tmp_path / "module.js").write_text("export const answer = 42", encoding="utf-8")

    def app() -> None:
        put_text(f"answer {eval_js('(await import(`./static/module.js`)).answer')}")

    open_page(serve(app, static_dir=str(tmp_path)).url).get_by_text("answer 42").wait_for()
