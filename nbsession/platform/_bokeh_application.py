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
# The document of the page, as soon as it is there: bokeh is loaded when the page first shows something of it. It is
# found by its element, because bokeh also knows the documents of HTML that has been replaced, with the same models.
_SHOWN = f"""
const at = document.getElementById(place);
const shown = at && (at.shown ?? await new Promise(done => {{
    const look = () => (at.shown || !at.isConnected) && done(at.shown);
    document.addEventListener("{_SHOWN_EVENT}", look, {{signal}});
}}));
"""
_FOLLOW = f"""{_SHOWN}
shown?.on_change(event => {{
    if (event.sync && !signal.aborted) changed(shown.create_json_patch([event]));
}}, false);
"""
_PATCH = f"{_SHOWN} shown?.apply_json_patch(patch);"
_EMBED = f"""
const at = document.getElementById("{{place}}");
if (at) Bokeh.embed.embed_items({{documents}}, {{items}}).then(([shown]) => {{{{
    at.shown = shown.roots[0].model.document;
    document.dispatchEvent(new Event("{_SHOWN_EVENT}"));
}}}}).catch(error => {{{{
    if (at.isConnected) throw error;  // else it has been replaced meanwhile
}}}});
"""


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
        place, html = _embedded(document)
        shown = put_html(html)
        follow = _follower(document, lock)
        follow(place)

    def show_again(_: object) -> None:
        with lock:
            place, html = _embedded(document)
            shown.update(html)
            follow(place)

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


def _embedded(document: Any) -> tuple[str, str]:
    """Return the id of an element and the HTML that shows the document in it.

    It is what bokeh's ``components`` returns, which warns that functions of Python are never called.
    """
    described, [item] = importlib.import_module("bokeh.embed.util").standalone_docs_json_and_render_items(
        document.roots, suppress_callback_warning=True
    )
    serialize = importlib.import_module("bokeh.core.json_encoder").serialize_json
    documents, items = (serialize(each).replace("<", r"\u003c") for each in (described, [item.to_json()]))
    [place] = (root.elementid for root in item.roots)
    script = _EMBED.format(place=place, documents=documents, items=items)
    element = importlib.import_module("bokeh.embed.elements").div_for_render_item(item)
    return place, f"{element}<script>{{{script}}}</script>"


def _follower(document: Any, lock: RLock) -> Callable[[str], None]:
    """Tell the page what changes in the document. Return the function that lets its page tell what changes there.

    The function takes the id of the element that shows the document from then on.
    """
    from nbsession.exceptions import SessionException  # noqa: PLC0415
    from nbsession.session import bind, run_js  # noqa: PLC0415

    patched = importlib.import_module("bokeh.document.events").DocumentPatchedEvent
    place = ""
    patch_page = bind(lambda patch: run_js(_PATCH, place=place, patch=patch))
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

    def follow(shown_in: str) -> None:
        nonlocal place
        place = shown_in
        run_js(_FOLLOW, place=place, changed=changed)

    document.on_change(tell)
    return follow


def _encoded(document: Any, event: Any) -> dict[str, Any]:
    """Return an event as a patch, as bokeh's own server sends it, but without buffers."""
    serialization = importlib.import_module("bokeh.core.serialization")
    serializer = serialization.Serializer(references=document.models.synced_references, deferred=False)
    patch = {"events": serializer.encode([event])}
    document.models.flush_synced(lambda model: not serializer.has_ref(model))
    return patch
