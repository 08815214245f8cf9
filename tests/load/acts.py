"""What a hostile visitor does: each act once, against a server that serves the apps of `server`.

An act returns when the server has dealt with what it sent, or has cut it off.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection

from nbsession._server.wire.envelope import LARGEST, join

from .guest import Guest, GuestBySocket, hello, message_of, new_context

KIB, MIB = 1024, 2**20
LONG = "x" * (LARGEST - KIB)
MADE_UP = 10**6
"""Channels from here on are open nowhere."""
FULL = os.environ.get("NBSESSION_TEST_LOAD") == "full"
FEW = 5 if FULL else 1
"""How often the same is sent that takes the server long."""
LINGER = 3.0 if FULL else 0.5
"""Seconds for which those stay who take nothing, or send a byte now and then."""
EITHER, SOCKET, REQUESTS = ("websocket", "http"), ("websocket",), ("http",)

Do = Callable[[int, str], None]


@dataclass(frozen=True)
class Act:
    """A hostile act.

    Attributes
    ----------
    do : callable
        ``do(port, protocol)`` does it once.
    protocols : tuple of str
        By which it can be done.
    """

    do: Do
    protocols: tuple[str, ...]


ACTS: dict[str, Act] = {}


def act(*protocols: str) -> Callable[[Do], Do]:
    def add(do: Do) -> Do:
        ACTS[do.__name__] = Act(do, protocols)
        return do

    return add


@contextmanager
def visiting(port: int, protocol: str, app: str = "prey", **options: str) -> Iterator[Guest]:
    """A guest that has a session; that the server cuts it off is no error."""
    guest = Guest.of(protocol)(port, app, **options)
    with closing(guest):
        with suppress(OSError, EOFError):
            yield guest
        guest.finish()


@act(*EITHER)
def visit(port: int, protocol: str) -> None:
    """Do nothing: what all acts have in common."""
    with visiting(port, protocol):
        pass


# -- frames ------------------------------------------------------------------------------------


@act(*EITHER)
def beginnings(port: int, protocol: str) -> None:
    """Begin 30,000 large messages on channels that are not open, with a byte each."""
    with visiting(port, protocol) as guest:
        guest.say_frame([[MADE_UP + n, 1, [1000]] for n in range(30_000)], [b"1"] * 30_000)


@act(*EITHER)
def tiny_messages(port: int, protocol: str) -> None:
    """Send a million messages of two bytes in a frame."""
    with visiting(port, protocol) as guest:
        for _ in range(FEW):
            guest.say_frame([[MADE_UP, 1]], [b"[" + b"[]," * 650_000 + b"[]]"])
    with visiting(port, protocol) as guest:
        guest.say_frame([[0, 1]], [b"[" + b"1," * 1_000_000 + b"1]"])


@act(*EITHER)
def small_pieces(port: int, protocol: str) -> None:
    """Send a large message by four bytes at a time."""
    with visiting(port, protocol) as guest:
        guest.say_frame([[guest.session, 1, [10 * MIB]]], [b'"'])
        for _ in range(FEW):
            guest.say_frame([[guest.session, 1, 0]] * 65_536, [b"abcd"] * 65_536)


@act(*EITHER)
def pieces_of_large_buffers(port: int, protocol: str) -> None:
    """Send pieces that are small beside what they come in."""
    with visiting(port, protocol) as guest:
        guest.say_frame([[guest.session, 1, [100 * MIB]]], [b'"'])
        filling = b"[" + b" " * (LARGEST - 80 * KIB) + b"]"
        for _ in range(20):
            guest.say_frame([[guest.session, 1, 0], [MADE_UP, 1]], [bytes(66 * KIB), filling])


@act(*EITHER)
def unfinished(port: int, protocol: str) -> None:
    """Send most of two large messages, and never their ends."""
    with visiting(port, protocol) as guest:
        for channel in (guest.session, 0):
            guest.say_frame([[channel, 1, [50 * MIB]]], [bytes(MIB)])
            for _ in range(10):
                guest.say_frame([[channel, 1, 0]], [bytes(MIB)])


@act(*EITHER)
def ahead(port: int, protocol: str) -> None:
    """Send large frames, more than are kept, and never the one before them."""
    with visiting(port, protocol) as guest:
        guest.number += 1
        for _ in range(63 if FULL else 12):
            guest.say_frame([[MADE_UP, 1, [2 * MIB]]], [bytes(MIB)])


@act(*EITHER)
def empty_buffers(port: int, protocol: str) -> None:
    """List nearly a million buffers without content."""
    with visiting(port, protocol) as guest:
        frame = {"number": guest.number, "ack": 0, "items": []}
        guest.send(message_of({"context": guest.context, "frame": frame, "buffers": [0] * 600_000}))


@act(*REQUESTS)
def zeros(port: int, protocol: str) -> None:
    """POST as many zeros as a request may hold: messages without content."""
    with visiting(port, protocol) as guest:
        guest.send_body(bytes(16 * MIB))


# -- floods ------------------------------------------------------------------------------------


@act(*SOCKET)
def pings(port: int, protocol: str) -> None:
    """Send pings, and read no answer."""
    with visiting(port, protocol) as guest:
        assert isinstance(guest, GuestBySocket)
        for _ in range(20):
            guest.send_raw((b"\x89\xfc" + bytes(4) + bytes(124)) * 1000)


@act(*EITHER)
def unknown_contexts(port: int, protocol: str) -> None:
    """Speak for pages that are not there, and read no answer."""
    with visiting(port, protocol) as guest:
        context = "x" * 32 if protocol == "websocket" else guest.context + "x"
        guest.flood(message_of({"context": context, "alive": True}), 20_000, context)


@act(*EITHER)
def probes(port: int, protocol: str) -> None:
    """Ask what of far too many frames has arrived, and read no answer."""
    with visiting(port, protocol) as guest:
        probe = {"context": guest.context, "frame": {"ack": 0, "probe": 2**40}}
        guest.flood(message_of(probe), 20_000)


@act(*EITHER)
def missing(port: int, protocol: str) -> None:
    """Say that the first frame has not arrived."""
    with visiting(port, protocol) as guest:
        report = {"context": guest.context, "frame": {"ack": 0, "missing": [[1, 1]]}}
        guest.flood(message_of(report), 20_000)


@act(*EITHER)
def refused(port: int, protocol: str) -> None:
    """Say that the session's channel is not open."""
    with visiting(port, protocol) as guest:
        for _ in range(FEW):
            guest.say(0, [["refused", guest.session]] * 65_536)


