"""Applications of bokeh in a session: the models of Python and those of the page follow each other.

Bokeh's own server does this over a WebSocket of its own, on a port to which the page does not connect. The changes are
patches of the document in JSON: https://docs.bokeh.org/en/latest/docs/dev_guide/server.html.
"""

from __future__ import annotations

import importlib
from threading import RLock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_SHOWN_EVENT = "nbsession:bokeh"
# The document of the page, as soon as it is there: bokeh is loaded when the page first shows something of it.
_SHOWN = f"""
const find = () => globalThis.Bokeh?.documents.find(each => each.roots().some(({{id}}) => id === root));
const shown = find() ?? await new Promise(done => {{
    document.addEventListener("{_SHOWN_EVENT}", () => find() && done(find()), {{signal}});
}});
"""
_FOLLOW = f"""{_SHOWN}
shown.on_change(event => {{
    if (event.sync && !signal.aborted) changed(shown.create_json_patch([event]));
}}, false);
"""
_PATCH = f"{_SHOWN} shown.apply_json_patch(patch);"
_EMBED = (
    "Bokeh.embed.embed_items({documents}, {items})"
    f'.then(() => document.dispatchEvent(new Event("{_SHOWN_EVENT}")));'
)


def show_application(application: Any) -> None:
    """Show a new document of an application, or of its function, and keep it and the page's one the same."""
    from nbsession.output import put_html  # noqa: PLC0415 -- it imports this package

    if not hasattr(application, "create_document"):
        handlers = importlib.import_module("bokeh.application.handlers")
        application = importlib.import_module("bokeh.application").Application(
            handlers.FunctionHandler(application)
        )
    document = application.create_document()
    # The page's changes come on one thread, and the application's own from any.
    lock = RLock()
    with lock:
        shown = put_html(_html(document))
        follow = _follower(document, lock)
        follow()

    def show_again(_: object) -> None:
        with lock:
            shown.update(_html(document))
            follow()

    # Like a button, it keeps the session of an app open.
    session = shown.session
    number = session.callbacks.add(show_again)
    awaits_first = [None] if session.delivery.unattached else []
    # The next page of the session shows the HTML as it was, and has to be told what has changed.
    stop = session.delivery.on_each_page(
        lambda: awaits_first.pop() if awaits_first else session.callbacks.call(number, None)
    )

    def forget() -> None:
        stop()
        session.callbacks.remove(number)

    session.outputs.when_removed(shown.key, forget)


def _html(document: Any) -> str:
    """Return what bokeh's ``components`` does, which warns that functions of Python are never called.

    The page learns when the document is there.
    """
    described, [item] = importlib.import_module("bokeh.embed.util").standalone_docs_json_and_render_items(
        document.roots, suppress_callback_warning=True
    )
    serialize = importlib.import_module("bokeh.core.json_encoder").serialize_json
    documents, items = (serialize(each).replace("<", r"\u003c") for each in (described, [item.to_json()]))
    place = importlib.import_module("bokeh.embed.elements").div_for_render_item(item)
    return f"{place}<script>{_EMBED.format(documents=documents, items=items)}</script>"


def _follower(document: Any, lock: RLock) -> Callable[[], None]:
    """Tell the page what changes in the document. Return the function that lets its page tell what changes there."""
    from nbsession.exceptions import SessionException  # noqa: PLC0415
    from nbsession.session import bind, run_js  # noqa: PLC0415

    patched = importlib.import_module("bokeh.document.events").DocumentPatchedEvent
    root = document.roots[0].id
    patch_page = bind(lambda patch: run_js(_PATCH, root=root, patch=patch))
    setter = object()

    def changed(patch: Mapping[str, Any]) -> None:
        with lock:
            document.apply_json_patch(patch, setter=setter)

    def tell(event: Any) -> None:
        if not isinstance(event, patched) or event.setter is setter:
            return
        with lock:
            try:
                patch_page(_encoded(document, event))
            except SessionException:  # it is over
                document.remove_on_change(tell)

    document.on_change(tell)
    return lambda: run_js(_FOLLOW, root=root, changed=changed)


def _encoded(document: Any, event: Any) -> dict[str, Any]:
    """Return an event as a patch, as bokeh's own server sends it, but without buffers."""
    serialization = importlib.import_module("bokeh.core.serialization")
    serializer = serialization.Serializer(references=document.models.synced_references, deferred=False)
    patch = {"events": serializer.encode([event])}
    document.models.flush_synced(lambda model: not serializer.has_ref(model))
    return patch
