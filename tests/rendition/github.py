"""The elements and attributes that GitHub leaves in HTML.

From the documentation of its sanitizer, https://github.com/gjtorikian/html-pipeline (``SanitizationFilter``), which
https://github.com/github/markup names.
"""

from __future__ import annotations

import nh3

_ELEMENTS = """
h1 h2 h3 h4 h5 h6 br b i strong em a pre code img tt div ins del sup sub p ol ul table thead tbody
tfoot blockquote dl dt dd kbd q samp var hr ruby rt rp li tr td th s strike summary details caption figure
figcaption abbr bdo cite dfn mark small span time wbr
"""
ELEMENTS = frozenset(_ELEMENTS.split())
_EVERYWHERE = """
abbr accept accept-charset accesskey action align alt aria-describedby aria-hidden aria-label aria-labelledby
axis border cellpadding cellspacing char charoff charset checked clear color cols colspan compact coords datetime
dir disabled enctype for frame headers height hreflang hspace id ismap itemprop label lang maxlength media method
multiple name nohref noshade nowrap open progress prompt readonly rel rev role rows rowspan rules scope selected
shape size span start summary tabindex title type usemap valign value width
"""
EVERYWHERE = frozenset(_EVERYWHERE.split())
ATTRIBUTES = {
    "*": set(EVERYWHERE),
    "a": {"href"},
    "img": {"src", "longdesc"},
    "div": {"itemscope", "itemtype"},
    "blockquote": {"cite"},
    "del": {"cite"},
    "ins": {"cite"},
    "q": {"cite"},
}


def as_on_github(html: str) -> str:
    """The HTML after GitHub's sanitizer."""
    return nh3.clean(
        html,
        tags=set(ELEMENTS),
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
