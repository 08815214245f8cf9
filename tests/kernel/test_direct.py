"""Direct sockets between pages and a kernel, without the Jupyter server: the test plays both it and the page."""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .direct_page import DirectPage, RelaySocket, address_of, refused
from .fake_page import FakePage
from .kernel_process import KernelProcess, is_comm, is_stream

if TYPE_CHECKING:
    from collections.abc import Iterator

IMPORT = "from nbsession import *\nimport threading, time\n"
# At length as many as the issue asks for.
FULL = (100_000, 1000, 100)


@pytest.fixture(autouse=True)
def _closed_sockets() -> Iterator[None]:
    yield
    RelaySocket.close_all()


@pytest.fixture
def bare_kernel(python: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KernelProcess]:
    """A kernel whose pages may use direct sockets."""
    kernel = KernelProcess(python, tmp_path_factory.mktemp("kernel"), {"NBSESSION_TRANSPORT": "auto"})
    yield kernel
    kernel.close()


@pytest.fixture
def page(bare_kernel: KernelProcess) -> Iterator[DirectPage]:
    """A page whose socket is open when this returns."""
    page = DirectPage(bare_kernel)
    page.attach()
    bare_kernel.run(IMPORT + "eval_js('0')")
    until_attached(bare_kernel, page)
    page.forget()
    bare_kernel.messages.clear()
    yield page
    page.connects = False


@pytest.fixture
def waiting_page(bare_kernel: KernelProcess) -> DirectPage:
    """A page that has a key and no socket."""
    page = DirectPage(bare_kernel)
    page.connects = False
    page.attach()
    bare_kernel.run(IMPORT + "eval_js('0')")
    while not page.keys:
        bare_kernel.run("0")
    return page


def until_attached(kernel: KernelProcess, page: DirectPage) -> None:
    """Run cells, in which the page hears by comm, until its socket is open and it has another key."""
    while not (page.attached.is_set() and page.keys):
        kernel.run("0")


def folder_of(kernel: KernelProcess) -> Path:
    """Return the folder of the sockets' files."""
    return Path(kernel.manager.connection_file).parent / "nbsession"


def test_values_and_commands_use_the_socket_alone(bare_kernel: KernelProcess, page: DirectPage) -> None:
    code = "for i in range(100): run_js(f'run {i}')\nprint([eval_js('i', i=i) for i in range(100)] == list(range(100)))"
    assert bare_kernel.run(code).stdout == "True\n"
    assert page.ran == [*(f"run {i}" for i in range(100)), *(["i"] * 100)]
    assert not any(is_comm(message, "frame") for message in bare_kernel.messages)


def test_info_names_what_is_used(bare_kernel: KernelProcess, page: DirectPage) -> None:
    assert bare_kernel.run("print(info.transport, info.protocol)").stdout == "websocket comm\n"
    page.connects = False
    page.cut()
    bare_kernel.until(lambda message: is_comm(message, "lost"))
    assert bare_kernel.run("print(info.transport)").stdout == "comm\n"


def test_a_page_whose_server_relays_nothing_uses_the_comm(bare_kernel: KernelProcess) -> None:
    page = FakePage(bare_kernel)
    page.info["pending"] = ["whoami"]
    page.later = {"whoami": {"address": "127.0.0.1"}}
    page.attach()
    assert bare_kernel.run(IMPORT + "eval_js('0')\nprint(info.user_ip, info.transport)").stdout == (
        "127.0.0.1 comm\n"
    )
    assert not folder_of(bare_kernel).exists()


def test_by_default_there_are_none(python: str, tmp_path: Path) -> None:
    kernel = KernelProcess(python, tmp_path)
    try:
        page = DirectPage(kernel)
        assert page.later is not None
        page.later["whoami"]["address"] = "127.0.0.1"
        page.attach()
        assert kernel.run(IMPORT + "print(eval_js('1'), info.user_ip, info.transport)").stdout == (
            "1 127.0.0.1 comm\n"
        )
        assert not folder_of(kernel).exists()
    finally:
        kernel.close()


def test_another_value_of_the_variable_is_an_error(python: str, tmp_path: Path) -> None:
    kernel = KernelProcess(python, tmp_path, {"NBSESSION_TRANSPORT": "socket"})
    try:
        outcome = kernel.run(IMPORT + "eval_js('1')")
        assert "NBSESSION_TRANSPORT must be auto or comm, not 'socket'" in outcome.traceback
    finally:
        kernel.close()


def test_a_threads_value_while_the_main_thread_joins_it(bare_kernel: KernelProcess, page: DirectPage) -> None:
    """On ipykernel 6, the comm is not read meanwhile."""
    code = """
def work(): print(eval_js('1 + 1'), flush=True)
thread = threading.Thread(target=work); register_thread(thread); thread.start(); thread.join()
"""
    assert bare_kernel.run(code).stdout == "2\n"


