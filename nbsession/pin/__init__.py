"""The pin API: the names of ``pywebio.pin``, for notebooks. A pin is an input that stays on the page.

>>> from nbsession.pin import pin, put_input
>>> put_input("city", label="City")  # doctest: +SKIP
>>> pin.city  # doctest: +SKIP
'Paris'
"""

from __future__ import annotations

from ._changes import get_pin_values, pin_on_change, pin_update, pin_wait_change
from ._pins import pin
from ._put_choices import put_actions, put_checkbox, put_radio, put_select
from ._put_texts import put_input, put_slider, put_textarea
from ._put_upload import put_file_upload

__all__ = [
    "get_pin_values",
    "pin",
    "pin_on_change",
    "pin_update",
    "pin_wait_change",
    "put_actions",
    "put_checkbox",
    "put_file_upload",
    "put_input",
    "put_radio",
    "put_select",
    "put_slider",
    "put_textarea",
]


def __dir__() -> list[str]:
    return __all__
