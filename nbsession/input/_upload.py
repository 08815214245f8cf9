"""``file_upload``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nbsession._core.brief import BRIEF

from ._ask import ask_one
from ._fields.files import FileField
from ._texts import Validate

if TYPE_CHECKING:
    from os import PathLike


def file_upload(
    label: str = "",
    accept: str | Sequence[str] | None = None,
    name: str | None = None,
    placeholder: str = "Choose file",
    multiple: bool = False,
    max_size: int | str = 0,
    max_total_size: int | str = 0,
    required: bool | None = None,
    help_text: str | None = None,
    *,
    path: str | PathLike[str] | None = None,
    validate: Validate | None = None,
    **other_html_attrs: object,
) -> Any:
    """Ask the reader for files.

    Files are sent in pieces when the reader submits the form. The form shows the progress, and the reader can cancel.

    Parameters
    ----------
    label : str
        The question.
    accept : str or list of str, optional
        The types that the reader can choose: extensions such as ``".csv"``, MIME types such as ``"image/*"``.
    placeholder : str
        Text of the empty field.
    multiple : bool
        Whether the reader can choose several files.
    max_size, max_total_size : int or str
        The most bytes of a file, and of all files together: a number, or text such as ``"40K"``, ``"3M"``, ``"1G"``. 0
        is no limit. The page and Python enforce the limits while the file is sent.
    path : str or path, optional
        A folder in which the files are stored. The answer then has the key ``path`` in place of ``content``, and no
        file passes through memory.
    validate : callable, optional
        Checks the answer when the files have arrived; see `input`.
    name, required, help_text, other_html_attrs
        See `input`.

    Returns
    -------
    dict, list of dict, or None
        The file: ``filename``, ``content`` (bytes), ``mime_type``, ``last_modified`` (seconds since 1970); None if
        there is none. With ``multiple``, a list.

    Raises
    ------
    Exception
        See `input`.

    Examples
    --------
    >>> from nbsession.input import file_upload
    >>> table = file_upload("A table", accept=".csv", max_size="10M")  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.input.file_upload``; ``path`` and ``validate`` are additions.
    """
    __tracebackhide__ = True
    with BRIEF:
        field = FileField(
            "file_upload",
            label=label,
            accept=accept,
            name=name,
            placeholder=placeholder,
            multiple=multiple,
            max_size=max_size,
            max_total_size=max_total_size,
            required=required,
            help_text=help_text,
            path=path,
            validate=validate,
            other_html_attrs=other_html_attrs,
        )
        return field if name is not None else ask_one("file_upload", field)
