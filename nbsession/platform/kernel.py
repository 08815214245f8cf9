"""Whether this process is a Jupyter kernel."""

from __future__ import annotations

import sys


def running_kernel() -> object | None:
    """Return the ipykernel of this process, without importing ipykernel where there is none."""
    module = sys.modules.get("ipykernel.kernelbase")
    if module is None or not module.Kernel.initialized():
        return None
    kernel: object = module.Kernel.instance()
    return kernel
