"""Platforms: what opens sessions. The one that fits the process is chosen at first use."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from nbsession.session.current import runtime

if TYPE_CHECKING:
    from nbsession.session.platform import Platform


def _running_kernel() -> object | None:
    """Return the ipykernel of this process, without importing ipykernel where there is none."""
    module = sys.modules.get("ipykernel.kernelbase")
    if module is None or not module.Kernel.initialized():
        return None
    kernel: object = module.Kernel.instance()
    return kernel


def _choose() -> Platform | None:
    kernel = _running_kernel()
    if kernel is None:
        return None
    from .jupyter import JupyterPlatform  # noqa: PLC0415 -- ipykernel is optional elsewhere

    return JupyterPlatform(kernel)


runtime.register(_choose)
if _running_kernel() is not None:
    # The cell that imports nbsession is the first whose session it can be.
    runtime.platform  # noqa: B018