def test_stop_interrupts_a_wait_for_the_socket(bare_kernel: KernelProcess, page: DirectPage) -> None:
    page.silent.add("never")
    request = bare_kernel.execute("print('waiting', flush=True)\neval_js('never')")
    bare_kernel.until(lambda message: is_stream(message, "waiting"))
    while "never" not in page.ran:
        time.sleep(0.01)
    bare_kernel.interrupt()
    assert bare_kernel.finish(request).error == "KeyboardInterrupt"
    assert bare_kernel.run("print(eval_js('3'))").stdout == "3\n"


def test_a_coroutine_awaits_a_value(bare_kernel: KernelProcess, page: DirectPage) -> None:
    code = "import asyncio\nprint(await asyncio.gather(*[eval_js('i', i=i) for i in range(50)]) == list(range(50)))"
    assert bare_kernel.run(code).stdout == "True\n"


def test_large_values_both_ways(bare_kernel: KernelProcess, page: DirectPage) -> None:
    code = "run_js('x', data=bytes(20_000_000))\nprint(eval_js('\"x\" * 5_000_000') == 'x' * 5_000_000)"
    assert bare_kernel.run(code).stdout == "True\n"
    assert not any(is_comm(message, "frame") for message in bare_kernel.messages)


def test_displays_come_after_commands_that_the_socket_still_holds(
    bare_kernel: KernelProcess, page: DirectPage
) -> None:
    """The page does not read its socket until the display has come by the kernel's own channel."""
    ran_at_display: list[int] = []

    def look(message: dict[str, object]) -> None:
        if message["msg_type"] == "display_data":
            ran_at_display.append(len(page.ran))

    bare_kernel.on_message = look
    code = "for i in range(50): run_js('x')\ndisplay({'text/plain': 'mark'}, raw=True)"
    relay, page.relay = page.relay, None  # the page answers by comm, and hears nothing else
    page.lock.acquire()
    on_comm = FakePage.on_comm
    bare_kernel.on_comm = lambda message: on_comm(page, message)
    try:
        bare_kernel.run(code)
    finally:
        page.lock.release()
        page.relay = relay
    assert ran_at_display == [50]


@pytest.mark.parametrize("count", [(2000, 100, 10), pytest.param(FULL, marks=pytest.mark.at_length)], ids=str)
def test_cut_at_random_everything_happens_once_and_in_order(
    bare_kernel: KernelProcess, page: DirectPage, count: tuple[int, int, int]
) -> None:
    commands, evals, cuts = count
    seed = random.randrange(10**6)
    print("seed", seed)
    chance = random.Random(seed)
    ended = threading.Event()

    def cut_at_random() -> None:
        for _ in range(cuts):
            if ended.wait(chance.expovariate(20)):
                return
            page.attached.wait(10)
            page.cut()

    thread = threading.Thread(target=cut_at_random)
    thread.start()
    code = f"""
good = 0
for i in range({commands}):
    run_js(str(i))
    if i % {commands // evals} == 0: good += eval_js("i", i=i) == i
print(good)
"""
    try:
        assert bare_kernel.run(code).stdout == f"{evals}\n"
    finally:
        ended.set()
        thread.join()
    assert [each for each in page.ran if each != "i"] == [str(i) for i in range(commands)]


def test_a_reloaded_page_gets_a_key_and_a_socket(bare_kernel: KernelProcess, page: DirectPage) -> None:
    former = page.context
    page.keys.clear()
    relay, page.relay = page.relay, None
    assert relay is not None
    relay.close()
    page.attached.clear()
    page.reload()
    until_attached(bare_kernel, page)
    assert page.context != former
    bare_kernel.messages.clear()
    assert bare_kernel.run("print(eval_js('4'))").stdout == "4\n"
    assert not any(is_comm(message, "frame") for message in bare_kernel.messages)


# -- who is refused --------------------------------------------------------------------------


def test_who_does_not_know_the_secret(bare_kernel: KernelProcess, waiting_page: DirectPage) -> None:
    relay = RelaySocket(bare_kernel, b"x" * 32)
    relay.prove(waiting_page.context, waiting_page.keys[0])
    assert refused(relay)


def test_a_key_that_was_used(bare_kernel: KernelProcess, waiting_page: DirectPage) -> None:
    first, second = RelaySocket(bare_kernel), RelaySocket(bare_kernel)
    key = waiting_page.keys[0]
    first.prove(waiting_page.context, key)
    assert first.receive() == ({"context": waiting_page.context, "attached": key}, [])
    second.prove(waiting_page.context, key)
    assert refused(second)


def test_a_key_of_another_page(bare_kernel: KernelProcess, waiting_page: DirectPage) -> None:
    relay = RelaySocket(bare_kernel)
    relay.prove("another context", waiting_page.keys[0])
    assert refused(relay)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b'{"context": 1, "key": null}', b'{"context": "\\ud800", "key": "\\ud800"}'],
    ids=repr,
)
def test_what_is_no_key(bare_kernel: KernelProcess, waiting_page: DirectPage, content: bytes) -> None:
    relay = RelaySocket(bare_kernel)
    relay.send(1, content)
    assert refused(relay)


