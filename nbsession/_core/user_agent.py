"""The reader's browser, from its ``User-Agent`` string and client hints."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from user_agents.parsers import UserAgent

# Windows 11 reports "Windows NT 10.0"; its platform version is 13 or higher.
# https://learn.microsoft.com/en-us/microsoft-edge/web-platform/how-to-detect-win11
_FIRST_OF_WINDOWS_11 = 13
# Brands and their names in the string; other browsers based on Chromium appear only as "Chrome".
_PRODUCTS = {"Google Chrome": "Chrome", "Chromium": "Chrome", "Microsoft Edge": "Edg", "Opera": "OPR"}
_VERSION = re.compile(r"\d[\d.]{0,40}")
_MODEL = re.compile(r"[\w .+()\-]{1,64}")
# Limits of parsed characters and brands: real strings are shorter, and the parsing time grows with the square of the
# length.
_LONGEST = 1024
_MOST_BRANDS = 16


def parse(user_agent: str, hints: object = None) -> UserAgent:
    """Return the browser.

    Parameters
    ----------
    user_agent : str
        The ``User-Agent`` string.
    hints : dict, optional
        The result of ``navigator.userAgentData.getHighEntropyValues``. Browsers with this function omit the phone, the
        system's version and the Windows version from their string.

    Returns
    -------
    user_agents.parsers.UserAgent
        The browser. ``ua_string`` is the first 1,024 characters of its own string. Its ``repr`` is the same everywhere.
    """
    user_agent = user_agent[:_LONGEST]
    if not isinstance(hints, dict):
        return _parse(user_agent, user_agent, "")
    platform, version = _text(hints, "platform"), _text(hints, "platformVersion", _VERSION)
    system = ""
    fuller = _with_versions(user_agent, hints)
    if platform == "Windows" and version:
        system = "11" if int(version.partition(".")[0]) >= _FIRST_OF_WINDOWS_11 else ""
    elif platform == "Android" and version:
        device = "; ".join(filter(None, [version.removesuffix(".0.0"), _text(hints, "model", _MODEL)]))
        fuller = re.sub(r"Android \d[^;)]*(; K(?=\)))?", lambda _: f"Android {device}", fuller, count=1)
    elif platform == "macOS" and version:
        fuller = re.sub(r"Mac OS X [\d_]+", f"Mac OS X {version.replace('.', '_')}", fuller, count=1)
    return _parse(user_agent, fuller, system)


def _with_versions(user_agent: str, hints: dict[str, Any]) -> str:
    """Return the string with complete versions, as older browsers sent it."""
    brands = hints.get("fullVersionList")
    for entry in brands[:_MOST_BRANDS] if isinstance(brands, list) else ():
        if not isinstance(entry, dict):
            continue
        product, version = _PRODUCTS.get(str(entry.get("brand"))), _text(entry, "version", _VERSION)
        if product and version:
            user_agent = re.sub(rf"(?<= ){product}/\d[\d.]*", f"{product}/{version}", user_agent, count=1)
    return user_agent


def _text(fields: dict[str, Any], name: str, pattern: re.Pattern[str] | None = None) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or (pattern is not None and not pattern.fullmatch(value)):
        return ""
    return value


@cache
def _agent_class() -> type[UserAgent]:
    from user_agents.parsers import UserAgent  # noqa: PLC0415 -- loading its tables takes a tenth of a second

    class _UserAgent(UserAgent):  # type: ignore[misc]  # it has no types
        def __repr__(self) -> str:
            return f"<UserAgent {str(self)!r}>"

    return _UserAgent


@lru_cache(maxsize=16)
def _parse(user_agent: str, fuller: str, windows: str) -> UserAgent:
    agent = _agent_class()(fuller)
    agent.ua_string = user_agent
    if windows:
        agent.os = agent.os._replace(version=(int(windows),), version_string=windows)
    return agent
