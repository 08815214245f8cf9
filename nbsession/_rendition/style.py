"""The style sheet of renditions, for pages that keep it.

The page's theme decides about colours, not what the reader's system prefers: exports of nbconvert are light unless
they were made with ``--theme=dark``. So the colours are those of JupyterLab's theme, which exports contain, or shades
of the text's own.
"""

from __future__ import annotations

STYLE = """<style>
.nbsession-rendition{overflow-x:auto;--nbr-line:color-mix(in srgb,currentColor 25%,transparent)}
.nbsession-rendition small{opacity:.75}
.nbsession-rendition p{margin:.4em 0}
.nbsession-rendition img{max-width:100%;height:auto}
.nbsession-rendition kbd{border:1px solid var(--nbr-line);border-radius:3px;padding:2px 8px;font:inherit;color:inherit;
background:none;box-shadow:none}
.nbsession-rendition progress{vertical-align:middle;width:12em;max-width:50%}
.nbsession-rendition table:not(.nbr-grid) :is(td,th){text-align:left;vertical-align:top}
.nbsession-rendition .nbr-grid,.nbsession-rendition .nbr-grid>tbody>tr,.nbsession-rendition .nbr-grid>tbody>tr>td{
border:none;background:none}
.nbsession-rendition .nbr-box{border:1px solid var(--nbr-line);border-radius:3px;padding:2px 10px;margin:.5em 0}
.nbsession-rendition .nbr-info{border-left:4px solid var(--jp-info-color1,#2196f3)}
.nbsession-rendition .nbr-success{border-left:4px solid var(--jp-success-color1,#4caf50)}
.nbsession-rendition .nbr-warning{border-left:4px solid var(--jp-warn-color1,#f57c00)}
.nbsession-rendition .nbr-error{border-left:4px solid var(--jp-error-color1,#e53935)}
.nbsession-rendition .nbr-tab{border-left:1px solid var(--nbr-line);padding-left:10px}
.nbsession-rendition [class^=nbs-k]{color:var(--jp-mirror-editor-keyword-color)}
.nbsession-rendition [class^=nbs-s]{color:var(--jp-mirror-editor-string-color)}
.nbsession-rendition [class^=nbs-c]{color:var(--jp-mirror-editor-comment-color);font-style:italic}
.nbsession-rendition [class^=nbs-m]{color:var(--jp-mirror-editor-number-color)}
</style>"""
