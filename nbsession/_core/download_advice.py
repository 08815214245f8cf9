"""What to pass to ``download`` instead of a value that is no file's content."""

from __future__ import annotations

# By a method of the value's type: of tables, figures, pictures, and arrays. The first one counts.
_METHODS = {
    "to_csv": "its text: {name}.to_csv()",
    "write_csv": "its text: {name}.write_csv()",
    "savefig": "the picture that {name}.savefig(file) writes to file = io.BytesIO(): file.getvalue()",
    "getbands": "the picture that {name}.save(file, 'PNG') writes to file = io.BytesIO(): file.getvalue()",
    "tobytes": "its bytes: {name}.tobytes()",
}
_NAMES = {"DataFrame": "frame", "LazyFrame": "frame"}


def advice(content: object) -> str:
    """Return what to pass instead, as the object of a sentence, or an empty string."""
    kind = type(content)
    if isinstance(content, dict):
        return "its text: json.dumps(...)"
    for method, told in _METHODS.items():
        if callable(getattr(kind, method, None)):
            return told.format(name=_NAMES.get(kind.__name__, kind.__name__.lower()))
    return ""
