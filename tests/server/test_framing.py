"""Pages of other sites around the page of a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbsession.output import put_text

if TYPE_CHECKING:
    from .conftest import Serve
    from .neighbour import Neighbour
    from .window import Open


def app() -> None:
    put_text("here")


def test_a_page_of_another_site_cannot_frame_the_page(
    serve: Serve, open_page: Open, neighbour: Neighbour
) -> None:
    neighbour.body = f"<iframe src='{serve(app).url}'></iframe>"
    page = open_page("about:blank", ignore="frame-ancestors")
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.goto(neighbour.url)
    assert page.frames[1].url.startswith("chrome-error:")


def test_a_site_that_is_allowed_frames_the_page(serve: Serve, open_page: Open, neighbour: Neighbour) -> None:
    neighbour.body = f"<iframe src='{serve(app, allowed_origins=[neighbour.url.rstrip('/')]).url}'></iframe>"
    page = open_page(neighbour.url)
    page.frame_locator("iframe").get_by_text("here").wait_for()


def test_a_site_that_opens_the_page_gets_no_handle_on_it(
    serve: Serve, open_page: Open, neighbour: Neighbour
) -> None:
    page = open_page(neighbour.url)
    with page.expect_popup() as opened:
        page.evaluate("url => { window.opened = open(url) }", serve(app).url)
    opened.value.get_by_text("here").wait_for()
    assert page.evaluate("opened.closed")
    assert opened.value.evaluate("opener") is None
    opened.value.close()
