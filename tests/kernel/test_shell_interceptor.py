"""The interceptor in a real kernel: what is ours arrives while a cell runs, what is not passes untouched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .kernel_process import is_comm, is_idle, is_stream

if TYPE_CHECKING:
    from .kernel_process import KernelProcess


def test_a_page_answers_while_the_cell_blocks(kernel: KernelProcess) -> None:
    outcome = kernel.run("print(ask().content)")
    assert outcome.error is None, outcome.traceback
    assert "'answer'" in outcome.stdout


def test_a_thousand_round_trips_in_one_cell_keep_their_order(kernel: KernelProcess) -> None:
    outcome = kernel.run(
        "received.clear()\n_ = rounds(1000)\n"
        "print([m.content['answer'] for m in received] == list(range(received[0].content['answer'], next(numbers))))"
    )
    assert outcome.stdout == "True\n", outcome.traceback


def test_buffers_come_back_byte_for_byte(kernel: KernelProcess) -> None:
    outcome = kernel.run(
        "sent = (bytes(range(256)), b'', bytes(3_000_000))\n"
        "print([bytes(b) for b in ask(buffers=sent).buffers] == list(sent))"
    )
    assert outcome.stdout == "True\n", outcome.traceback


def test_a_thread_blocks_while_the_cell_waits_too(kernel: KernelProcess) -> None:
    outcome = kernel.run(
        "done = Waiter()\n"
        "def work():\n"
        "    ask()\n"
        "    done.release()\n"
        "_ = in_thread(work)\n"
        "print(interceptor.wait(done, 100))"
    )
    assert outcome.stdout == "True\n", outcome.traceback


def test_a_thread_blocks_after_its_cell_has_ended(kernel: KernelProcess) -> None:
    kernel.run("go = Waiter()\n_ = in_thread(lambda: (go.wait(), ask(), tell(finished=1)))")
    kernel.execute("go.release()")
    kernel.until(lambda message: is_comm(message, "finished"))


def test_an_async_cell_awaits(kernel: KernelProcess) -> None:
    outcome = kernel.run(
        "answers = [asyncio.create_task(ask_async()) for _ in range(200)]\nprint(len([await a for a in answers]))"
    )
    assert outcome.stdout == "200\n", outcome.traceback


def test_a_blocking_helper_works_in_an_async_cell(kernel: KernelProcess) -> None:
    outcome = kernel.run("await asyncio.sleep(0)\nprint(len(rounds(20)))")
    assert outcome.stdout == "20\n", outcome.traceback


def test_a_wait_of_the_main_thread_ends_when_another_thread_releases_it(kernel: KernelProcess) -> None:
    outcome = kernel.run(
        "waiter, ready = Waiter(), Waiter()\n"
        "_ = in_thread(lambda: (ready.wait(), waiter.release()))\n"
        "ready.release()\n"
        "print(interceptor.wait(waiter, 3600))"
    )
    assert outcome.stdout == "True\n", outcome.traceback


def test_a_wait_ends_at_its_timeout(kernel: KernelProcess) -> None:
    outcome = kernel.run(
        "began = time.perf_counter()\nprint(interceptor.wait(Waiter(), 0.05), time.perf_counter() - began >= 0.05)"
    )
    assert outcome.stdout == "False True\n", outcome.traceback


def test_requests_queued_during_a_wait_run_afterwards_in_order(kernel: KernelProcess) -> None:
    busy = kernel.execute("tell(begun=1)\nask()\nask()\nprint('first')")
    kernel.until(lambda message: is_comm(message, "begun"))
    queued = [kernel.execute(f"print('queued {number}')") for number in range(5)]
    information = kernel.request("kernel_info_request", {})
    kernel.finish(busy)
    outcomes = [kernel.finish(request).stdout for request in queued]
    assert outcomes == [f"queued {number}\n" for number in range(5)]
    assert kernel.reply(information)["msg_type"] == "kernel_info_reply"


def test_requests_that_arrive_with_the_answer_are_not_left_lying(kernel: KernelProcess) -> None:
    """The socket is edge-triggered: what the wait leaves must be looked at when the cell is done."""
    late: list[Any] = []

    def answer(message: dict[str, object]) -> None:
        if is_comm(message, "ask"):
            number = message["content"]["data"]["content"]["ask"]  # type: ignore[index]
            kernel.comm("a" * 32, {"answer": number})
            late.extend(kernel.request("kernel_info_request", {}) for _ in range(3))

    kernel.on_comm = answer
    kernel.run("for _ in range(20): ask()")
    assert [kernel.reply(request)["msg_type"] for request in late] == ["kernel_info_reply"] * 60


def test_the_kernel_goes_on_when_requests_and_replies_cross(kernel: KernelProcess) -> None:
    """ipykernel 7.0 to 7.3 alone read nothing any more after some hundred of such crossings."""
    if kernel.run("print(interceptor.threaded)").stdout != "True\n":
        pytest.skip("ipykernel 6 reads and replies in one thread")
    for _ in range(600):
        request = kernel.execute("pass")
        kernel.until(lambda message, request=request: is_idle(message, request))  # type: ignore[misc]
    assert kernel.run("print('alive')").stdout == "alive\n"


def test_messages_of_a_foreign_comm_reach_it_untouched_and_in_order(kernel: KernelProcess) -> None:
    kernel.run(
        "other = comm.create_comm(target_name='other', comm_id='b' * 32)\nseen = []\nother.on_msg(seen.append)"
    )
    busy = kernel.execute("tell(begun=1)\nask()")
    kernel.until(lambda message: is_comm(message, "begun"))
    for number in range(10):
        # Our comm's id inside of a foreign message must not make it ours.
        kernel.comm("b" * 32, {"number": number, "model": f"IPY_MODEL_{'a' * 32}"}, [bytes([number])])
    kernel.finish(busy)
    outcome = kernel.run(
        "print([m['content']['data']['content']['number'] for m in seen], [bytes(m['buffers'][0])[0] for m in seen])"
    )
    assert outcome.stdout == f"{list(range(10))} {list(range(10))}\n"


def test_what_is_not_custom_goes_to_the_comm_and_not_to_the_lane(kernel: KernelProcess) -> None:
    kernel.run("states = []\nchannel.on_msg(states.append)\nreceived.clear()")
    update = kernel.comm("a" * 32, {"x": 1}, method="update")
    kernel.until(lambda message: is_idle(message, update))
    assert kernel.run("print(len(states), len(received))").stdout == "1 0\n"


def test_custom_messages_reach_the_lane_and_not_the_comm(kernel: KernelProcess) -> None:
    kernel.run("states = []\nchannel.on_msg(states.append)\nreceived.clear()")
    kernel.comm("a" * 32, {"x": 1})
    assert kernel.run("print(len(states), len(received))").stdout == "0 1\n"


def test_a_message_for_a_subshell_is_ours_too(kernel: KernelProcess) -> None:
    kernel.run("received.clear()")
    content = {"comm_id": "a" * 32, "data": {"method": "custom", "content": {"x": 1}}}
    kernel.request("comm_msg", content, subshell_id="no-such-subshell")
    assert kernel.run("print(len(received))").stdout == "1\n"


def test_a_message_with_a_false_signature_is_not_taken(kernel: KernelProcess) -> None:
    kernel.run("received.clear()")
    session = kernel.client.session
    frames = session.serialize(
        session.msg("comm_msg", {"comm_id": "a" * 32, "data": {"method": "custom", "content": {}}})
    )
    frames[1] = b"0" * 64
    kernel.client.shell_channel.socket.send_multipart(frames)
    assert kernel.run("print(len(received))").stdout == "0\n"


def test_a_message_played_again_is_not_taken(kernel: KernelProcess) -> None:
    kernel.run("received.clear()")
    session = kernel.client.session
    frames = session.serialize(
        session.msg("comm_msg", {"comm_id": "a" * 32, "data": {"method": "custom", "content": {}}})
    )
    kernel.client.shell_channel.socket.send_multipart(frames)
    kernel.client.shell_channel.socket.send_multipart(frames)
    assert kernel.run("print(len(received))").stdout == "1\n"


def test_a_failing_receiver_breaks_nothing(kernel: KernelProcess) -> None:
    outcome = kernel.run(
        "failures = []\n"
        "def fail(message):\n    failures.append(message)\n    raise RuntimeError('on purpose')\n"
        "fragile = comm.create_comm(target_name='test', comm_id='c' * 32)\n"
        "interceptor.open('c' * 32, fail)"
    )
    kernel.comm("c" * 32, {"x": 1})
    outcome = kernel.run("print(len(failures), len(rounds(3)))\ninterceptor.close('c' * 32)")
    assert outcome.stdout == "1 3\n", outcome.traceback


def test_a_closed_comm_is_the_kernels_again(kernel: KernelProcess) -> None:
    kernel.run(
        "seen, ours = [], []\n"
        "closed = comm.create_comm(target_name='test', comm_id='d' * 32)\nclosed.on_msg(seen.append)\n"
        "interceptor.open('d' * 32, ours.append)\ninterceptor.close('d' * 32)"
    )
    kernel.comm("d" * 32, {"x": 1})
    assert kernel.run("print(len(seen), len(ours))").stdout == "1 0\n"


def test_two_lanes_on_one_kernel_live_side_by_side(kernel: KernelProcess) -> None:
    kernel.run(
        "mine = []\nsecond = ShellInterceptor(kernel)\ncomm.create_comm(target_name='test', comm_id='e' * 32)\n"
        "second.open('e' * 32, mine.append)\nsecond.open('e' * 32, mine.append)"
    )
    kernel.comm("e" * 32, {"x": 1})
    assert kernel.run("print(len(mine), len(rounds(3)))").stdout == "1 3\n"
    assert kernel.run("second.uninstall()\nprint(len(rounds(3)))").stdout == "3\n"


def test_an_uninstalled_lane_leaves_the_kernel_as_it_was(bare_kernel: KernelProcess) -> None:
    bare_kernel.run("before = get_ipython().kernel.shell_stream._recv_callback\nfrom in_kernel import *")
    outcome = bare_kernel.run("interceptor.uninstall()\nprint(kernel.shell_stream._recv_callback is before)")
    assert outcome.stdout == "True\n", outcome.traceback
    assert bare_kernel.run("print('alive')").stdout == "alive\n"


def test_a_message_that_came_another_way_is_delivered(kernel: KernelProcess) -> None:
    outcome = kernel.run(
        "received.clear()\ninterceptor.deliver(channel.comm_id, {'x': 1}, [b'abc'], {'session': 's'})\n"
        "print(received[0].content, bytes(received[0].buffers[0]), received[0].header)"
    )
    assert outcome.stdout == "{'x': 1} b'abc' {'session': 's'}\n", outcome.traceback


def test_a_display_with_a_parent_lands_in_that_cell(kernel: KernelProcess) -> None:
    first = kernel.run("parent = kernel.get_parent()")
    outcome = kernel.run("interceptor.publish_display(parent, {'text/plain': 'x'}, {}, display_id='d')")
    shown = [message for message in outcome.messages if message["msg_type"] == "display_data"]
    assert [message["parent_header"]["msg_id"] for message in shown] == [first.request["header"]["msg_id"]]
    assert shown[0]["content"] == {
        "data": {"text/plain": "x"},
        "metadata": {},
        "transient": {"display_id": "d"},
    }


def test_a_kernel_without_a_way_in_is_named(kernel: KernelProcess) -> None:
    outcome = kernel.run(
        "from ipykernel.inprocess.ipkernel import InProcessKernel\n"
        "ShellInterceptor(InProcessKernel.__new__(InProcessKernel))"
    )
    assert outcome.error == "UnsupportedKernelError"
    assert "InProcessKernel offers no way to receive messages while a cell runs" in outcome.traceback


def test_a_kernel_that_is_none_is_named(kernel: KernelProcess) -> None:
    outcome = kernel.run("ShellInterceptor(object())")
    assert outcome.error == "UnsupportedKernelError"
    assert "it has no shell_stream" in outcome.traceback


def test_output_of_the_cell_comes_while_it_waits(kernel: KernelProcess) -> None:
    """Nothing of the interceptor holds back what the cell prints."""
    kernel.on_comm = lambda message: None
    request = kernel.execute("print('seen', flush=True)\nask(timeout=3600)")
    kernel.until(lambda message: is_stream(message, "seen"))
    asked = (
        next(m for m in kernel.messages if is_comm(m, "ask"))
        if any(is_comm(m, "ask") for m in kernel.messages)
        else kernel.until(lambda message: is_comm(message, "ask"))
    )
    kernel.comm("a" * 32, {"answer": asked["content"]["data"]["content"]["ask"]})
    assert kernel.finish(request).error is None
