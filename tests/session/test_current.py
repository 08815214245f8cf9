"""Functions that are bound to a session."""

from __future__ import annotations

import pytest

from nbsession.session._bind import bind


@pytest.mark.parametrize("given", [3, None, "print"])
def test_what_is_no_function_is_not_bound(given: object) -> None:
    with pytest.raises(TypeError, match=r"bind\(\) expects a function, not \w+"):
        bind(given)  # type: ignore[arg-type]
