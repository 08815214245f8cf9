"""A session's outputs as one piece of static HTML, for readers of the notebook's file.

It contains no scripts, no ids and no addresses that a browser fetches, so that it is safe in front ends that do not
sanitize, such as exports of nbconvert. The same outputs always give the same text.
"""

from .rendering import render

__all__ = ["render"]
