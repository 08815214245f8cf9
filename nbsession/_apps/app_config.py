"""``config``: what an app's page looks like, and what it loads."""

from __future__ import annotations

import functools
import inspect
import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

from nbsession._core.brief import BRIEF
from nbsession._core.current import current_session
from nbsession.session._commands import eval_js

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")

THEMES = ("default", "dark", "sketchy", "minty", "yeti")

_ATTRIBUTE = "__nbsession_config__"
# The scripts run one after the other, in the page's global scope; one that cannot be loaded holds up nothing.
_RUN_SCRIPTS = """
(async () => {
  const run = (fields) => new Promise((done) => {
    const script = Object.assign(document.createElement("script"), { async: false }, fields);
    script.onload = done;
    script.onerror = () => { console.error(`nbsession: ${fields.src} could not be loaded`); done(); };
    document.head.append(script);
    if (!fields.src) done();
  });
  for (const src of files) await run({ src });
  if (code) await run({ text: code });
  return null;
})()
"""


@dataclass(frozen=True)
class AppConfig:
    """The options of `config`. Empty ones are not set."""

    title: str | None = None
    description: str | None = None
    theme: str | None = None
    js_code: str | None = None
    js_file: tuple[str, ...] = ()
    css_style: str | None = None
    css_file: tuple[str, ...] = ()
    manifest: bool | Mapping[str, Any] | None = None

    def over(self, other: AppConfig) -> AppConfig:
        """Return these options, and the other's where they are not set."""
        mine = {field.name: getattr(self, field.name) for field in fields(self)}
        mine = {name: value for name, value in mine.items() if value or value is False}
        return replace(other, **mine)

    @property
    def env(self) -> dict[str, object]:
        """The options that are sent to the session's page."""
        told = {
            "title": self.title,
            "theme": self.theme,
            "css_style": self.css_style,
            "css_file": list(self.css_file),
        }
        return {name: value for name, value in told.items() if value}


