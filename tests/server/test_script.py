"""Scripts: one session that opens a page at first use, and ends with the script or with the page."""

from __future__ import annotations

import signal
import sys
import threading
from typing import TYPE_CHECKING, Protocol

import pytest

from .script import Script
from .visitor import NEVER, TIMEOUT, RefusedError, Visitor, get

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What its thread is told would stand in the middle of what the test reads.
THREAD_TOO = (
    "threading.excepthook = lambda _: None; threading.Thread(target=eval_js, args=['never']).start(); input()"
)


class Run(Protocol):
    """Run a script."""

    def __call__(self, source: str, *arguments: str) -> Script: ...


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Scripts that are ended after the test."""
    scripts: list[Script] = []

    def run(source: str, *arguments: str) -> Script:
        scripts.append(Script(source, tmp_path, *arguments))
        return scripts[-1]

    yield run
    for script in scripts:
        script.end()


def test_a_script_gets_values_from_its_page(run: Run) -> None:
    script = run("""
        from nbsession import eval_js
        print("got", eval_js("1 + 1"))
    """)
    script.visit()
    assert script.wait()[-1] == "got 1 + 1"


def test_a_script_opens_its_page_in_the_browser_of_this_machine(run: Run) -> None:
    script = run("""
        import os
        os.environ["BROWSER"] = "echo opened %s"
        from nbsession import eval_js
        eval_js("1 + 1")
    """)
    url = script.url
    assert script.wait_for_line("opened ") == f"opened {url}"
    script.visit(url)
    script.wait()


def test_threads_of_a_script_need_no_registration(run: Run) -> None:
    script = run("""
        import threading
        from nbsession import eval_js
        thread = threading.Thread(target=lambda: print("got", eval_js("x")))
        thread.start()
        thread.join()
    """)
    script.visit()
    assert script.wait()[-1] == "got x"


def test_threads_go_on_when_the_main_thread_has_ended(run: Run) -> None:
    script = run("""
        import threading
        from nbsession import eval_js
        def beside():
            threading.main_thread().join()
            print("got", eval_js("late"))
        eval_js("1")
        threading.Thread(target=beside).start()
    """)
    script.visit()
    assert script.wait()[-1] == "got late"


def test_a_thread_may_open_the_page_when_the_main_thread_has_ended(run: Run) -> None:
    script = run("""
        import threading
        from nbsession import eval_js
        def beside():
            threading.main_thread().join()
            print("got", eval_js("late"))
        threading.Thread(target=beside).start()
    """)
    script.visit()
    assert script.wait()[-1] == "got late"


def test_ctrl_c_ends_a_thread_s_wait_for_the_page_when_the_main_thread_has_ended(run: Run) -> None:
    script = run("""
        import threading
        from nbsession import eval_js
        def beside():
            threading.main_thread().join()
            eval_js("never")
        threading.excepthook = lambda _: None
        threading.Thread(target=beside).start()
    """)
    assert script.url
    script.interrupt()
    assert script.wait()[-1].startswith("KeyboardInterrupt")


def test_an_import_after_the_main_thread_s_end_says_what_to_do(run: Run) -> None:
    script = run("""
        import threading
        def beside():
            threading.main_thread().join()
            from nbsession import eval_js
            eval_js("late")
        threading.Thread(target=beside).start()
    """)
    assert "import it at the top of the script" in script.wait()[-1]


def test_a_coroutine_of_a_script_awaits_values(run: Run) -> None:
    script = run("""
        import asyncio
        from nbsession import eval_js
        async def main():
            print("got", await asyncio.gather(eval_js("a"), eval_js("b")))
        asyncio.run(main())
    """)
    script.visit()
    assert script.wait()[-1] == "got ['a', 'b']"


def test_local_and_info_of_a_script(run: Run) -> None:
    script = run("""
        from nbsession import info, local
        local.seen = info.backend, info.protocol, info.user_language, info.user_ip, info.frontend
        print(local.seen)
    """)
    script.visit()
    assert script.wait()[-1] == "('tornado', 'websocket', 'de-DE', '127.0.0.1', 'page')"


def test_the_end_waits_until_everything_has_arrived(run: Run) -> None:
    script = run("""
        from nbsession import run_js
        for number in range(2000):
            run_js("n", n=number)
    """)
    visitor = script.visit()
    script.wait()
    visitor.wait_gone()
    assert len(visitor.ran) == 2000


def test_the_end_waits_for_the_page_if_something_is_to_be_shown(run: Run) -> None:
    script = run("""
        import threading
        from nbsession.output import put_text
        import asyncio
        async def main():  # where nothing may block, the call returns before the page is there
            put_text("shown")
        asyncio.run(main())
        print("main has ended")
    """)
    url = script.url
    script.wait_for_line("main has ended")
    visitor = script.visit(url)
    visitor.wait_for(lambda: visitor.texts == ["shown"])


def test_the_end_tells_the_page(run: Run) -> None:
    script = run("""
        from nbsession.output import put_text
        put_text("shown")
    """)
    visitor = script.visit()
    script.wait()
    visitor.wait_gone()
    assert visitor.ended == "the script has ended"


def test_the_end_runs_what_the_script_deferred(run: Run) -> None:
    script = run("""
        from nbsession import defer_call, eval_js
        eval_js("1")
        defer_call(lambda: print("deferred"))
        print("end")
    """)
    script.visit()
    assert script.wait()[-2:] == ["end", "deferred"]


def test_a_script_that_uses_no_page_opens_none(run: Run) -> None:
    script = run("""
        from nbsession import info, local
        local.x = 1
        print(info.backend)
    """)
    assert script.wait() == ["tornado"]


def test_hold_keeps_the_script_until_the_page_is_closed(run: Run) -> None:
    script = run("""
        from nbsession import eval_js, hold, SessionClosedException
        eval_js("1")
        print("holds")
        hold()
        try:
            eval_js("2")
        except SessionClosedException as error:
            print("raised", error.reason)
    """)
    visitor = script.visit()
    script.wait_for_line("holds")
    visitor.leave()
    assert script.wait()[-1] == "raised the page was closed"


def test_closing_the_page_runs_what_the_script_deferred(run: Run) -> None:
    script = run("""
        from nbsession import defer_call, eval_js, hold
        eval_js("1")
        defer_call(lambda: print("deferred"))
        print("holds")
        hold()
    """)
    visitor = script.visit()
    script.wait_for_line("holds")
    visitor.leave()
    assert script.wait()[-1] == "deferred"


def test_closing_the_page_wakes_what_waits(run: Run) -> None:
    script = run("""
        from nbsession import eval_js, SessionClosedException
        try:
            while True:
                eval_js("1")
        except SessionClosedException as error:
            print("raised", error.reason)
    """)
    visitor = script.visit()
    visitor.wait_for(lambda: visitor.evaluated)
    visitor.leave()
    assert script.wait()[-1] == "raised the page was closed"


def test_a_reload_goes_on_with_the_script(run: Run) -> None:
    script = run("""
        from nbsession import eval_js
        from nbsession.output import put_text
        put_text("before")
        input()
        put_text(eval_js("after"))
    """)
    first = script.visit()
    first.wait_for(lambda: first.texts == ["before"])
    first.leave()
    previous = {"context": first.context, "begun": 1, "finished": True}
    second = Visitor(first.port, headers=first.headers, page=first.page, previous=previous)
    second.wait_for(lambda: second.texts == ["before"])
    assert script.process.stdin is not None
    script.process.stdin.write("\n")
    script.process.stdin.flush()
    second.wait_for(lambda: second.texts == ["before", "after"])


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C cannot be sent to one process there")
@pytest.mark.parametrize("waits", ["eval_js('never')", "hold()", "input()", THREAD_TOO])
def test_ctrl_c_ends_a_script_at_once(run: Run, waits: str) -> None:
    script = run(f"""
        import threading
        from nbsession import defer_call, eval_js, hold
        eval_js("1")
        defer_call(lambda: print("deferred"))
        print("waits")
        {waits}
    """)
    visitor = script.visit(evaluate=lambda code: NEVER if code == "never" else code)
    script.wait_for_line("waits")
    visitor.wait_for(lambda: "never" in visitor.evaluated or "never" not in waits)
    script.interrupt()
    lines = script.wait()
    assert "KeyboardInterrupt" in lines
    assert "deferred" in lines
    assert script.process.returncode == -signal.SIGINT


def test_ctrl_c_strikes_no_change_of_state(run: Run) -> None:
    script = run("""
        import signal
        from nbsession import eval_js
        from nbsession.session.guard import Guard
        eval_js("1")
        with Guard():
            signal.raise_signal(signal.SIGINT)
            print("the change is whole")
        print("not interrupted")
    """)
    script.visit()
    lines = script.wait()
    assert "the change is whole" in lines
    assert "KeyboardInterrupt" in lines
    assert "not interrupted" not in lines


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C cannot be sent to one process there")
@pytest.mark.parametrize("before", ["pass", "eval_js('before')"])
def test_ctrl_c_lets_coroutines_clean_up(run: Run, before: str) -> None:
    script = run(f"""
        import asyncio
        from nbsession import eval_js
        async def main():
            try:
                await eval_js("never")
            finally:
                print("cleaned up")
        {before}
        asyncio.run(main())
    """)
    visitor = script.visit(evaluate=lambda code: NEVER if code == "never" else code)
    visitor.wait_for(lambda: "never" in visitor.evaluated)
    script.interrupt()
    lines = script.wait()
    assert "cleaned up" in lines
    assert "KeyboardInterrupt" in lines


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C cannot be sent to one process there")
def test_ctrl_c_ends_a_script_whose_page_was_never_opened(run: Run) -> None:
    script = run("""
        from nbsession import run_js
        run_js("1")
    """)
    assert script.url
    script.interrupt()
    assert "KeyboardInterrupt" in script.wait()


def test_the_prompt_goes_on_after_its_page_is_there(run: Run) -> None:
    script = run('print("ready")', "-i")
    assert script.process.stdin is not None
    script.wait_for_line("ready")
    script.process.stdin.write("from nbsession import eval_js\neval_js('from the prompt')\n")
    script.process.stdin.flush()
    script.visit()
    script.wait_for_line("'from the prompt'")


def test_a_prompt_whose_page_was_closed_opens_another(run: Run) -> None:
    script = run('print("ready")', "-i")
    stdin = script.process.stdin
    assert stdin is not None
    script.wait_for_line("ready")
    stdin.write("from nbsession import eval_js, local\nlocal.kept = 'kept'\neval_js('waits for ever')\n")
    stdin.flush()
    there = threading.Event()

    def leave(_: str) -> None:
        there.wait(TIMEOUT)
        first.leave()

    first = script.visit(evaluate=leave)
    there.set()
    script.wait_for_line("SessionClosedException")
    stdin.write("eval_js('once more ' + local.kept)\n")
    stdin.flush()
    script.visit()
    script.wait_for_line("'once more kept'")


def test_a_thread_of_a_prompt_opens_no_other_page(run: Run) -> None:
    script = run('print("ready")', "-i")
    stdin = script.process.stdin
    assert stdin is not None
    script.wait_for_line("ready")
    stdin.write(
        "from threading import Thread\nfrom nbsession import eval_js\nfrom nbsession.session import close\n"
        "eval_js('1')\nclose()\n"
    )
    stdin.flush()
    script.visit()
    stdin.write("Thread(target=eval_js, args=['2']).start()\n")
    stdin.flush()
    script.wait_for_line("SessionClosedException")


# -- who may open the page -----------------------------------------------------------------------

WAITS = """
    from nbsession import hold, run_js
    run_js("1")
    hold()
