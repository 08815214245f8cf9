"""``run_js`` and ``eval_js``."""

from __future__ import annotations

import re
import sys
from threading import get_ident
from typing import TYPE_CHECKING, Any, Literal, overload

from nbsession._core.brief import shorten
from nbsession._core.call import Call
from nbsession._core.calling_code import called_from_coroutine
from nbsession._core.current import current_session
from nbsession._core.values import encode_command
from nbsession.exceptions import FrontendNotFoundException, JSError

from ._misspelt import OPTIONS, refuse_options

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from nbsession._core.session import ErrorPolicy, Session
    from nbsession._core.values import Encoded

# The value of default_ if none is given: None is a valid default.
_RAISE: Any = object()
_ELEMENT = re.compile(r"(?<![\w$])(?<!(?<!\.\.)\.)element(?![\w$])")


def run_js(code_: str, **args: object) -> None:
    """Run JavaScript statements in the reader's browser.

    Returns at once. The code runs in the page, in the order of the calls. If no page has attached yet, the code waits
    in Python. Errors in the code are shown to the reader in the cell's output.

    Parameters
    ----------
    code_ : str
        JavaScript statements. They can use the page's globals, and two local variables: ``element``, the root of the
        session's outputs, as in Jupyter's ``%%javascript``, and ``signal``, an ``AbortSignal`` that aborts when the
        session ends. Outputs that precede the call are in the document, unless no view shows them within 1 s, as in a
        collapsed cell. ``import()`` resolves addresses against the page.
    **args
        Local variables of the code: JSON values, NaN and infinities, and bytes-like objects (``Uint8Array`` in
        JavaScript). Integers outside of ±(2**53 - 1) become ``BigInt``, dates and times text in ISO 8601, decimals
        numbers if they are exact and text otherwise, sets arrays. Arrays of numpy become typed arrays, or nested arrays
        if they have several dimensions. Those of 64-bit integers become ``Float64Array``, or ``BigInt64Array`` if an
        integer is larger than that. A table of pandas becomes an array with an object for each row, a column or an
        index an array.

        A function of Python becomes an asynchronous function. Its arguments and its value follow the rules of
        ``eval_js`` and of this function. An exception rejects the promise, and the reader sees the traceback. A plain
        function runs where the session's button callbacks run, in order with these, but while one of these waits for
        the page, in another thread. A coroutine function runs as a task on the loop of a coroutine app, and in other
        code on a loop of that thread, which is not the loop of an async cell. The page has the function until its
        garbage collector drops it, or the session ends: an app whose page calls functions later has to call
        ``hold()``.

    Raises
    ------
    TypeError
        If an argument cannot be sent, or has the name of an option of ``eval_js`` and is not used by the code. The
        message names the argument. Nothing is sent.
    SessionClosedException
        If the session has ended.
    BacklogFullError
        If more than 64 MiB wait for the page and the caller must not block.

    Examples
    --------
    >>> from nbsession import run_js
    >>> run_js("console.log(a + b)", a=1, b=2)  # doctest: +SKIP
    >>> run_js("element.append('drawn by JavaScript')")  # doctest: +SKIP
    >>> run_js("addEventListener('keydown', e => console.log(e.key), {signal})")  # doctest: +SKIP
    >>> run_js(
    ...     "element.onclick = async () => { element.textContent = await add(2, 3) }", add=lambda a, b: a + b
    ... )
    ... # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.session.run_js``; ``element``, ``signal`` and functions as arguments are additions.
    """
    __tracebackhide__ = True
    try:
        session = current_session()
        if args:
            refuse_options("run_js", code_, args)
        command = encode_command("run_js", ("run",), code_, args, session.functions)
        if not session.shown and "element" in code_:
            _show_element(session, code_, args)
        session.delivery.run(command)
    except BaseException as error:
        shorten(error)
        raise


@overload
def eval_js(
    expression_: str,
    *,
    timeout_: float | None = None,
    errors_: ErrorPolicy | None = None,
    wait_: Literal[False],
    default_: Any = ...,
    **args: object,
) -> Coroutine[Any, Any, Any]: ...


@overload
def eval_js(
    expression_: str,
    *,
    timeout_: float | None = None,
    errors_: ErrorPolicy | None = None,
    wait_: bool | None = None,
    default_: Any = ...,
    **args: object,
) -> Any: ...


