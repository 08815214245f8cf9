"""What is served besides messages: the page's own document, downloads, a ``static_dir``."""
