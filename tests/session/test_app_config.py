"""What an app's page looks like and loads: of one app, or of all."""

from __future__ import annotations

import asyncio
import functools
import json
from typing import TYPE_CHECKING, Any

import pytest

from nbsession import config
from nbsession._apps.app_config import AppConfig, config_of, configured, described, manifest_of
from nbsession._apps.apps import name_apps
from nbsession._core.scope import inside
from nbsession._server.files.document import Head, document, manifest
from nbsession.platform import seo
from tests.session.fake_platform import FakePlatform

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _no_configuration_of_all_apps() -> Iterator[None]:
    config()
    yield
    config()


def app() -> str:
    """Title of the docstring

    and its description.
    """
    return "ran"


async def coroutine_app() -> str:
    return "ran"


def test_a_decorated_function_has_its_configuration_and_the_original_none() -> None:
    decorated = config(title="A", theme="minty")(app)
    assert (config_of(decorated).title, config_of(decorated).theme) == ("A", "minty")
    assert config_of(app) == AppConfig()


def test_two_decorators_add_up() -> None:
    decorated = config(title="outer")(config(title="inner", theme="yeti")(app))
    assert (config_of(decorated).title, config_of(decorated).theme) == ("outer", "yeti")


def test_a_decorated_function_can_be_bound_further() -> None:
    assert config_of(functools.partial(config(title="A")(app))).title == "A"


def test_a_call_configures_all_apps_where_they_say_nothing() -> None:
    config(title="all", css_style="p {}")
    decorated = config(title="A")(app)
    assert (config_of(app).title, config_of(decorated).title) == ("all", "A")
    assert config_of(decorated).css_style == "p {}"


def test_a_decorator_configures_no_other_app() -> None:
    config(title="A")(app)
    assert config_of(coroutine_app) == AppConfig()


def test_a_decorated_app_keeps_its_name_and_kind() -> None:
    apps = name_apps([config(title="A")(app), config(title="B")(coroutine_app)])
    assert list(apps) == ["app", "coroutine_app"]
    assert asyncio.iscoroutinefunction(apps["coroutine_app"])


@pytest.mark.parametrize(
    ("function", "about"),
    [
        (app, ("Title of the docstring", "and its description.")),
        (config(title="A")(app), ("A", "and its description.")),
        (functools.partial(app), ("Title of the docstring", "and its description.")),
        (coroutine_app, ("", "")),
        (lambda: None, ("", "")),
    ],
)
def test_search_engines_are_told_of_the_docstring(function: Any, about: tuple[str, str]) -> None:
    assert described(function) == about


def test_the_document_has_a_description() -> None:
    head = Head("<A>", '"quoted" <b>')
    response = document(head, protocol="http", poll_timeout=1, notes="none", policy="")
    assert b"<title>&lt;A&gt;</title>" in response.body
    assert b'<meta name="description" content="&quot;quoted&quot; &lt;b&gt;">' in response.body


def test_the_document_names_its_manifest_and_the_icon_of_a_home_screen() -> None:
    head = Head("A", manifest={"icon": '"/a.png'})
    response = document(head, app="b&c", protocol="http", poll_timeout=1, notes="none", policy="")
    assert b'<link rel="manifest" href="?nbsession=manifest&amp;app=b%26c"' in response.body
    assert b'<link rel="apple-touch-icon" href="&quot;/a.png">' in response.body


def test_a_manifest_has_the_given_fields_and_the_address_of_its_page() -> None:
    given = {"theme_color": "red", "icon": "/a.png"}
    fields = json.loads(manifest(Head("A", "about", given), "b").body)
    assert (fields["name"], fields["description"], fields["theme_color"]) == ("A", "about", "red")
    assert (fields["start_url"], fields["icons"][0]["src"]) == ("?app=b", "/a.png")
    assert "icon" not in fields


def test_an_app_has_a_manifest_unless_it_is_switched_off() -> None:
    assert manifest_of(app) == {}
    assert manifest_of(config(manifest={"name": "A"})(app)) == {"name": "A"}
    assert manifest_of(config(manifest=False)(app)) is None
    config(manifest=False)
    assert manifest_of(app) is None
    assert manifest_of(config(manifest={"name": "A"})(app)) == {"name": "A"}


def test_an_app_s_page_is_told_before_the_app_runs() -> None:
    seen: list[dict[str, Any]] = []
    session = FakePlatform().session()
    decorated = config(title="A", theme="dark", css_style="p {}", css_file="/a.css")(
        lambda: seen.append(dict(session.env))
    )
    with inside(session):
        configured(decorated)()
    told = {"title": "A", "theme": "dark", "css_style": "p {}", "css_file": ["/a.css"]}
    assert seen[0].items() >= told.items()


def test_a_coroutine_app_is_configured() -> None:
    session = FakePlatform().session()
    with inside(session):
        assert asyncio.run(configured(config(title="A")(coroutine_app))()) == "ran"
    assert session.env["title"] == "A"


def test_a_docstring_is_no_heading_in_a_notebook() -> None:
    assert configured(app) is app


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"theme": "pink"}, "expects theme to be one of"),
        ({"title": 7}, "expects title to be a str"),
        ({"js_code": b"x"}, "expects js_code to be a str"),
        ({"css_file": 7}, "expects css_file to be an address"),
        ({"js_file": [7]}, "expects js_file to be an address"),
        ({"manifest": "/manifest.json"}, "expects manifest to be True, False or a dict"),
        ({"manifest": {"icons": b"x"}}, "expects the fields of manifest to be JSON"),
    ],
)
def test_an_option_of_another_kind_is_refused(options: dict[str, Any], error: str) -> None:
    with pytest.raises((TypeError, ValueError), match=error):
        config(**options)


def test_only_functions_are_decorated() -> None:
    with pytest.raises(TypeError, match="expects a function to decorate"):
        config(title="A")("app")  # type: ignore[type-var]


def test_seo_is_a_decorator_or_a_call_and_deprecated() -> None:
    with pytest.deprecated_call(match=r"use config\(\)"):
        decorated = seo("A", "about")(app)
    with pytest.deprecated_call():
        called = seo("A", "about", app)
    with pytest.deprecated_call():
        titled = seo("A", app=app)
    assert described(decorated) == described(called) == ("A", "about")
    assert described(titled) == ("A", "and its description.")
    assert config_of(app) == AppConfig()
