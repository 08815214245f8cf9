"""What tries to run in the page of a reader, to load something, or to break out of where it stands."""

from __future__ import annotations

import json
from pathlib import Path

CASES = Path(__file__).parents[1] / "dompurify" / "expect.json"
OWN = [
    "<img src=x onerror=window.hacked=1><script>window.hacked=2</script>&lt;",
    "</style></div></td></table></pre></details><script>window.hacked=3</script>",
    "\"'><svg onload=window.hacked=4><style>*{position:fixed;background:url(https://evil.example/a)}</style>",
    "<p style=\"position:fixed;inset:0;background:url('https://evil.example/b')\" id=x name=body onclick=hacked=5>",
    "<a href=javascript:window.hacked=6>a</a><a href=' java\nscript:hacked=7'>b</a><a href='#x'>c</a>",
    "<img srcset='https://evil.example/c 2x' src=//evil.example/d><video poster=https://evil.example/e>",
    "<link rel=stylesheet href=https://evil.example/f><meta http-equiv=refresh content='0;https://evil.example/g'>",
    "<noscript><p title='</noscript><img src=x onerror=window.hacked=8>'></noscript>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=window.hacked=9&gt;'>",
    "<form action=https://evil.example/h><input name=tagName><button>x</button></form><base href=https://evil.example>",
    "<template><script>window.hacked=10</script></template><iframe srcdoc='<script>top.hacked=11</script>'>",
    '<span class="nbs-slot-0"></span><b title=\'<span class="nbs-slot-0"></span>\'>x</b>',
    '<span class="tex-formula">\\(</span><script>window.hacked=12</script>\\)',
    "<plaintext><xmp><listing><img src=x onerror=window.hacked=13>",
    "<p style='color:\\75rl(https://evil.example/i)'>x</p><p style='--x:url(https://evil.example/j);color:var(--x)'>",
    "<img src='data:text/html,<script>window.hacked=14</script>'><img src='data:image/svg+xml,<svg onload=hacked=15>'>",
    "\x00<scr\x00ipt>window.hacked=16</script>\ud800",
]


def payloads() -> list[str]:
    """Our own, and DOMPurify's test cases."""
    cases = json.loads(CASES.read_text(encoding="utf-8"))["cases"]
    return [*OWN, *(case["payload"] for case in cases)]
