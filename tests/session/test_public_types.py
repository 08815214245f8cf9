"""What a type checker knows of the public functions: mypy reads this file, and Python runs none of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from typing_extensions import assert_type

    from nbsession import download, eval_js, start_server
    from nbsession._core.download_channel import Download
    from nbsession._jupyter.cells.notebook_apps import AppHandle
    from nbsession._server.run.handle import ServerHandle

    def without_waiting() -> None:
        coroutine = eval_js("1", wait_=False)
        _ = assert_type(coroutine, Coroutine[Any, Any, Any])

    def with_the_value() -> None:
        assert_type(eval_js("1", wait_=True), Any)

    def as_the_code_is() -> None:
        assert_type(eval_js("1"), Any)

    def of_a_download() -> None:
        assert_type(download("a.txt", b""), Download)

    def of_a_server() -> None:
        assert_type(start_server(print), AppHandle | ServerHandle | None)