class _Everywhere:
    """The configuration of all apps."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.config = AppConfig()


_everywhere = _Everywhere()


class _Configured:
    """The return value of ``config``: a decorator. Until it decorates a function, the options apply to all apps."""

    def __init__(self, options: AppConfig) -> None:
        self._options = options
        with _everywhere.lock:
            self._former = _everywhere.config
            _everywhere.config = options

    def __call__(self, function: F) -> F:
        given: object = function
        if not callable(given):
            msg = f"config() expects a function to decorate, not {type(given).__name__}: {given!r:.80}"
            raise TypeError(msg)
        with _everywhere.lock:
            if _everywhere.config is self._options:
                _everywhere.config = self._former
        # A copy: the function itself, and other decorated copies of it, keep their own.
        decorated: Any = functools.partial(function)
        functools.update_wrapper(decorated, function)
        setattr(decorated, _ATTRIBUTE, self._options)
        return decorated  # type: ignore[no-any-return]


def config(
    *,
    title: str | None = None,
    description: str | None = None,
    theme: str | None = None,
    js_code: str | None = None,
    js_file: str | Sequence[str] = (),
    css_style: str | None = None,
    css_file: str | Sequence[str] = (),
    manifest: bool | Mapping[str, Any] = True,
) -> Callable[[F], F]:
    """Configure an app, as a decorator, or all apps, as a call.

    Parameters
    ----------
    title : str, optional
        The title of the page; in a notebook the heading of the view. By default, the first line of the function's
        docstring.
    description : str, optional
        The description that search engines show. By default, the rest of the docstring.
    theme : {'default', 'dark', 'sketchy', 'minty', 'yeti'}, optional
        The look.
    js_code : str, optional
        JavaScript that runs in the page's global scope before the app.
    js_file : str or list of str
        Addresses of scripts that run before ``js_code``.
    css_style : str, optional
        A style sheet. In a notebook, it applies only to the app's view.
    css_file : str or list of str
        Addresses of style sheets.
    manifest : bool or dict
        The web application manifest of a served page, with which a phone adds the app to its home screen. A dict
        replaces fields of the default one; its field ``icon`` is the address of an image. False: none.

    Returns
    -------
    callable
        A decorator for the function of an app. It returns a copy.

    Raises
    ------
    ValueError
        If the theme is unknown.
    TypeError
        If an option is of the wrong type.

    Examples
    --------
    >>> from nbsession import config
    >>> from nbsession.output import put_text
    >>> @config(title="Hello", theme="minty", css_style=".nbsession-text { font-weight: bold }")
    ... def app():
    ...     put_text("hello")

    Notes
    -----
    Corresponds to ``pywebio.config``. A served page loads scripts and style sheets from its own server, and from the
    hosts in ``allowed_sources`` of `start_server`.
    """
    __tracebackhide__ = True
    with BRIEF:
        if theme is not None and theme not in THEMES:
            msg = f"config() expects theme to be one of {', '.join(map(repr, THEMES))}, not {theme!r:.80}"
            raise ValueError(msg)
        texts = {"title": title, "description": description, "js_code": js_code, "css_style": css_style}
        for name, text in texts.items():
            given: object = text
            if given is not None and not isinstance(given, str):
                msg = f"config() expects {name} to be a str, not {type(given).__name__}: {given!r:.80}"
                raise TypeError(msg)
        options = AppConfig(
            title,
            description,
            theme,
            js_code,
            _addresses("js_file", js_file),
            css_style,
            _addresses("css_file", css_file),
            _manifest(manifest),
        )
        return _Configured(options)


def _addresses(name: str, given: object) -> tuple[str, ...]:
    files = [given] if isinstance(given, str) else given
    if not isinstance(files, (list, tuple)) or not all(isinstance(each, str) for each in files):
        msg = f"config() expects {name} to be an address, or a list of them, not {given!r:.80}"
        raise TypeError(msg)
    return tuple(files)


def _manifest(given: object) -> bool | Mapping[str, Any] | None:
    if isinstance(given, Mapping) and all(isinstance(name, str) for name in given):
        try:
            json.dumps(dict(given))
        except (TypeError, ValueError) as error:
            msg = f"config() expects the fields of manifest to be JSON: {error}"
            raise TypeError(msg) from None
        return dict(given)
    if not isinstance(given, bool):
        msg = f"config() expects manifest to be True, False or a dict, not {given!r:.80}"
        raise TypeError(msg)
    return False if not given else None


def config_of(function: Any) -> AppConfig:
    """Return the configuration of an app's function, with that of all apps where it has none."""
    found, inner = AppConfig(), function
    while inner is not None:
        own = getattr(inner, _ATTRIBUTE, None)
        if isinstance(own, AppConfig):
            found = found.over(own)
        following = getattr(inner, "func", None)  # functools.partial
        inner = following if callable(following) else None
    return found.over(_everywhere.config)


def described(function: Any) -> tuple[str, str]:
    """Return the title and the description of an app for search engines: configured, or from its docstring."""
    options = config_of(function)
    while isinstance(function, functools.partial):  # its own docstring describes partial()
        function = function.func
    text = inspect.getdoc(function) if inspect.isroutine(function) else None
    title, _, description = (text or "").partition("\n\n")
    return options.title or title.strip(), options.description or description.strip()


def manifest_of(function: Any) -> Mapping[str, Any] | None:
    """Return the given fields of an app's manifest; None if it has no manifest."""
    given = config_of(function).manifest
    if given is False:
        return None
    return given if isinstance(given, Mapping) else {}


def configured(function: Callable[[], Any]) -> Callable[[], Any]:
    """Return an app's function that applies its configuration first."""
    options = config_of(function)
    scripts = bool(options.js_file or options.js_code)
    if not options.env and not scripts:
        return function
    if inspect.iscoroutinefunction(function):

        async def run_coroutine() -> object:
            current_session().set_env(options.env)
            if scripts:
                await eval_js(_RUN_SCRIPTS, files=list(options.js_file), code=options.js_code)
            return await function()

        return run_coroutine

    def run() -> object:
        current_session().set_env(options.env)
        if scripts:
            eval_js(_RUN_SCRIPTS, files=list(options.js_file), code=options.js_code)
        return function()

    return run
