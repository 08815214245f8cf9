"""The page that lists a folder's apps."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from .app_source import source_of

if TYPE_CHECKING:
    from pathlib import Path

    from .app_folder import AppFolder

_HTML = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>
:root {{ color-scheme: light dark; }}
body {{ max-width: 880px; margin: 0 auto; padding: clamp(12px, 4vw, 32px); font: 16px/1.45 system-ui, sans-serif;
  overflow-wrap: anywhere; }}
h1 {{ margin: 0 0 16px; font-size: 24px; font-weight: 600; }}
ul {{ margin: 0; padding: 0; list-style: none; }}
ul, li {{ border: 0 solid color-mix(in srgb, currentcolor 20%, transparent); }}
ul {{ border-top-width: 1px; }}
li {{ display: flex; flex-wrap: wrap; gap: 0 24px; padding: 8px 0; border-bottom-width: 1px; }}
a {{ min-width: 12em; color: light-dark(#1565c0, #64b5f6); }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
{entries}
</main>
</body>
</html>
"""
_EMPTY = "<p>There is no app here.</p>"


def listing(folder: AppFolder, subfolder: Path) -> str:
    """Return the HTML of the page that lists a subfolder."""
    names, files = folder.entries(subfolder)
    shown = "/".join(subfolder.relative_to(folder.base).parts)
    above = [_entry("../", "The folder above")] if shown else []
    folders = [_entry(f"{name}/", "") for name in names]
    apps = []
    for file in files:
        source = source_of(file)
        if source.listed:
            apps.append(_entry(file.stem, source.title))
    entries = [*above, *folders, *apps]
    items = f"<ul>\n{''.join(entries)}</ul>" if entries else _EMPTY
    if not folders and not apps and above:
        items += f"\n{_EMPTY}"
    title = escape(f"Index of /{shown}/" if shown else "Index of /")
    return _HTML.format(title=title, entries=items)


def _entry(name: str, title: str) -> str:
    # The dot: a name with a colon would look like an address of its own.
    address = escape(name if name == "../" else f"./{quote(name)}")
    told = f"<span>{escape(title)}</span>" if title else ""
    return f'<li><a href="{address}">{escape(name)}</a>{told}</li>\n'