def test_a_long_message_before_the_key(bare_kernel: KernelProcess, waiting_page: DirectPage) -> None:
    relay = RelaySocket(bare_kernel)
    relay.send(1, b" " * 2000)
    assert refused(relay)


def test_who_says_nothing_is_let_go_when_many_do(
    bare_kernel: KernelProcess, waiting_page: DirectPage
) -> None:
    relays = [RelaySocket(bare_kernel) for _ in range(40)]
    assert refused(relays[0])
    relays[-1].prove(waiting_page.context, waiting_page.keys[0])
    assert relays[-1].receive() is not None


def test_who_says_nothing_for_long(bare_kernel: KernelProcess, waiting_page: DirectPage) -> None:
    bare_kernel.run(
        "from nbsession._core.current import runtime\nruntime.platform.direct_sockets.listener.proved_within = 0.2"
    )
    assert refused(RelaySocket(bare_kernel))


def test_messages_of_another_page(bare_kernel: KernelProcess, page: DirectPage) -> None:
    page.connects = False
    assert page.relay is not None
    page.relay.send(1, b'{"context": "another", "frame": {"ack": 0}}')
    bare_kernel.until(lambda message: is_comm(message, "lost"))


def test_a_page_that_reads_nothing_does_not_stop_the_kernel(
    bare_kernel: KernelProcess, waiting_page: DirectPage
) -> None:
    relay = RelaySocket(bare_kernel)
    relay.prove(waiting_page.context, waiting_page.keys[0])
    code = "for i in range(50): run_js('x', data=bytes(1_000_000))\nprint('done')"
    assert bare_kernel.run(code).stdout == "done\n"
    relay.close()


# -- files and forks -------------------------------------------------------------------------


def test_the_files_are_the_users_own_and_go_with_the_kernel(
    bare_kernel: KernelProcess, page: DirectPage
) -> None:
    folder = folder_of(bare_kernel)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert sorted((file.suffix, file.stat().st_mode & 0o777) for file in folder.iterdir()) == [
        (".json", 0o600),
        (".sock", 0o600),
    ]
    page.connects = False
    bare_kernel.manager.shutdown_kernel()
    assert list(folder.iterdir()) == []


def test_a_folder_that_others_can_use_is_not_used(bare_kernel: KernelProcess) -> None:
    folder_of(bare_kernel).mkdir(mode=0o777)
    folder_of(bare_kernel).chmod(0o777)
    page = DirectPage(bare_kernel)
    page.attach()
    assert (
        bare_kernel.run(IMPORT + "print(eval_js('1'), info.user_ip, info.transport)").stdout
        == "1 127.0.0.1 comm\n"
    )
    assert address_of(bare_kernel) is None


def test_files_of_a_killed_kernel_are_removed_by_the_next(
    bare_kernel: KernelProcess, waiting_page: DirectPage, python: str, tmp_path: Path
) -> None:
    folder = folder_of(bare_kernel)
    killed = {file.name for file in folder.iterdir()}
    code = "import os\nfrom nbsession._jupyter.direct.address_file import OpenAddress\n"
    code += f"other = OpenAddress({str(folder.parent / 'other.json')!r})"
    assert bare_kernel.run(code).error is None
    assert len(list(folder.iterdir())) == 4
    code = (
        f"third = OpenAddress({str(folder.parent / 'third.json')!r}); print(len(os.listdir({str(folder)!r})))"
    )
    assert bare_kernel.run(code).stdout == "4\n"  # `other.json` does not exist, so its files are gone
    assert killed < {file.name for file in folder.iterdir()}


@pytest.fixture
def forked(bare_kernel: KernelProcess, page: DirectPage) -> Iterator[None]:
    """A child that lives until the end of the test."""
    code = "import os, signal\nchild = os.fork()\nif child == 0:\n    signal.pause()"
    assert bare_kernel.run(code).error is None
    yield
    bare_kernel.run("os.kill(child, 9)")


@pytest.mark.usefixtures("forked")
def test_a_forked_child_does_not_use_the_socket(bare_kernel: KernelProcess, page: DirectPage) -> None:
    assert bare_kernel.run("print(eval_js('5'))").stdout == "5\n"


def test_a_forked_child_closes_its_copies_and_leaves_the_files(
    bare_kernel: KernelProcess, page: DirectPage
) -> None:
    code = """
import os
from nbsession._core.current import runtime
listener = runtime.platform.direct_sockets.listener
readable, writable = os.pipe()
child = os.fork()
if child == 0:
    os.write(writable, str(listener.server.fileno()).encode())
    os._exit(0)
os.waitpid(child, 0)
print(os.read(readable, 10).decode(), listener.server.fileno() > 0)
"""
    assert bare_kernel.run(code).stdout == "-1 True\n"
    assert address_of(bare_kernel) is not None
    assert bare_kernel.run("print(eval_js('6'))").stdout == "6\n"
