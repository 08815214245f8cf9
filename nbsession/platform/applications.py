"""The apps that ``start_server`` was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbsession.session.apps import name_apps

if TYPE_CHECKING:
    from nbsession._core.app import AppFunction


def with_index(applications: object) -> dict[str, AppFunction]:
    """Return the apps by name, and an index where there are several and none is named so; raises as `name_apps`."""
    apps = name_apps(applications)
    if len(apps) > 1 and "index" not in apps:
        from .index import index_of  # noqa: PLC0415 -- most have no need of it

        return {"index": index_of(list(apps)), **apps}
    return apps
