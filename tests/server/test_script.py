"""Scripts: one session that opens a page at first use, and ends with the script or with the page."""

from __future__ import annotations

import signal
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from .script import enter
from .visitor import NEVER, TIMEOUT

if TYPE_CHECKING:
    from .conftest import Run

# What its thread is told would stand in the middle of what the test reads.
THREAD_TOO = (
    "threading.excepthook = lambda _: None; threading.Thread(target=eval_js, args=['never']).start(); input()"
)


def test_a_script_gets_values_from_its_page(run: Run) -> None:
    script = run("""
        from nbsession import eval_js
        print("got", eval_js("1 + 1"))
    """)
    script.visit()
    assert script.wait()[-1] == "got 1 + 1"


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
    entry = enter(script.url)
    first = entry.visit()
    first.wait_for(lambda: first.texts == ["before"])
    first.leave()
    previous = {"context": first.context, "begun": 1, "finished": True}
    second = entry.visit(page=first.page, previous=previous)
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
    if "input" in waits:
        script.wait_until_it_reads()
    script.interrupt()
    lines = script.wait()
    assert "KeyboardInterrupt" in lines
    assert "deferred" in lines
    assert script.process.returncode == -signal.SIGINT


def test_ctrl_c_strikes_no_change_of_state(run: Run) -> None:
    script = run("""
        import signal
        from nbsession import eval_js
        from nbsession._sync.interrupt_safe_lock import InterruptSafeLock
        eval_js("1")
        with InterruptSafeLock():
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
