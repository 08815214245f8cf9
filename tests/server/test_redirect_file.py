"""How the reader's browser is told the address of a script's page: by a file, which no list of processes shows."""

from __future__ import annotations

import os
import re
import shlex
import stat
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest

from .script import Script, enter

if TYPE_CHECKING:
    from .conftest import Run
    from .window import Open

OPENER = """\
#!/bin/sh
tr '\\0' ' ' < /proc/$$/cmdline | sed 's/^/opener: /'
echo
"""


def opened_by(run: Run, folder: Path, **environment: str) -> tuple[Script, str, str]:
    """Return a script that waits for its page, the page's address, and the command line of the browser."""
    opener = folder / "opener"
    opener.write_text(OPENER, encoding="utf-8")
    opener.chmod(0o700)
    given = {"BROWSER": f"{shlex.quote(str(opener))} %s", **environment}
    script = run(f"""
        import os
        os.environ.update({given})
        from nbsession import hold, run_js
        from nbsession.output import put_text
        put_text("shown")
        hold()
    """)
    url = script.url
    return script, url, script.wait_for_line("opener: ")


def redirect_file(command: str) -> Path:
    found = re.search(r"file://\S+", command)
    assert found is not None
    return Path(url2pathname(urlsplit(found[0]).path))


linux = pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="looks at /proc")


@linux
def test_the_list_of_processes_does_not_tell_what_opens_the_page(run: Run, tmp_path: Path) -> None:
    _, url, command = opened_by(run, tmp_path)
    token, _, secret = url.partition("token=")[2].partition("#nbsession=")
    assert token not in command
    assert secret not in command


@linux
def test_only_this_user_may_read_the_file_that_leads_to_the_page(run: Run, tmp_path: Path) -> None:
    *_, command = opened_by(run, tmp_path)
    assert stat.S_IMODE(redirect_file(command).stat().st_mode) == 0o600


@linux
def test_a_browser_that_opens_the_file_is_led_to_the_page(run: Run, tmp_path: Path, open_page: Open) -> None:
    *_, command = opened_by(run, tmp_path)
    page = open_page(redirect_file(command).as_uri())
    page.get_by_text("shown").wait_for()
    page.reload()
    page.get_by_text("shown").wait_for()


@linux
def test_the_file_is_gone_when_the_token_has_been_used(run: Run, tmp_path: Path) -> None:
    _, url, command = opened_by(run, tmp_path)
    enter(url)
    assert not redirect_file(command).exists()


@linux
def test_the_file_is_gone_when_the_script_has_ended(run: Run, tmp_path: Path) -> None:
    script, _, command = opened_by(run, tmp_path)
    script.interrupt()
    script.wait()
    assert not redirect_file(command).exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks on this system")
def test_a_child_that_was_forked_leaves_the_file_to_its_parent(run: Run) -> None:
    script = run("""
        import os, sys
        from nbsession._own_page.redirect_file import RedirectFile
        file = RedirectFile("http://127.0.0.1/")
        child = os.fork()
        if not child:
            sys.exit()
        os.waitpid(child, 0)
        print(os.path.exists(file.url.removeprefix("file://")))
    """)
    assert script.wait() == ["True"]


@linux
def test_a_browser_that_reads_no_files_is_given_the_address(run: Run, tmp_path: Path) -> None:
    _, url, command = opened_by(run, tmp_path, NBSESSION_REDIRECT_FILE="0")
    assert url in command


def test_a_reader_whose_browser_does_not_come_is_told_what_may_be_wrong(run: Run) -> None:
    script = run("""
        import os
        os.environ["BROWSER"] = "true %s"
        from nbsession import eval_js
        from nbsession._own_page import script_platform
        script_platform._REMIND_AFTER = 0.0
        print("got", eval_js("x"))
    """)
    url = script.url
    assert "NBSESSION_REDIRECT_FILE=0" in script.wait_for_line("waits for its page")
    script.visit(url)
    script.wait_for_line("got x")