@act(*EITHER)
def controls(port: int, protocol: str) -> None:
    """Say all that a page can say on channel 0, without end."""
    number = 0
    with visiting(port, protocol) as guest:
        number = guest.session
        said: list[list[object]] = [
            ["restart", number],
            ["take", number],
            ["views", number, 1],
            ["info", {"whoami": "x" * 40}],
            ["touched"],
            ["gone", MADE_UP],
        ]
        guest.say(0, said * 5_000)


# -- hellos ------------------------------------------------------------------------------------


@act(*EITHER)
def large_hello(port: int, protocol: str) -> None:
    """Say hello with a description of nearly 2 MiB."""
    with visiting(port, protocol) as guest:
        guest.send(hello(new_context() if protocol == "websocket" else guest.context, {"language": LONG}))


@act(*SOCKET)
def hellos(port: int, protocol: str) -> None:
    """Say hello for 1,000 pages by one socket."""
    with visiting(port, protocol) as guest:
        for _ in range(1000):
            guest.send(hello(new_context(), {}))


@act(*REQUESTS)
def hellos_by_requests(port: int, protocol: str) -> None:
    """Say hello for many pages, and ask for nothing."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    for _ in range(600 if FULL else 200):
        context = new_context()
        headers = {"Nbsession-Context": context}
        connection.request("POST", "/?nbsession=exchange&app=prey", join([hello(context, {})]), headers)
        connection.getresponse().read()
    connection.close()


@act(*EITHER)
def long_user_agent(port: int, protocol: str) -> None:
    """Name a browser by 256 KB, in the header and where there is none."""
    name = "Linux; " * 36_000
    with suppress(OSError, EOFError), visiting(port, protocol, user_agent=name):
        pass
    with visiting(port, protocol, told=name[: 60 * KIB]):
        pass


# -- messages ----------------------------------------------------------------------------------


@act(*EITHER)
def one_buffer(port: int, protocol: str) -> None:
    """Answer with a value that is one large buffer, 20,000 times over."""
    with visiting(port, protocol) as guest:
        specials = [[[index], "bytes", 0] for index in range(20_000)]
        guest.answer([None] * 20_000, specials, [bytes(MIB)])


@act(*EITHER)
def presses(port: int, protocol: str) -> None:
    """Press a button 65,536 times in one frame, and 100,000 times."""
    for count in (65_536, 100_000):
        with visiting(port, protocol) as guest:
            guest.say(guest.session, [["callback", guest.callback("buttons"), 0]] * count)


@act(*EITHER)
def wanted_files(port: int, protocol: str) -> None:
    """Want a file 200 times in one frame: each takes a thread."""
    with visiting(port, protocol) as guest:
        guest.say(guest.session, [["callback", guest.callback("file"), None]] * 200)


@act(*EITHER)
def errors(port: int, protocol: str) -> None:
    """Report 10,000 errors of JavaScript, of names that end lines and ring bells."""
    with visiting(port, protocol) as guest:
        guest.say(
            guest.session,
            [
                [
                    "error",
                    None,
                    {"name": f"\n\x1b[2J{n}\a", "message": "\r\n" * 9, "stack": "\x1b]0;x", "key": n},
                ]
                for n in range(10_000)
            ],
        )


@act(*EITHER)
def odd_messages(port: int, protocol: str) -> None:
    """Send what is no message, what no eval waits for, and an error in place of a value."""
    for body in ODD:
        with visiting(port, protocol) as guest:
            guest.say_frame([[guest.session, 1]], [body])
    with visiting(port, protocol) as guest:
        error = {"name": "\n\x1b[2J", "message": "\n" * 20_000, "stack": {"a": 1}, "code": [1]}
        guest.say(guest.session, [["error", guest.eval_number(), error]])


ODD = (
    b"[1]",
    b"[[]]",
    b'[{"a": 1}]',
    b'[["\\n\\u001b[2J\\nFAKE: an entry of the log", 1]]',
    b'["\\n\\u001b[2J\\nFAKE: an entry of the log"]',
    b'[["value"]]',
    b'[["value", {}, 1]]',
    b'[["callback", {}, 1]]',
    b'[["error", [], 1]]',
    b'[["repeated", "x", -1]]',
    b"[" * 200_000,
    b'[["value", 1, ' + b"[" * 900 + b"]" * 900 + b"]]",
    b"[" + b"9" * 1_000_000 + b"]",
)


# -- those who take their time ------------------------------------------------------------------


@act(*EITHER)
def readers_that_take_nothing(port: int, protocol: str) -> None:
    """Ask for 32 large files, and read none of them."""
    with visiting(port, protocol, "files") as guest, ExitStack() as stack:
        for address in guest.addresses(32):
            wire = stack.enter_context(_slow(port))
            wire.sendall(f"GET /{address} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        time.sleep(LINGER)


@act(*REQUESTS)
def trickles(port: int, protocol: str) -> None:
    """Begin 64 requests, and send a byte of each now and then."""
    with ExitStack() as stack:
        wires = [stack.enter_context(_slow(port)) for _ in range(64)]
        head = (
            f"POST /?nbsession=exchange HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 10000\r\n\r\n"
        )
        for wire in wires:
            wire.sendall(head.encode())
        until = time.monotonic() + LINGER
        while time.monotonic() < until:
            for wire in wires:
                wire.sendall(b"x")
            time.sleep(0.1)


def _slow(port: int) -> socket.socket:
    wire = socket.create_connection(("127.0.0.1", port), timeout=10)
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    return wire
