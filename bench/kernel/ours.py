"""nbsession, as a notebook's author uses it."""

from __future__ import annotations

from statistics import median
from time import perf_counter

from nbsession import download, eval_js, info, run_js
from nbsession._core.current import runtime
from nbsession._rendition import render
from nbsession.output import put_progressbar, set_progressbar
from nbsession.pin import pin_wait_change, put_file_upload

from .peak import Peak

# Round trips before anything else is timed: a cell's first one is slow, and has a row of its own.
SETTLE = 5


def settled(transport: str, within: float = 10.0) -> str:
    """Return what the page's messages use: as soon as it is `transport`, or after some seconds."""
    until = perf_counter() + within
    while info.transport != transport and perf_counter() < until:
        eval_js("0")
    return info.transport


def times(count: int) -> list[float]:
    """Return the seconds of so many ``eval_js`` in a row."""
    taken = []
    for _ in range(count):
        began = perf_counter()
        eval_js("1+1")
        taken.append(perf_counter() - began)
    return taken


def p50(count: int) -> float:
    """Return the median of so many ``eval_js``, in seconds."""
    return median(times(count))


def call_p50(count: int) -> float:
    """Return the median of so many calls of a Python function from JavaScript, in seconds."""
    code = """(async () => {
        const taken = [];
        for (let n = 0; n < count; n++) {
            const began = performance.now();
            await function_(n);
            taken.push((performance.now() - began) / 1000);
        }
        return taken;
    })()"""
    return median(eval_js(code, count=count, function_=lambda n: n))


def burst(count: int) -> float:
    """Return the seconds of so many ``run_js`` in one loop and the ``eval_js`` that shows that all have run."""
    run_js("window.ran = 0")
    began = perf_counter()
    for _ in range(count):
        run_js("window.ran += 1")
    ran = eval_js("window.ran")
    taken = perf_counter() - began
    assert ran == count, ran
    return taken


def progress(count: int) -> tuple[float, float]:
    """Return the seconds of so many updates of a progress bar, and of the rendition that the cell's end makes."""
    put_progressbar("bench")
    began = perf_counter()
    for number in range(count):
        set_progressbar("bench", number / count)
    ended = perf_counter()
    render(runtime.current_session().outputs.copy())
    return ended - began, perf_counter() - ended


def send(size: int) -> float:
    """Return the seconds until a file of that size was handed to the browser's download manager."""
    content = b"\x5a" * size
    p50(SETTLE)
    began = perf_counter()
    download("bench.bin", content).wait()
    return perf_counter() - began


def fetch(size: int) -> float:
    """Return the seconds until an ``ArrayBuffer`` of that size has come back."""
    p50(SETTLE)
    began = perf_counter()
    came = eval_js("new ArrayBuffer(size)", size=size)
    taken = perf_counter() - began
    assert len(came) == size
    return taken


def upload(size: int) -> float:
    """Return the seconds until a file of that size, which the reader has chosen, is the value of a pin."""
    put_file_upload("bench")
    run_js("window.benched = new File([new Uint8Array(size)], 'bench.bin')", size=size)
    p50(SETTLE)
    began = perf_counter()
    run_js("""
        const chosen = new DataTransfer();
        chosen.items.add(window.benched);
        const [input] = [...element.querySelectorAll("input[type=file]")].slice(-1);
        input.files = chosen.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
    """)
    came = pin_wait_change("bench")["value"]
    taken = perf_counter() - began
    assert len(came["content"]) == size
    return taken


def growth(size: int) -> float:
    """Return by how many bytes the kernel's memory grew at its peak during a download of that size."""
    content = b"\x5a" * size
    with Peak() as peak:
        download("bench.bin", content).wait()
    return peak.growth
