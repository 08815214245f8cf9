"""Code that the adapters of asynchronous frameworks share: sockets, requests with messages, files."""
