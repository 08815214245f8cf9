"""Who may open a script's page: the window that the script opened, and no other server of this machine."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from nbsession._server.http.page_key import Key
from nbsession._server.http.request import Request
from nbsession._server.pages.clients import STRANGER

from .script import Script, enter
from .visitor import RefusedError, Visitor, get
from .window import NO_SOCKETS, STATUS

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from .conftest import Run
    from .neighbour import Neighbour
    from .window import Open

WAITS = """
    from nbsession import hold, run_js
    run_js("1")
    hold()
"""
SHOWS = """
    from nbsession import eval_js, hold
    from nbsession.output import put_text
    put_text("before")
    input()
    put_text(eval_js("'af' + 'ter'"))
    hold()
"""
# Refuses to keep anything for a reload, as a browser does that blocks cookies.
NO_STORAGE = "Object.defineProperty(window, 'sessionStorage', { get() { throw new Error('blocked'); } })"


def of_port(cookies: str, port: int) -> str:
    """Return the cookie of a script's page among others."""
    return next(each for each in cookies.split("; ") if each.startswith(f"nbsession-{port}="))


def port_of(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port


def type_in(script: Script, line: str) -> None:
    """Type a line."""
    assert script.process.stdin is not None
    script.process.stdin.write(f"{line}\n")
    script.process.stdin.flush()


@pytest.fixture
def prompt(run: Run) -> Script:
    """A prompt where nbsession's names are imported."""
    script = run('print("ready")', "-i")
    script.wait_for_line("ready")
    type_in(script, "from nbsession import eval_js; from nbsession.session import close")
    return script


# -- token, cookie and secret --------------------------------------------------------------------


def test_the_token_is_exchanged_for_a_cookie(run: Run) -> None:
    url = urlsplit(run(WAITS).url)
    response, _ = get(url.port or 0, f"/?{url.query}")
    assert response.status == 302
    assert response.getheader("Location") == "/"
    assert response.getheader("Referrer-Policy") == "no-referrer"
    cookie = response.getheader("Set-Cookie") or ""
    assert cookie.startswith(f"nbsession-{url.port}=")
    assert "; HttpOnly" in cookie
    assert "; SameSite=Lax" in cookie


def test_the_token_works_once(run: Run) -> None:
    url = urlsplit(run(WAITS).url)
    get(url.port or 0, f"/?{url.query}")
    assert get(url.port or 0, f"/?{url.query}")[0].status == 403


def test_without_a_key_there_is_neither_page_nor_socket(run: Run) -> None:
    port = port_of(run(WAITS).url)
    assert get(port, "/")[0].status == 403
    assert get(port, "/?token=guessed")[0].status == 403
    with pytest.raises(RefusedError, match="403"):
        Visitor(port)


def test_a_page_of_another_server_on_this_machine_may_not_connect(run: Run) -> None:
    entry = enter(run(WAITS).url)
    with pytest.raises(RefusedError, match="403"):
        Visitor(entry.port, headers={**entry.headers, "Origin": "http://127.0.0.1:1"})


def test_a_second_window_is_told_that_there_is_one(run: Run) -> None:
    entry = enter(run(WAITS).url)
    first = entry.visit()
    first.wait_for(lambda: first.ran)
    second = entry.visit()
    second.wait_gone()
    assert second.ended == "the script's page is open in another window"


@pytest.mark.parametrize("protocol", ["websocket", "http"])
@pytest.mark.parametrize("secret", [None, "guessed", 1], ids=["none", "another", "a number"])
def test_a_hello_without_the_secret_begins_nothing(run: Run, protocol: str, secret: str | None) -> None:
    entry = enter(run(WAITS).url)
    stranger = entry._replace(secret=secret).visit(protocol=protocol)  # type: ignore[arg-type]
    stranger.wait_gone()
    assert stranger.ended == STRANGER
    assert not stranger.opened
    visitor = entry.visit(protocol=protocol)
    visitor.wait_for(lambda: visitor.ran)


def test_a_hello_without_the_secret_does_not_take_the_place_of_a_page_that_is_reloaded(run: Run) -> None:
    entry = enter(run(WAITS).url)
    visitor = entry.visit()
    visitor.wait_for(lambda: visitor.ran)
    stranger = Visitor(entry.port, headers=entry.headers, page=visitor.page)
    stranger.wait_gone()
    assert not stranger.opened
    assert not visitor.gone


def test_what_opened_the_page_before_does_not_open_the_next_one(prompt: Script) -> None:
    type_in(prompt, "eval_js('first')")
    first = enter(prompt.url)
    visitor = first.visit()
    prompt.wait_for_line("'first'")
    type_in(prompt, "close()")
    visitor.wait_gone()
    type_in(prompt, "eval_js('second')")
    second = prompt.url
    *_, secret = second.partition("#nbsession=")
    for known in (first, first._replace(secret=secret)):  # the cookie alone is not enough
        stranger = known.visit()
        stranger.wait_gone()
        assert stranger.ended == STRANGER
    entry = enter(second)
    assert entry.headers != first.headers
    entry.visit()
    prompt.wait_for_line("'second'")


def asking(key: Key, cookie: str | None) -> Request:
    """Return a request that carries the cookie for which a token was exchanged."""
    name, _, value = (cookie or "").partition(";")[0].partition("=")
    assert name == key.cookie
    return Request("GET", "/", {}, {}, {name: value}, "127.0.0.1", secure=False, user_ip="", original=None)


def values_of(key: Key) -> tuple[Request, str]:
    """Return a request with the cookie of the page that is to be opened, and its secret."""
    token, _, secret = key.address("?").partition("token=")[2].partition("#nbsession=")
    return asking(key, key.exchange(token)), secret


def test_a_page_may_ask_how_it_has_ended_until_the_second_one_after_it() -> None:
    key = Key(1)
    first, secret = values_of(key)
    assert key.admits(first, secret)
    key.renew()
    assert key.opens(first)
    assert not key.admits(first, secret)
    second, other = values_of(key)
    assert key.admits(second, other)
    assert not key.admits(first, other)
    key.renew()
    assert not key.opens(first)
    assert key.opens(second)


def test_no_cookie_opens_nothing() -> None:
    key = Key(1)
    request, secret = values_of(key)
    for given in ({}, {key.cookie: ""}):
        assert not key.opens(replace(request, cookies=given))
        assert not key.admits(replace(request, cookies=given), secret)


# -- in a browser --------------------------------------------------------------------------------

# `open_page` comes last of what tests ask for: its windows are closed before their scripts are ended.


def shown_before(open_page: Open, script: Script, **options: str) -> Page:
    page = open_page(script.url, **options)
    page.get_by_text("before").wait_for()
    return page


@pytest.mark.parametrize("init", ["", NO_SOCKETS], ids=["websocket", "http"])
def test_a_page_keeps_its_session_when_it_is_reloaded(run: Run, open_page: Open, init: str) -> None:
    script = run(SHOWS)
    page = shown_before(open_page, script, init=init)
    page.reload()
    page.get_by_text("before").wait_for()
    type_in(script, "")
    page.get_by_text("after").wait_for()


def test_the_address_is_rid_of_the_secret(run: Run, open_page: Open) -> None:
    page = shown_before(open_page, run(SHOWS))
    assert urlsplit(page.url)[2:] == ("/", "", "")


def test_a_page_whose_browser_keeps_nothing_works_until_it_is_reloaded(run: Run, open_page: Open) -> None:
    script = run(SHOWS)
    page = shown_before(open_page, script, init=NO_STORAGE)
    type_in(script, "")
    page.get_by_text("after").wait_for()
    page.reload()
    page.locator(STATUS, has_text=STRANGER).wait_for()


def test_a_window_that_the_script_did_not_open_says_what_to_do(run: Run, open_page: Open) -> None:
    script = run(SHOWS)
    page = shown_before(open_page, script)
    stranger = open_page(page.url)
    stranger.locator(STATUS, has_text=STRANGER).wait_for()
    type_in(script, "")
    page.get_by_text("after").wait_for()


def attack(port: int, cookie: str, page: str) -> None:
    """Do as another server can that was sent the cookie, and knows how the page is called even."""
    headers = {"Cookie": cookie}
    response, body = get(port, "/", "GET", None, **headers)
    assert response.status == 200  # the page's own HTML is everybody's
    assert not re.search(rb"[\w-]{43}", body)
    for protocol in ("websocket", "http"):
        for secret in (None, cookie.partition("=")[2]):
            stranger = Visitor(port, headers=headers, protocol=protocol, secret=secret, page=page)
            stranger.wait_gone()
            assert stranger.ended == STRANGER
            assert not stranger.opened
    assert get(port, "/?nbsession=file&file=guessed", "GET", None, **headers)[0].status == 404


def test_another_server_that_is_sent_the_cookie_gets_no_session(
    run: Run, neighbour: Neighbour, open_page: Open
) -> None:
    script = run(SHOWS)
    page = shown_before(open_page, script)
    open_page(neighbour.url)
    name = page.evaluate("sessionStorage.getItem('nbsession:/:page')")
    port = port_of(page.url)
    attack(port, of_port(neighbour.cookies, port), name)
    type_in(script, "")
    page.get_by_text("after").wait_for()


def test_another_server_that_was_sent_the_cookie_does_not_get_the_next_session_of_a_prompt(
    prompt: Script, neighbour: Neighbour, open_page: Open
) -> None:
    type_in(prompt, """eval_js("'fir' + 'st'")""")
    page = open_page(prompt.url)
    prompt.wait_for_line("'first'")
    open_page(neighbour.url)
    port = port_of(page.url)
    former = of_port(neighbour.cookies, port)
    type_in(prompt, "close()")
    page.locator(STATUS, has_text="Session closed").wait_for()
    type_in(prompt, """eval_js("'sec' + 'ond'")""")
    address = prompt.url
    attack(port, former, "p" * 32)
    page = open_page(address)
    prompt.wait_for_line("'second'")
    open_page(neighbour.url)
    assert of_port(neighbour.cookies, port) != former
    page.reload()
    page.locator(".nbsession-status").wait_for(state="attached")
    type_in(prompt, """eval_js("'th' + 'ird'")""")
    prompt.wait_for_line("'third'")
