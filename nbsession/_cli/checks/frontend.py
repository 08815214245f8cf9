"""The labextensions and kernels of a Jupyter server in this environment."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from .check import Check, State

_EXTENSIONS = ("@jupyter-widgets/jupyterlab-manager", "anywidget")


def check_front_end() -> list[Check]:
    """Check that a JupyterLab or Notebook in this environment can show widgets."""
    from importlib.util import find_spec  # noqa: PLC0415

    from jupyter_core.paths import jupyter_path  # noqa: PLC0415 -- may be missing

    if find_spec("jupyterlab") is None:
        found = "no JupyterLab or Notebook in this environment"
        remedy = (
            "the Jupyter server's environment needs anywidget and jupyterlab_widgets: run this there, too"
        )
        return [Check("front end", State.SKIPPED, found, remedy)]
    folders = [Path(folder) for folder in jupyter_path("labextensions")]
    missing = [name for name in _EXTENSIONS if not any((folder / name).is_dir() for folder in folders)]
    if missing:
        remedy = "install anywidget and jupyterlab_widgets here, then restart the server and reload the page"
        return [Check("front end", State.PROBLEM, f"no labextension {' and '.join(missing)}", remedy)]
    return [Check("front end", State.OK, f"labextensions {' and '.join(_EXTENSIONS)}")]


def check_server_extension() -> list[Check]:
    """Check that a Jupyter server in this environment loads nbsession's extension."""
    from importlib.util import find_spec  # noqa: PLC0415

    name = "server extension"
    if find_spec("jupyter_server") is None:
        return [Check(name, State.SKIPPED, "no Jupyter server in this environment")]
    from jupyter_core.paths import jupyter_config_path  # noqa: PLC0415 -- may be missing
    from jupyter_server.extension.config import ExtensionConfigManager  # noqa: PLC0415

    manager = ExtensionConfigManager(read_config_path=jupyter_config_path())
    enabled = manager.get_jpserver_extensions()  # type: ignore[no-untyped-call]
    if enabled.get("nbsession.server_extension"):
        return [Check(name, State.OK, "enabled: pages can have direct sockets and info.user_ip")]
    remedy = "info.user_ip may be empty; jupyter server extension enable nbsession.server_extension"
    return [Check(name, State.WARNING, "not enabled", remedy)]


def check_kernel_specs() -> list[Check]:
    """Check that a Jupyter server would run kernels with this Python."""
    from jupyter_client.kernelspec import KernelSpecManager  # noqa: PLC0415 -- may be missing

    specs = KernelSpecManager().get_all_specs()
    pythons = {name: Path(spec["spec"]["argv"][0]) for name, spec in specs.items() if spec["spec"]["argv"]}
    here = sorted(name for name, python in pythons.items() if _same(python))
    if here:
        return [Check("kernel specs", State.OK, f"{', '.join(here)}: this Python")]
    others = ", ".join(f"{name}: {python}" for name, python in sorted(pythons.items())) or "none"
    remedy = f"{Path(sys.executable).name} -m ipykernel install --sys-prefix; or install nbsession there"
    return [Check("kernel specs", State.WARNING, f"no kernel runs this Python ({others})", remedy)]


def _same(python: Path) -> bool:
    # Jupyter replaces a bare "python" by its own. Links are not resolved: two environments may link to the same file.
    if not python.is_absolute():
        return python.name.startswith("python")
    return os.path.abspath(python.parent) == os.path.abspath(Path(sys.executable).parent)  # noqa: PTH100
