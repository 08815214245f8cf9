"""run_async: tasks that belong to a session."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Callable

import pytest

from nbsession import SessionException, run_async, run_asyncio_coroutine
from nbsession._core.current import current_session
from nbsession._core.scope import inside
from nbsession._core.session import Session
from nbsession.session.coroutinebased import TaskHandler

from .fake_platform import TIMEOUT


async def _until_closed(handle: TaskHandler) -> None:
    """Let the loop turn until the task has ended."""
    deadline = asyncio.get_running_loop().time() + TIMEOUT
    while not handle.closed():
        assert asyncio.get_running_loop().time() < deadline, "the task is still running"
        await asyncio.sleep(0)


def test_the_coroutine_runs_beside_the_calling_code(session: Session) -> None:
    async def main() -> object:
        ran: asyncio.Future[object] = asyncio.get_running_loop().create_future()

        async def beside() -> None:
            ran.set_result(current_session())

        with inside(session):
            run_async(beside())
        return await asyncio.wait_for(ran, TIMEOUT)

    assert asyncio.run(main()) is session


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt])
def test_a_task_does_not_end_its_loop(session: Session, error: type[BaseException]) -> None:
    async def leave() -> None:
        raise error

    async def main() -> str:
        with inside(session):
            await _until_closed(run_async(leave()))
        return "went on"

    assert asyncio.run(main()) == "went on"


def test_a_task_that_was_closed_before_it_began_is_no_forgotten_one(
    session: Session, recwarn: pytest.WarningsRecorder
) -> None:
    async def main() -> None:
        with inside(session):
            run_async(asyncio.sleep(0)).close()
        while len(session.tasks):  # noqa: ASYNC110 -- for a turn of the loop or two
            await asyncio.sleep(0)

    asyncio.run(main())
    gc.collect()
    assert not recwarn.list


def test_a_task_that_has_ended_is_closed(session: Session) -> None:
    async def main() -> None:
        with inside(session):
            handle = run_async(asyncio.sleep(0))
            assert not handle.closed()
            await _until_closed(handle)

    asyncio.run(main())


def test_close_ends_the_task_where_it_waits(session: Session) -> None:
    async def main() -> None:
        ended = asyncio.Event()

        async def wait_long() -> None:
            try:
                await asyncio.sleep(3600)
            finally:
                ended.set()

        with inside(session):
            handle = run_async(wait_long())
            await asyncio.sleep(0)  # let it begin
            handle.close()
        await asyncio.wait_for(ended.wait(), TIMEOUT)
        await _until_closed(handle)

    asyncio.run(main())


def test_a_session_that_closes_ends_its_tasks(session: Session) -> None:
    async def main() -> None:
        with inside(session):
            handle = run_async(asyncio.sleep(3600))
        session.close()
        await _until_closed(handle)
        await asyncio.sleep(0)  # its done callback
        assert len(session.tasks) == 0

    asyncio.run(main())


def test_an_exception_is_shown_in_the_session(session: Session) -> None:
    async def main() -> None:
        async def fail() -> None:
            msg = "no such luck"
            raise LookupError(msg)

        with inside(session):
            await _until_closed(run_async(fail()))
        await asyncio.sleep(0)  # its done callback

    asyncio.run(main())
    assert "no such luck" in str(session.outputs.snapshot())


def _from_callback(session: Session, callback: Callable[[object], object]) -> None:
    session.callbacks.call(session.callbacks.add(callback), None)


def test_a_plain_callback_starts_tasks_that_go_on_after_it(session: Session) -> None:
    ran = threading.Event()

    async def later() -> None:
        await asyncio.sleep(0)
        ran.set()

    _from_callback(session, lambda _: run_async(later()))
    assert ran.wait(TIMEOUT)


def test_a_coroutine_callback_starts_tasks_that_go_on_after_it(session: Session) -> None:
    ran = threading.Event()

    async def later() -> None:
        await asyncio.sleep(0)
        ran.set()

    async def clicked(_: object) -> None:
        run_async(later())

    _from_callback(session, clicked)
    assert ran.wait(TIMEOUT)


def test_a_plain_callback_may_run_a_loop_of_its_own(session: Session) -> None:
    ran = threading.Event()

    async def main() -> None:
        ran.set()

    _from_callback(session, lambda _: asyncio.run(main()))
    assert ran.wait(TIMEOUT)


def test_tasks_of_callbacks_end_with_the_session(session: Session) -> None:
    begun, ended = threading.Event(), threading.Event()

    async def forever() -> None:
        begun.set()
        try:
            await asyncio.sleep(3600)
        finally:
            ended.set()

    _from_callback(session, lambda _: run_async(forever()))
    assert begun.wait(TIMEOUT)
    session.close()
    assert ended.wait(TIMEOUT)


def test_a_handle_says_at_once_that_it_was_closed(session: Session) -> None:
    async def main() -> bool:
        with inside(session):
            handle = run_async(asyncio.sleep(3600))
        handle.close()
        return handle.closed()

    assert asyncio.run(main())


def test_a_function_is_refused_with_advice(session: Session) -> None:
    async def function() -> None:
        pass

    with inside(session), pytest.raises(TypeError, match="call the function first"):
        run_async(function)  # type: ignore[arg-type]


def test_a_thread_without_a_loop_is_told_what_to_do_instead(session: Session) -> None:
    with inside(session), pytest.raises(SessionException, match="register_thread"):
        run_async(asyncio.sleep(0))


def test_run_asyncio_coroutine_gives_what_the_coroutine_returns(session: Session) -> None:
    async def main() -> int:
        with inside(session):
            return await run_asyncio_coroutine(asyncio.sleep(0, 42))

    assert asyncio.run(main()) == 42
