"""Files that a server serves: the page's document, downloads, a ``static_dir``."""
