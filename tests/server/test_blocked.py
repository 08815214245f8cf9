"""What a page's security policy keeps out is said where it would have been, with the option that lets it in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nbsession import eval_js, hold, run_js
from nbsession.output import put_html, put_image, put_markdown, put_text, use_scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

    from .conftest import Serve
    from .window import Open

FOREIGN = "https://foreign.invalid"
NOTICE = ".nbsession-blocked:visible"
POLICY = "Content Security Policy"  # what Chromium's console says, too


def notice(page: Page) -> Locator:
    return page.locator(NOTICE)


def put_late_script() -> None:
    put_html(
        f"<div>a chart</div><script>const it = document.createElement('script'); it.src = '{FOREIGN}/late.js';"
        "document.head.append(it); it.remove()</script>"
    )


@pytest.mark.parametrize(
    ("put", "url"),
    [
        pytest.param(lambda: put_image(f"{FOREIGN}/logo.png"), f"{FOREIGN}/logo.png", id="an image"),
        pytest.param(lambda: put_markdown(f"![]({FOREIGN}/a.png)"), f"{FOREIGN}/a.png", id="in Markdown"),
        pytest.param(
            lambda: put_html(f'<script src="{FOREIGN}/plot.js"></script>'),
            f"{FOREIGN}/plot.js",
            id="a script",
        ),
        pytest.param(put_late_script, f"{FOREIGN}/late.js", id="a script of a script"),
        pytest.param(
            lambda: put_html(f'<script type="module">import "{FOREIGN}/m.js"</script>'),
            f"{FOREIGN}/m.js",
            id="a module",
        ),
        pytest.param(
            lambda: put_html(f'<link rel="stylesheet" href="{FOREIGN}/a.css">'),
            f"{FOREIGN}/a.css",
            id="a style sheet",
        ),
        pytest.param(
            lambda: put_html(f'<iframe src="{FOREIGN}/map"></iframe>'), f"{FOREIGN}/map", id="a frame"
        ),
        pytest.param(
            lambda: put_html(f"<iframe srcdoc='<script src=&quot;{FOREIGN}/in.js&quot;></script>'></iframe>"),
            f"{FOREIGN}/in.js",
            id="a script in a frame",
        ),
        pytest.param(
            lambda: put_html(f'<video src="{FOREIGN}/a.mp4"></video>'), f"{FOREIGN}/a.mp4", id="a video"
        ),
        pytest.param(
            lambda: put_html(f"<p style=\"background: url('{FOREIGN}/b.png')\">text</p>"),
            f"{FOREIGN}/b.png",
            id="a background",
        ),
    ],
)
def test_what_is_blocked_is_said_in_its_place(
    serve: Serve, open_page: Open, put: Callable[[], object], url: str
) -> None:
    def app() -> None:
        with use_scope("place"):
            put()
        put_text("below")
        hold()

    page = open_page(serve(app).url, ignore=POLICY)
    said = page.locator(f"[data-scope=place] {NOTICE}")
    said.wait_for()
    assert said.inner_text() == (
        f"Warning This page's security policy blocked {url}. "
        f'To allow it, pass allowed_sources=["{FOREIGN}"] to start_server.'
    )


def test_what_code_of_the_page_asks_for_is_said_below_the_outputs(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        put_text("above")
        run_js(f"fetch('{FOREIGN}/data.json').catch(() => 0)")
        hold()

    page = open_page(serve(app).url, ignore=POLICY)
    notice(page).wait_for()
    assert f"{FOREIGN}/data.json" in notice(page).inner_text()


def test_what_no_option_allows_is_said_without_one(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        put_html(f'<object data="{FOREIGN}/a.pdf"></object>')
        hold()

    page = open_page(serve(app).url, ignore=POLICY)
    notice(page).wait_for()
    assert notice(page).inner_text() == (
        f"Warning This page's security policy blocked {FOREIGN}/a.pdf. "
        "nbsession's pages do not support plug-ins (object, embed): use an iframe or a link."
    )


def test_one_notice_names_all_that_was_blocked_in_an_output(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        put_html("".join(f'<img src="https://{name}.invalid/x.png">' for name in ("one", "two")))
        hold()

    page = open_page(serve(app).url, ignore=POLICY)
    page.get_by_text('["https://one.invalid", "https://two.invalid"]').wait_for()
    assert notice(page).count() == 1


def test_each_frame_says_what_was_blocked(serve: Serve, open_page: Open) -> None:
    """Browsers tell the origin only, and for what stands on the page several times once."""

    def app() -> None:
        for name in ("map", "other"):
            with use_scope(name):
                put_html(f'<iframe src="{FOREIGN}/{name}"></iframe>')
        put_image(f"{FOREIGN}/logo.png")
        hold()

    page = open_page(serve(app).url, ignore=POLICY)
    for name in ("map", "other"):
        page.locator(f"[data-scope={name}] {NOTICE}").get_by_text(
            f"{FOREIGN}/{name}.", exact=False
        ).wait_for()


def test_an_image_that_is_shown_several_times_is_named_at_each(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        for _ in range(5):
            put_image(f"{FOREIGN}/logo.png")
        hold()

    page = open_page(serve(app).url, ignore=POLICY)
    notice(page).nth(4).wait_for()
    assert notice(page).count() == 5


def test_the_notice_goes_when_the_image_is_another_one(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        image = put_image(f"{FOREIGN}/logo.png")
        eval_js(
            f"new Promise(done => {{ const wait = () => document.querySelector('{NOTICE[:-8]}') ? done() "
            ": setTimeout(wait, 10); wait(); })"
        )
        image.update(b"GIF89a")
        put_text("another one")
        hold()

    page = open_page(serve(app).url, ignore=POLICY)
    page.get_by_text("another one").wait_for()
    assert notice(page).count() == 0


def test_what_is_allowed_is_not_said(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        put_html(f"<img src='{FOREIGN}/x.png' onerror=\"document.title = 'asked for'\">")
        hold()

    page = open_page(serve(app, allowed_sources=[FOREIGN]).url, ignore="Failed to load resource")
    page.wait_for_function("document.title === 'asked for'")
    assert notice(page).count() == 0
