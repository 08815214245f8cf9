"""Apps on a tornado server: who gets which app, what a session is, and when it ends."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest

from nbsession import (
    defer_call,
    eval_js,
    go_app,
    hold,
    info,
    local,
    register_thread,
    run_async,
    run_js,
    set_env,
    start_server,
)
from nbsession.exceptions import SessionClosedException, SessionNotFoundException
from nbsession.output import put_buttons, put_text

from .visitor import TIMEOUT, get

if TYPE_CHECKING:
    from .conftest import Serve, Visit


def test_a_function_app_gets_values_from_its_page(serve: Serve, visit: Visit) -> None:
    def app() -> None:
        put_text(f"got {eval_js('1 + 1')}")

    visitor = visit(serve(app))
    visitor.wait_for(lambda: visitor.texts == ["got 1 + 1"])


def test_a_coroutine_app_gets_values_from_its_page(serve: Serve, visit: Visit) -> None:
    async def app() -> None:
        values = await asyncio.gather(eval_js("a"), eval_js("b"))
        put_text(f"got {values}")

    visitor = visit(serve(app))
    visitor.wait_for(lambda: visitor.texts == ["got ['a', 'b']"])


def test_a_function_that_returns_a_coroutine_is_an_app_too(serve: Serve, visit: Visit) -> None:
    threads = set()

    async def main(_: object = None) -> None:
        threads.add(threading.get_ident())
        put_text(f"got {await eval_js('1 + 1')}")

    server = serve({"plain": main, "returning": lambda: main(None)})
    for app in ("plain", "returning"):
        visitor = visit(server, f"&app={app}")
        visitor.wait_for(lambda visitor=visitor: visitor.texts == ["got 1 + 1"])  # type: ignore[misc]
    assert len(threads) == 1  # the loop of the server, for both


def test_coroutine_apps_share_the_loop_of_their_server(serve: Serve, visit: Visit) -> None:
    threads = set()

    async def app() -> None:
        threads.add(threading.get_ident())
        put_text("here")

    server = serve(app)
    for _ in range(2):
        visitor = visit(server)
        visitor.wait_for(lambda visitor=visitor: visitor.texts == ["here"])  # type: ignore[misc]
    assert len(threads) == 1


def test_visitors_have_sessions_and_locals_of_their_own(serve: Serve, visit: Visit) -> None:
    def app() -> None:
        local.count = (local.count or 0) + 1
        put_text(f"{local.count}")

    server = serve(app)
    for _ in range(2):
        visitor = visit(server)
        visitor.wait_for(lambda visitor=visitor: visitor.texts == ["1"])  # type: ignore[misc]


def test_a_session_ends_when_nothing_of_its_app_is_left(serve: Serve, visit: Visit) -> None:
    visitor = visit(serve(lambda: put_text("done")))
    visitor.wait_gone()
    assert (visitor.closed, visitor.ended) == ("the app has ended", "the app has ended")


def test_buttons_keep_a_session_and_call_back(serve: Serve, visit: Visit) -> None:
    def app() -> None:
        put_buttons(["go"], onclick=lambda label: put_text(f"pressed {label}"))

    visitor = visit(serve(app))
    visitor.wait_for(lambda: visitor.outputs)
    visitor.call(visitor.outputs[0]["callback"], 0)
    visitor.wait_for(lambda: visitor.texts[1:] == ["pressed go"])


def test_threads_of_an_app_are_registered(serve: Serve, visit: Visit) -> None:
    def app() -> None:
        thread = threading.Thread(target=lambda: put_text("from a thread"))
        register_thread(thread)
        thread.start()

    visitor = visit(serve(app))
    visitor.wait_for(lambda: visitor.texts == ["from a thread"])


def test_a_thread_of_nobody_belongs_to_no_session(serve: Serve) -> None:
    serve(lambda: None)
    with pytest.raises(SessionNotFoundException, match="register_thread"):
        run_js("1")


def test_tasks_run_beside_a_coroutine_app(serve: Serve, visit: Visit) -> None:
    async def beside() -> None:
        put_text(await eval_js("beside"))

    async def app() -> None:
        run_async(beside())

    visitor = visit(serve(app))
    visitor.wait_for(lambda: visitor.texts == ["beside"])


# -- which app -----------------------------------------------------------------------------------


def test_the_query_picks_the_app(serve: Serve, visit: Visit) -> None:
    server = serve({"one": lambda: put_text("1"), "two": lambda: put_text("2")})
    visitor = visit(server, "&app=two")
    visitor.wait_for(lambda: visitor.texts == ["2"])
    assert visitor.opened[0]["app"] == "two"


def test_several_apps_without_an_index_are_listed(serve: Serve, visit: Visit) -> None:
    visitor = visit(serve({"one": lambda: None, "two": lambda: None}))
    visitor.wait_for(lambda: len(visitor.outputs) >= 3)
    labels = [button["label"] for node in visitor.outputs for button in node.get("buttons", [])]
    assert labels == ["one", "two"]


def test_a_page_for_an_unknown_app_is_not_found(serve: Serve) -> None:
    response, _ = get(serve(lambda: None).port, "/?app=nothing")
    assert response.status == 404


def test_a_socket_for_an_unknown_app_is_ended(serve: Serve, visit: Visit) -> None:
    visitor = visit(serve(lambda: None), "&app=nothing")
    visitor.wait_gone()
    assert visitor.ended == "there is no app 'nothing'"


def test_go_app_leads_the_page_to_another_app(serve: Serve, visit: Visit) -> None:
    def one() -> None:
        go_app("two", new_window=False)
        hold()

    visitor = visit(serve({"one": one, "two": lambda: None}), "&app=one")
    visitor.wait_for(lambda: visitor.ran)
    assert "location.assign" in visitor.ran[0]


def test_go_app_knows_only_the_apps_of_its_server(serve: Serve, visit: Visit) -> None:
    errors = []

    def app() -> None:
        try:
            go_app("https://elsewhere.example")
        except ValueError as error:
            errors.append(str(error))
        put_text("tried")

    visitor = visit(serve(app))
    visitor.wait_for(lambda: visitor.texts == ["tried"])
    assert errors == ["go_app() found no app 'https://elsewhere.example'; the apps are 'app'"]


# -- info and set_env ----------------------------------------------------------------------------


def test_info_tells_what_the_documentation_lists(serve: Serve, visit: Visit) -> None:
    def app() -> None:
        put_text(
            f"{info.backend} {info.protocol} {info.user_ip} {info.server_host} {info.origin} {info.user_language}"
            f" {info.frontend} {info.timezone} {info.user_agent.browser.family} {info.request.method}"
        )

    server = serve(app)
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    visitor = visit(server, headers={"User-Agent": agent})
    host = f"127.0.0.1:{server.port}"
    expected = f"tornado websocket 127.0.0.1 {host} http://{host} de-DE page Europe/Berlin Firefox GET"
    visitor.wait_for(lambda: visitor.texts == [expected])


def test_info_tells_of_the_readers_screen_and_address(serve: Serve, visit: Visit) -> None:
    def app() -> None:
        put_text(f"{tuple(info.screen)} {info.dark_mode} {info.query} {info.user.source} {info.notebook}")

    about = {
        "screen": {"width": 390, "height": 844, "pixel_ratio": 3},
        "dark_mode": True,
        "url": "http://127.0.0.1/?app=index&token=of-the-app",
    }
    visitor = visit(serve(app), about=about)
    expected = "(390, 844, 3.0) True {'app': 'index', 'token': 'of-the-app'} os None"
    visitor.wait_for(lambda: visitor.texts == [expected])


def test_a_page_cannot_say_where_it_comes_from(serve: Serve, visit: Visit) -> None:
    def app() -> None:
        put_text(f"{info.user_ip} {info.user.source}")

    identity = {"username": "root", "display_name": "root"}
    whoami = {"address": "203.0.113.7", "identity": identity}
    about = {"user_ip": "203.0.113.7", "whoami": whoami, "pending": ["whoami", "user_ip"]}
    visitor = visit(serve(app), about=about)
    visitor.wait_for(lambda: visitor.texts == ["127.0.0.1 os"])


def test_info_believes_a_proxy_only_where_it_is_told_to(serve: Serve, visit: Visit) -> None:
    def app() -> None:
        put_text(f"{info.user_ip} {info.server_host}")

    headers = {"X-Real-Ip": "203.0.113.7", "X-Forwarded-Host": "tool.example"}
    own = serve(app)
    plain = visit(own, headers=headers)
    plain.wait_for(lambda: plain.texts == [f"127.0.0.1 127.0.0.1:{own.port}"])
    trusting = serve(app, trust_xheaders=True, allowed_hosts=["tool.example"])
    behind = visit(trusting, headers={**headers, "Origin": "http://tool.example"})
    behind.wait_for(lambda: behind.texts == ["203.0.113.7 tool.example"])


def test_set_env_reaches_the_page_with_its_session(serve: Serve, visit: Visit) -> None:
    def app() -> None:
        set_env(title="Tool")
        hold()

    envs = []
    visitor = visit(serve(app))
    visitor.wait_for(lambda: visitor.opened)
    envs.extend(visitor.opened)
    assert envs[0]["kind"] == "session"


# -- endings -------------------------------------------------------------------------------------


def test_leaving_a_page_runs_what_its_app_deferred(serve: Serve, visit: Visit) -> None:
    ran = threading.Event()

    def app() -> None:
        defer_call(ran.set)
        put_text("deferred")
        hold()

    visitor = visit(serve(app))
    visitor.wait_for(lambda: visitor.texts)
    visitor.leave()
    assert ran.wait(TIMEOUT)


def test_leaving_a_page_wakes_what_waits_in_its_app(serve: Serve, visit: Visit) -> None:
    raised: list[str | None] = []
    ended = threading.Event()

    def app() -> None:
        put_text("waits")
        try:
            while True:
                eval_js("1")
        except SessionClosedException as error:
            raised.append(error.reason)
            ended.set()

    visitor = visit(serve(app))
    visitor.wait_for(lambda: visitor.texts)
    visitor.leave()
    assert ended.wait(TIMEOUT)
    assert raised == ["the page was closed"]


def test_a_lost_page_may_come_back_within_the_timeout(serve: Serve, visit: Visit) -> None:
    go = threading.Event()

    def app() -> None:
        put_text("before")
        go.wait(TIMEOUT)
        put_text(f"after {eval_js('x')}")

    visitor = visit(serve(app, reconnect_timeout=TIMEOUT))
    visitor.wait_for(lambda: visitor.texts)
    visitor.vanish()
    visitor.wait_gone()
    go.set()
    visitor.reconnect()
    visitor.wait_for(lambda: visitor.texts == ["before", "after x"])


def test_a_lost_page_that_may_not_come_back_ends_its_session(serve: Serve, visit: Visit) -> None:
    closed = threading.Event()

    def app() -> None:
        defer_call(closed.set)
        put_text("here")
        hold()

    visitor = visit(serve(app, reconnect_timeout=0))
    visitor.wait_for(lambda: visitor.texts)
    visitor.vanish()
    assert closed.wait(TIMEOUT)


def test_a_page_that_comes_back_too_late_is_told_so(serve: Serve, visit: Visit) -> None:
    closed = threading.Event()

    def app() -> None:
        defer_call(closed.set)
        put_text("here")
        hold()

    visitor = visit(serve(app, reconnect_timeout=0))
    visitor.wait_for(lambda: visitor.texts)
    visitor.vanish()
    assert closed.wait(TIMEOUT)
    visitor.reconnect()
    visitor.wait_for(lambda: visitor.ended)
    assert visitor.ended is not None
    assert "expired" in visitor.ended


def test_a_reload_begins_a_new_session(serve: Serve, visit: Visit) -> None:
    starts: list[int] = []

    def app() -> None:
        starts.append(1)
        put_text(f"start {len(starts)}")
        hold()

    server = serve(app)
    first = visit(server)
    first.wait_for(lambda: first.texts)
    first.leave()
    second = visit(server, page=first.page)
    second.wait_for(lambda: second.texts == ["start 2"])


def test_a_reload_goes_on_where_it_is_told_to(serve: Serve, visit: Visit) -> None:
    go = threading.Event()

    def app() -> None:
        put_text("before")
        go.wait(TIMEOUT)
        put_text("after")

    server = serve(app, resume_on_reload=True)
    first = visit(server)
    first.wait_for(lambda: first.texts)
    first.leave()
    previous = {"context": first.context, "begun": 1, "finished": True}
    second = visit(server, page=first.page, previous=previous)
    second.wait_for(lambda: second.texts == ["before"])
    go.set()
    second.wait_for(lambda: second.texts == ["before", "after"])


def test_closing_the_server_runs_what_all_apps_deferred(serve: Serve, visit: Visit) -> None:
    ran: list[str] = []

    def function() -> None:
        defer_call(lambda: ran.append("function"))
        put_text("here")
        hold()

    async def coroutine() -> None:
        defer_call(lambda: ran.append("coroutine"))
        put_text("here")
        await hold()

    server = serve([function, coroutine])
    visitors = [visit(server, f"&app={name}") for name in ("function", "coroutine")]
    for visitor in visitors:
        visitor.wait_for(lambda visitor=visitor: visitor.texts)  # type: ignore[misc]
    server.close()
    assert sorted(ran) == ["coroutine", "function"]
    for visitor in visitors:
        visitor.wait_gone()
    assert {visitor.ended for visitor in visitors} == {"the server was stopped"}


def test_an_app_that_fails_shows_why(serve: Serve, visit: Visit) -> None:
    def app() -> None:
        msg = "what went wrong"
        raise ValueError(msg)

    visitor = visit(serve(app))
    visitor.wait_gone()
    assert visitor.outputs[0]["message"] == "what went wrong"
    assert visitor.closed == "the app failed: ValueError"


def test_visitors_of_a_public_server_are_not_shown_tracebacks(serve: Serve, visit: Visit) -> None:
    def app() -> None:
        msg = "secret"
        raise ValueError(msg)

    visitor = visit(serve(app, host="0.0.0.0"))
    visitor.wait_gone()
    assert "secret" not in str(visitor.outputs)
    assert visitor.texts == ["An internal error occurred in the application."]
    debugged = visit(serve(app, host="0.0.0.0", debug=True))
    debugged.wait_gone()
    assert debugged.outputs[0]["message"] == "secret"


@pytest.mark.parametrize(
    "options",
    [
        {"trust_xheaders": True},
        {"allowed_hosts": ["tool.example"]},
        {"allowed_origins": ["https://tool.example"]},
        {"check_origin": lambda _: True},
    ],
    ids=["trust_xheaders", "allowed_hosts", "allowed_origins", "check_origin"],
)
def test_a_server_for_others_shows_no_tracebacks(serve: Serve, visit: Visit, options: dict[str, Any]) -> None:
    visitor = visit(serve(_fails, **options))
    visitor.wait_for(lambda: visitor.ended)
    assert visitor.texts == ["An internal error occurred in the application."]
    assert "secret" not in str(visitor.outputs)


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "X-Real-Ip", "Forwarded", "Via", "X-Forwarded-Proto", "X-Forwarded-Host"]
)
def test_who_comes_by_a_proxy_is_not_shown_tracebacks(serve: Serve, visit: Visit, header: str) -> None:
    visitor = visit(serve(_fails), headers={header: "203.0.113.7"})
    visitor.wait_for(lambda: visitor.ended)
    assert visitor.texts == ["An internal error occurred in the application."]


def _fails() -> None:
    msg = "secret"
    raise ValueError(msg)


# -- options -------------------------------------------------------------------------------------


def test_unknown_options_are_named(serve: Serve) -> None:
    with pytest.raises(TypeError, match="did you mean 'reconnect_timeout'"):
        start_server(lambda: None, reconnect_timeot=5)  # type: ignore[call-arg]


def test_a_port_that_is_taken_is_told_at_once(serve: Serve) -> None:
    port = serve(lambda: None).port
    with pytest.raises(OSError, match=r"[Aa]ddress already in use|10048"):
        start_server(lambda: None, port=port)


def test_a_page_that_finds_no_room_is_told_so(serve: Serve, visit: Visit) -> None:
    server = serve(hold, max_sessions=1)
    first = visit(server)
    first.wait_for(lambda: first.opened)
    second = visit(server)
    second.wait_gone()
    assert second.ended is not None
    assert "no room" in second.ended


def test_a_forwarded_name_does_not_stand_for_the_host(serve: Serve) -> None:
    """A page of another site, whose name leads here, may set any header but Host."""
    port = serve(lambda: None, trust_xheaders=True, allowed_hosts=["tool.example"]).port
    response, _ = get(port, "/", "GET", None, **{"Host": "evil.example", "X-Forwarded-Host": "tool.example"})
    assert response.status == 403
