"""Modules that import each other, for types included. js/biome.json allows no circle in TypeScript."""

from __future__ import annotations

import grimp

_MOST_MODULES = 5


def test_no_circle_of_imports_has_more_than_a_handful_of_modules() -> None:
    graph = grimp.build_graph("nbsession", exclude_type_checking_imports=False, cache_dir=None)
    upstream = {module: graph.find_upstream_modules(module) for module in graph.modules}
    circles = {
        frozenset({module, *(each for each in imported if module in upstream[each])})
        for module, imported in upstream.items()
    }
    assert [sorted(circle) for circle in circles if len(circle) > _MOST_MODULES] == []
