"""A notebook's sessions on the headless page, on both ways that kernels read their messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .headless_kernel import HeadlessKernel


def test_values_go_both_ways(kernel: HeadlessKernel) -> None:
    code = "eval_js('[x.a + 1, new Uint8Array(b).reverse(), undefined]', x={'a': 41}, b=b'abc')"
    assert kernel.value(code) == [42, b"cba", None]


def test_values_can_be_awaited(kernel: HeadlessKernel) -> None:
    code = "await asyncio.gather(*(eval_js('Promise.resolve(n * n)', n=n) for n in range(4)))"
    assert kernel.value(code) == [0, 1, 4, 9]


def test_a_thread_gets_values_while_the_main_thread_waits_for_it(kernel: HeadlessKernel) -> None:
    code = """
        got = []
        thread = threading.Thread(target=lambda: got.append(eval_js('6 * 7')))
        register_thread(thread)
        thread.start()
        thread.join()
        got
    """
    assert kernel.value(code) == [42]


def test_a_cells_first_output_is_there_for_the_next_command(kernel: HeadlessKernel) -> None:
    code = "put_html('<div class=x></div>')\neval_js(\"document.querySelectorAll('.x').length\")"
    assert kernel.value(code) == 1


def test_the_page_calls_functions_while_the_cell_waits(kernel: HeadlessKernel) -> None:
    code = "eval_js('Promise.all([1, 2, 3].map(n => f(n)))', f=lambda n: bytes([n, n]))"
    assert kernel.value(code) == [b"\x01\x01", b"\x02\x02", b"\x03\x03"]


def test_window_is_the_same_in_all_cells(kernel: HeadlessKernel) -> None:
    kernel.must("run_js('window.counted = 41')")
    assert kernel.value("eval_js('++window.counted')") == 42


def test_outputs_of_all_cells_stand_one_below_the_other(kernel: HeadlessKernel) -> None:
    kernel.must("put_text('the first')", "first")
    kernel.must("put_text('the second')", "second")
    both = "eval_js('document.body.innerText').split('\\n')"
    shown = kernel.value(f"[line for line in {both} if line.startswith('the ')]")
    assert shown == ["the first", "the second"]


def test_a_cell_that_is_run_again_shows_its_new_output_only(kernel: HeadlessKernel) -> None:
    kernel.must("put_text('old')", "again")
    kernel.must("put_text('new')", "again")
    lines = kernel.value("eval_js('document.body.innerText').split('\\n')")
    assert [line for line in lines if line in {"old", "new"}] == ["new"]


@pytest.mark.parametrize(
    "code",
    [
        "put_text('shown')",
        "start_server(lambda: put_text('shown'))",
        "import ipywidgets\nwith ipywidgets.Output(): put_text('shown')",
        "from nbsession.input import input as ask\nask('Name', value='Ada')",
    ],
    ids=["an output", "an app", "an output inside of a widget", "a form"],
)
def test_a_view_is_displayed_as_the_text_that_it_always_has(kernel: HeadlessKernel, code: str) -> None:
    outcome = kernel.must(code)
    displayed = [m["content"]["data"] for m in outcome.messages if m["msg_type"] == "display_data"]
    assert [sorted(data) for data in displayed] == [["text/html", "text/plain"]]
    assert displayed[0]["text/plain"] == "nbsession view"


def test_output_that_was_cleared_is_displayed_again(kernel: HeadlessKernel) -> None:
    code = "from IPython.display import clear_output; put_text('1'); clear_output(); put_text('2')"
    outcome = kernel.must(code)
    kinds = [m["msg_type"] for m in outcome.messages if m["msg_type"] in {"display_data", "clear_output"}]
    assert kinds == ["display_data", "clear_output", "display_data"]


def test_a_button_on_the_page_calls_back(kernel: HeadlessKernel) -> None:
    code = """
        pressed = threading.Event()
        put_buttons(['Press'], onclick=lambda _: (eval_js('1'), pressed.set()))
        run_js('[...document.querySelectorAll("button")].find(b => b.textContent === "Press").click()')
        pressed.wait(60)
    """
    assert kernel.value(code) is True


def test_a_widget_s_callback_has_the_page_as_its_own_session(kernel: HeadlessKernel) -> None:
    code = """
        import ipywidgets
        button = ipywidgets.Button()
        button.on_click(lambda _: print('got', eval_js('40 + 2')))
        button.comm.comm_id
    """
    comm_id = kernel.value(code)
    request = kernel.comm(comm_id, {"event": "click"})
    assert kernel.until(lambda m: m["msg_type"] == "stream")["content"]["text"].startswith("got 42")
    kernel.until(
        lambda m: m["msg_type"] == "status" and m["parent_header"]["msg_id"] == request["header"]["msg_id"]
    )


def test_an_app_runs_on_the_page(kernel: HeadlessKernel) -> None:
    code = """
        got = []
        def app():
            got.append(eval_js('document.hasFocus()'))
        handle = start_server(app)
        ended = threading.Event()
        handle.session.on_close(lambda _: ended.set())
        ended.wait(60), got
    """
    assert kernel.value(code) == (True, [True])


def test_a_javascript_error_can_be_raised(kernel: HeadlessKernel) -> None:
    outcome = kernel.run("eval_js('nothing.at.all', errors_='raise')")
    assert outcome.error == "JSError"


# The page is slow: without waiting for it the cell would have ended before.
FAILS = "const began = performance.now(); while (performance.now() < began + 100); nothing.at.all"


def test_an_error_of_run_js_is_in_its_cell_s_output(kernel: HeadlessKernel) -> None:
    outcome = kernel.must(f"run_js({FAILS!r})")
    displayed = [m["content"]["data"] for m in outcome.messages if m["msg_type"] == "display_data"]
    assert [data["text/plain"] for data in displayed] == ["nbsession view"]


def test_a_rejected_promise_of_run_js_is_in_its_cell_s_output(kernel: HeadlessKernel) -> None:
    # The first goes at once, so that the end of the cell goes with the second.
    outcome = kernel.must("run_js('0'); run_js('await null; nothing.at.all')")
    displayed = [m["content"]["data"] for m in outcome.messages if m["msg_type"] == "display_data"]
    assert [data["text/plain"] for data in displayed] == ["nbsession view"]


def test_the_end_of_a_cell_asks_nothing_of_a_fake_browser(kernel: HeadlessKernel) -> None:
    kernel.must("from nbsession.testing import FakeBrowser\nfake = FakeBrowser().__enter__()\nrun_js('1')")
    seen = kernel.value(
        "fake.close(); [[command.code for command in each] for each in (fake.ran, fake.evaluated)]"
    )
    assert seen == [["1"], []]


def test_stop_interrupts_a_wait(kernel: HeadlessKernel) -> None:
    request = kernel.execute("print('waits'); eval_js('new Promise(() => {})')")
    kernel.until(lambda m: m["msg_type"] == "stream")
    kernel.interrupt()
    assert kernel.finish(request).error == "KeyboardInterrupt"


def test_nobody_answers_dialogs(kernel: HeadlessKernel) -> None:
    assert kernel.value("eval_js('[alert(1), confirm(1), prompt(1)]')") == [None, False, None]


def test_a_page_that_is_reloaded_goes_on(kernel: HeadlessKernel) -> None:
    code = """
        from nbsession.exceptions import PageLostError
        put_text('kept')
        run_js('window.before = 1; location.reload()')
        reloaded = False
        while not reloaded:
            try:
                reloaded = eval_js('window.before === undefined')
            except PageLostError:
                pass
        'kept' in eval_js('document.body.innerText').split('\\n')
    """
    assert kernel.value(code) is True


def test_a_download_is_in_the_folder_when_it_is_done(kernel: HeadlessKernel) -> None:
    kernel.must("download('small.txt', b'small').wait()")
    assert (kernel.directory / "small.txt").read_bytes() == b"small"


def test_a_download_replaces_the_file_of_its_name(kernel: HeadlessKernel) -> None:
    kernel.must("download('twice.txt', b'first').wait(); download('twice.txt', b'second').wait()")
    assert [path.read_bytes() for path in kernel.directory.glob("twice*")] == [b"second"]


def test_a_large_download_arrives_whole(kernel: HeadlessKernel) -> None:
    kernel.must("download('large.bin', (bytes([n]) * 2**20 for n in range(16))).wait()")
    assert (kernel.directory / "large.bin").read_bytes() == b"".join(bytes([n]) * 2**20 for n in range(16))


def test_a_file_that_the_page_saves_by_itself_replaces_none(kernel: HeadlessKernel) -> None:
    """Files land in the order in which they were saved: the second says that the first has been looked at."""
    kernel.must("""
        open('mine.txt', 'w').write('mine')
        run_js('const a = document.createElement("a"); a.download = "mine.txt"; a.href = "data:,other"; a.click()')
        download('after.txt', b'after').wait()
    """)
    assert (kernel.directory / "mine.txt").read_text() == "mine"


def test_what_is_known_of_the_page_is_the_same_everywhere(kernel: HeadlessKernel) -> None:
    known = "info.frontend, info.backend, info.protocol, info.timezone, info.user_language, info.user_ip"
    assert kernel.value(f"[str(each) for each in ({known})]") == [
        "headless",
        "jupyter",
        "websocket",
        "UTC",
        "en-US",
        "127.0.0.1",
    ]


def test_window_and_screen_are_the_same_everywhere(kernel: HeadlessKernel) -> None:
    sizes = "[innerWidth, innerHeight, screen.width, screen.height, devicePixelRatio]"
    assert kernel.value(f"eval_js('{sizes}')") == [1280, 720, 1280, 720, 1]


def test_dates_and_numbers_are_written_as_in_en_us_and_utc(kernel: HeadlessKernel) -> None:
    code = "eval_js('[new Date(0).toLocaleString(), (1234.5).toLocaleString(), navigator.languages]')"
    assert kernel.value(code) == ["1/1/1970, 12:00:00 AM", "1,234.5", ["en-US", "en"]]


def test_clipboard_and_position_are_granted(kernel: HeadlessKernel) -> None:
    clipboard = "navigator.clipboard.writeText('told').then(() => navigator.clipboard.readText())"
    position = "new Promise((f, r) => navigator.geolocation.getCurrentPosition(p => f(p.coords.latitude), r))"
    code = f'[eval_js("{clipboard}"), eval_js("{position}"), eval_js("Notification.permission")]'
    assert kernel.value(code) == ["told", 51.4779, "granted"]


def test_a_camera_shows_a_test_picture(kernel: HeadlessKernel) -> None:
    code = (
        "eval_js('navigator.mediaDevices.getUserMedia({video: true}).then(s => s.getVideoTracks().length)')"
    )
    assert kernel.value(code) == 1


def test_nothing_is_written_to_stderr(kernel: HeadlessKernel) -> None:
    outcome = kernel.must("eval_js('1'); put_text('x'); download('quiet.txt', b'').wait()")
    assert [m for m in outcome.messages if m["msg_type"] == "stream"] == []
    assert kernel.said == []
