"""`put` shows objects by how they show themselves."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from nbsession.output import put, put_text
from nbsession.output._bundle import Bundle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .conftest import Screen


class Shows:
    """An object that shows itself as it is told to."""

    def __init__(self, **data: Any) -> None:
        self._data = {name.replace("__", "/").replace("_x_", "."): content for name, content in data.items()}

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return self._data

    def __repr__(self) -> str:
        return "<shows>"


def test_a_string_is_text(screen: Screen) -> None:
    put("<b>x</b>")
    assert screen.only["data"] == {"text/plain": "<b>x</b>"}


def test_of_what_the_page_knows_it_is_given_the_best(screen: Screen) -> None:
    put(Shows(text__html="<b>x</b>", text__plain="x", image__png=b"png"))
    assert screen.only["data"] == {"text/html": "<b>x</b>"}


def test_what_a_notebook_may_have_a_renderer_for_goes_along(screen: Screen) -> None:
    put(Shows(**{"application/vnd.plotly.v1+json": {"data": []}, "text/html": "<p>", "text/plain": "x"}))
    assert set(screen.only["data"]) == {"application/vnd.plotly.v1+json", "text/html"}


def test_an_object_without_more_is_its_repr(screen: Screen) -> None:
    put(Shows())
    assert screen.only["data"] == {"text/plain": "<shows>"}


def test_base64_and_bytes_are_the_same_image(screen: Screen) -> None:
    put(Shows(image__png="iVBORw=="))
    put(Shows(image__png=b"\x89PNG"))
    assert screen.buffers == [b"\x89PNG"] * 2


def test_svg_is_an_image(screen: Screen) -> None:
    put(Shows(**{"image/svg+xml": "<svg/>"}))
    assert screen.buffers == [b"<svg/>"]


def test_markdown_is_rendered(screen: Screen) -> None:
    put(Shows(text__markdown="*x* <b>"))
    assert screen.only["data"]["text/markdown"] == "<p><em>x</em> <b></p>\n"


def test_an_update_shows_another_object_in_its_place(screen: Screen) -> None:
    shown = put("a")
    shown.update(Shows(text__html="<b>"))
    assert screen.only["data"] == {"text/html": "<b>"}


def test_a_figure_is_drawn_without_pyplot(screen: Screen) -> None:
    figure = pytest.importorskip("matplotlib.figure").Figure()
    figure.subplots().set_title("A <title>")
    put(figure)
    assert screen.buffers[0].startswith(b"\x89PNG")
    assert screen.only["alt"] == "A <title>"


def test_axes_are_their_figure(screen: Screen) -> None:
    whole = pytest.importorskip("matplotlib.figure").Figure()
    part = whole.subfigures()
    for axes, title in ((whole.subplots(), "of the whole"), (part.subplots(), "of a part")):
        axes.set_title(title)
        put(axes)
    assert [buffer[:4] for buffer in screen.buffers] == [b"\x89PNG"] * 2
    assert [node["alt"] for node in screen.nodes] == ["of the whole", "of the whole, of a part"]


def test_axes_without_a_figure_are_their_repr(screen: Screen) -> None:
    axes = pytest.importorskip("matplotlib.figure").Figure().subplots()
    axes.remove()
    put(axes)
    assert set(screen.only["data"]) == {"text/plain"}


def test_a_size_without_a_unit_is_in_pixels(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = Bundle({"image/png": b"png"}, {"image/png": {"width": "80"}})
    monkeypatch.setattr("nbsession.output._anything.bundle_of", lambda _: shown)
    put(Shows())
    assert screen.only["width"] == "80px"


@pytest.fixture
def pyplot() -> Iterator[Any]:
    """pyplot with the inline backend, as in a notebook."""
    pyplot = pytest.importorskip("matplotlib.pyplot")
    former = pyplot.get_backend()
    pyplot.switch_backend("module://matplotlib_inline.backend_inline")
    yield pyplot
    pyplot.close("all")
    pyplot.switch_backend(former)


def test_a_figure_of_pyplot_is_not_shown_again_by_the_inline_backend(screen: Screen, pyplot: Any) -> None:
    figure, other = pyplot.figure(), pyplot.figure()
    put(figure)
    assert pyplot.get_fignums() == [other.number]


def test_a_figure_that_was_put_can_be_shown_again(screen: Screen, pyplot: Any) -> None:
    figure = pyplot.figure()
    shown = put(figure)
    figure.subplots().set_title("changed")
    shown.update(figure)
    assert screen.only["alt"] == "changed"


def test_a_figure_that_the_inline_backend_is_to_keep_is_kept(
    screen: Screen, pyplot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = pytest.importorskip("matplotlib_inline.config")
    monkeypatch.setattr(config.InlineBackend.instance(), "close_figures", False)
    put(figure := pyplot.figure())
    assert pyplot.get_fignums() == [figure.number]


def test_a_figure_of_another_backend_stays_open(screen: Screen, pyplot: Any) -> None:
    pyplot.switch_backend("agg")
    put(figure := pyplot.figure())
    assert pyplot.get_fignums() == [figure.number]


def test_a_pandas_table_is_html(screen: Screen) -> None:
    pandas = pytest.importorskip("pandas")
    put(pandas.DataFrame({"a": ["<b>"]}))
    assert "&lt;b&gt;" in screen.only["data"]["text/html"]


def test_a_pil_image_is_an_image(screen: Screen) -> None:
    put(pytest.importorskip("PIL.Image").new("RGB", (2, 2)))
    assert screen.buffers[0].startswith(b"\x89PNG")


def test_a_widget_is_its_model(screen: Screen) -> None:
    ipywidgets = pytest.importorskip("ipywidgets")
    slider = ipywidgets.IntSlider()
    put(slider)
    assert screen.only["data"]["application/vnd.jupyter.widget-view+json"]["model_id"] == slider.model_id


def test_nothing_is_imported_for_it(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("matplotlib.figure", "PIL.Image", "IPython"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    put(Shows(text__html="<b>"))
    assert not {"matplotlib.figure", "PIL.Image", "IPython"} & set(sys.modules)


def test_what_is_shown_already_is_refused() -> None:
    with pytest.raises(TypeError, match="already shown"):
        put(put_text("x"))
