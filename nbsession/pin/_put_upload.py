"""``put_file_upload``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nbsession.input._fields.files import FileField
from nbsession.output._content import Content
from nbsession.output._output import Output
from nbsession.output._shown import show

from ._pin import Pin
from ._pins import checked

if TYPE_CHECKING:
    from nbsession.output._placement import Scope


def put_file_upload(
    name: str,
    *,
    label: str = "",
    accept: str | Sequence[str] | None = None,
    placeholder: str = "Choose file",
    multiple: bool = False,
    max_size: int | str = 0,
    max_total_size: int | str = 0,
    help_text: str | None = None,
    scope: Scope = None,
    position: int = -1,
) -> Output:
    """Show an input for files, which keeps its value.

    The code goes on at once. ``pin.NAME`` is the value.

    The files are sent when the reader chooses them.

    Parameters
    ----------
    name : str
        Its name in `pin`. An earlier pin with this name can no longer be changed by the reader.
    label, accept, placeholder, multiple, max_size, max_total_size, help_text
        See ``nbsession.input.file_upload``.
    scope, position
        See ``put_text``.

    Returns
    -------
    Output
        A handle to update and remove it.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described. The message names it.

    Examples
    --------
    >>> from nbsession.pin import pin, put_file_upload
    >>> put_file_upload("table", accept=".csv")  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.pin.put_file_upload``.
    """
    __tracebackhide__ = True
    return show(
        "put_file_upload",
        scope,
        position,
        _file_upload,
        into=Pin(checked("put_file_upload", name)),
        label=label,
        accept=accept,
        placeholder=placeholder,
        multiple=multiple,
        max_size=max_size,
        max_total_size=max_total_size,
        help_text=help_text,
    )


def _file_upload(
    into: Pin,
    *,
    label: str = "",
    accept: str | Sequence[str] | None = None,
    placeholder: str = "Choose file",
    multiple: bool = False,
    max_size: int | str = 0,
    max_total_size: int | str = 0,
    help_text: str | None = None,
) -> Content:
    return into.content(
        FileField(
            "put_file_upload",
            name=into.name,
            label=label,
            accept=accept,
            placeholder=placeholder,
            multiple=multiple,
            max_size=max_size,
            max_total_size=max_total_size,
            help_text=help_text,
        )
    )
