"""Settings of the headless browser that are the same on every machine, so that notebooks yield the same values."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCALE = "en-US"
TIMEZONE = "UTC"
WIDTH, HEIGHT = 1280, 720
# The Greenwich observatory.
LATITUDE, LONGITUDE = 51.4779, -0.0015
# Features that would use other processes: the omnibox popup is two pages with a second of work, and the spare renderer
# for the next page is another process.
_FEATURES_OFF = (
    "MediaRouter",
    "OptimizationHints",
    "SpareRendererForSitePerProcess",
    "Translate",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "WebUIOmniboxPopup",
)
_PERMISSIONS = (
    "audioCapture",
    "clipboardReadWrite",
    "clipboardSanitizedWrite",
    "geolocation",
    "notifications",
    "videoCapture",
)

Command = tuple[str, dict[str, object]]


def switches(profile: Path) -> Iterator[str]:
    """Return the browser's command line, without the program."""
    yield from (
        "--headless",
        "--remote-debugging-pipe",
        f"--user-data-dir={profile}",
        f"--lang={LOCALE}",
        f"--accept-lang={LOCALE},{LOCALE.partition('-')[0]}",
        f"--window-size={WIDTH},{HEIGHT}",
        "--force-color-profile=srgb",
        "--hide-scrollbars",
        "--mute-audio",
        # A fake camera, which shows a test picture.
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        # Only the page is loaded, and nothing is written outside the profile.
        "--no-first-run",
        "--no-default-browser-check",
        "--no-startup-window",
        "--disable-background-networking",
        "--disable-breakpad",
        "--disable-component-update",
        "--disable-default-apps",
        "--disable-extensions",
        "--disable-sync",
        "--password-store=basic",
        "--use-mock-keychain",
        f"--disable-features={','.join(_FEATURES_OFF)}",
        # The page counts as visible at all times.
        "--disable-background-timer-throttling",
        "--disable-backgrounding-occluded-windows",
        "--disable-renderer-backgrounding",
        "--disable-popup-blocking",
        "--disable-gpu",
        "--disable-quic",
        # Containers have a small /dev/shm.
        "--disable-dev-shm-usage",
    )


def of_browser(downloads: Path) -> Iterator[Command]:
    """Return the commands that apply to all pages of the browser."""
    yield "Browser.grantPermissions", {"permissions": _PERMISSIONS}
    yield (
        "Browser.setDownloadBehavior",
        {"behavior": "allowAndName", "downloadPath": str(downloads), "eventsEnabled": True},
    )


def of_page() -> Iterator[Command]:
    """Return the commands for one page, sent before it loads anything."""
    yield "Page.enable", {}
    yield "Emulation.setLocaleOverride", {"locale": LOCALE}
    yield "Emulation.setTimezoneOverride", {"timezoneId": TIMEZONE}
    yield (
        "Emulation.setDeviceMetricsOverride",
        {
            "width": WIDTH,
            "height": HEIGHT,
            "screenWidth": WIDTH,
            "screenHeight": HEIGHT,
            "deviceScaleFactor": 1,
            "mobile": False,
        },
    )
    yield (
        "Emulation.setEmulatedMedia",
        {
            "features": [
                {"name": "prefers-color-scheme", "value": "light"},
                {"name": "prefers-reduced-motion", "value": "reduce"},
            ]
        },
    )
    yield "Emulation.setFocusEmulationEnabled", {"enabled": True}
    yield (
        "Emulation.setGeolocationOverride",
        {"latitude": LATITUDE, "longitude": LONGITUDE, "accuracy": 1},
    )