"""


def test_the_token_is_exchanged_for_a_cookie(run: Run) -> None:
    url = run(WAITS).url
    port, path = int(url.split(":")[2].split("/")[0]), url[url.index("/?") :]
    response, _ = get(port, path)
    assert response.status == 302
    assert response.getheader("Location") == "/"
    assert response.getheader("Referrer-Policy") == "no-referrer"
    cookie = response.getheader("Set-Cookie") or ""
    assert cookie.startswith(f"nbsession-{port}=")
    assert "; HttpOnly" in cookie
    assert "; SameSite=Lax" in cookie


def test_the_token_works_once(run: Run) -> None:
    url = run(WAITS).url
    port, path = int(url.split(":")[2].split("/")[0]), url[url.index("/?") :]
    get(port, path)
    assert get(port, path)[0].status == 403


def test_without_a_key_there_is_neither_page_nor_socket(run: Run) -> None:
    url = run(WAITS).url
    port = int(url.split(":")[2].split("/")[0])
    assert get(port, "/")[0].status == 403
    assert get(port, "/?token=guessed")[0].status == 403
    with pytest.raises(RefusedError, match="403"):
        Visitor(port)


def test_a_page_of_another_server_on_this_machine_may_not_connect(run: Run) -> None:
    visitor = run(WAITS).visit()
    headers = {**(visitor.headers or {}), "Origin": "http://127.0.0.1:1"}
    with pytest.raises(RefusedError, match="403"):
        Visitor(visitor.port, headers=headers)


def test_a_second_window_is_told_that_there_is_one(run: Run) -> None:
    first = run(WAITS).visit()
    first.wait_for(lambda: first.ran)
    second = Visitor(first.port, headers=first.headers)
    second.wait_gone()
    assert second.ended == "the script's page is open in another window"