def eval_js(
    expression_: str,
    *,
    timeout_: float | None = None,
    errors_: ErrorPolicy | None = None,
    wait_: bool | None = None,
    default_: Any = _RAISE,
    **args: object,
) -> Any:
    """Evaluate a JavaScript expression in the reader's browser and get its value.

    Blocks in plain code. In a coroutine, it returns a coroutine: write ``await eval_js(...)``. The page awaits
    promises. If the code throws or the promise is rejected, the value is None, and the reader sees a warning with the
    JavaScript stack.

    Parameters
    ----------
    expression_ : str
        A JavaScript expression. It can use the page's globals, ``element`` and ``signal``; see ``run_js``.
    timeout_ : float, optional
        Seconds to wait for the value. By default, there is no limit (but 10 s for the first page to attach).
    errors_ : {'warn', 'raise'}, optional
        ``'raise'`` turns a JavaScript error into ``JSError``. The default is the value of ``set_env(js_errors=...)``,
        or ``'warn'``.
    wait_ : bool, optional
        True blocks even in a coroutine, False returns a coroutine even in plain code.
    default_ : object, optional
        The value to return if no browser attaches, instead of raising ``FrontendNotFoundException``, for example in a
        notebook that nbconvert runs. It does not replace errors of the code or values that arrive too late.
    **args
        Local variables of the expression; see ``run_js``.

    Returns
    -------
    object
        The value by the rules of ``JSON.stringify``, extended by NaN and infinities, ``BigInt`` as int, and
        ``ArrayBuffer``, typed arrays and ``Blob`` as bytes. ``undefined`` is None.

    Raises
    ------
    TypeError
        If an argument cannot be sent, or is an option without its underscore (``timeout=3``) that the code does not
        use. The message names the argument.
    ValueError
        If ``timeout_`` is negative or ``errors_`` is unknown.
    JSTimeoutError
        If no value arrived within ``timeout_``.
    JSError
        If the code failed and ``errors_`` is ``'raise'``.
    FrontendNotFoundException
        If no browser attached and there is no ``default_``: within 2 s if the notebook is run without a front end
        (nbconvert, papermill, nbval), otherwise after 10 s.
    PageLostError
        If the page was reloaded while the code may have run.
    SessionClosedException
        If the session ended before the value arrived.

    Examples
    --------
    >>> from nbsession import eval_js
    >>> eval_js("1 + 1")  # doctest: +SKIP
    2
    >>> eval_js("a.map(x => x * 2)", a=[1, 2, 3])  # doctest: +SKIP
    [2, 4, 6]
    >>> eval_js("navigator.language", default_="en-US")  # doctest: +SKIP
    'de-DE'

    Notes
    -----
    Corresponds to ``pywebio.session.eval_js``; ``timeout_``, ``errors_``, ``wait_`` and ``default_`` are additions.
    """
    __tracebackhide__ = True
    try:
        session = current_session()
        number = session.next_number()
        if args:
            refuse_options("eval_js", expression_, args, OPTIONS)
        if timeout_ is not None:
            _check_timeout(timeout_)
        if errors_ not in (None, "warn", "raise"):
            msg = f"eval_js() expects errors_ to be 'warn' or 'raise', not {errors_!r}"
            raise ValueError(msg)  # noqa: TRY301 -- shortened, as all that is raised here
        command = encode_command("eval_js", ("eval", number), expression_, args, session.functions)
        if not session.shown and "element" in expression_:
            _show_element(session, expression_, args)
        if wait_ is None:
            wait_ = not (session.loop_thread == get_ident() or called_from_coroutine(sys._getframe(1)))
        if wait_:
            return _evaluate(session, number, command, timeout_, errors_, default=default_)
        coroutine = _evaluate_async(session, number, command, timeout_, errors_, default=default_)
        # Shown if an await is missing: in the repr, and in Python's "was never awaited" warning.
        coroutine.__qualname__ = "eval_js: write await eval_js(...) to get the value;"  # type: ignore[attr-defined]
        return coroutine  # noqa: TRY300 -- as above
    except BaseException as error:
        shorten(error)
        raise


def _show_element(session: Session, code: str, args: dict[str, object]) -> None:
    """Show the session's view if the code uses its root: without outputs, there is none yet."""
    if "element" not in args and _ELEMENT.search(code):
        session.show()


def _check_timeout(timeout: object) -> None:
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)):
        msg = f"eval_js() expects timeout_ in seconds, as a number, not {type(timeout).__name__}: {timeout!r:.80}"
        raise TypeError(msg)
    if not timeout >= 0:
        msg = f"eval_js() expects timeout_ to be 0 or more seconds, not {timeout!r}"
        raise ValueError(msg)


def _evaluate(
    session: Session,
    number: int,
    command: Encoded,
    timeout: float | None,
    errors: ErrorPolicy | None,
    *,
    default: object,
) -> object:
    call = Call(session)
    try:
        session.delivery.ask(number, command, call)
        return call.result(timeout)
    except JSError as error:
        _warn_or_raise(session, error, errors)
        return None
    except BaseException as error:
        if not call.released:
            session.delivery.withdraw(number, command)
        if default is not _RAISE and isinstance(error, FrontendNotFoundException):
            return default
        raise


async def _evaluate_async(
    session: Session,
    number: int,
    command: Encoded,
    timeout: float | None,
    errors: ErrorPolicy | None,
    *,
    default: object,
) -> object:
    __tracebackhide__ = True
    try:
        call = Call(session, awaited=True)
        try:
            session.delivery.ask(number, command, call)
            return await call.within(timeout)
        except JSError as error:
            _warn_or_raise(session, error, errors)
            return None
        except BaseException as error:
            if not call.released:
                session.delivery.withdraw(number, command)
            if default is not _RAISE and isinstance(error, FrontendNotFoundException):
                return default
            raise
    except BaseException as error:
        shorten(error)
        raise


def _warn_or_raise(session: Session, error: JSError, errors: ErrorPolicy | None) -> None:
    if (errors or session.js_errors) == "raise":
        raise error
    session.warn(error.with_traceback(None))  # whose frames hold the call, which holds the error
