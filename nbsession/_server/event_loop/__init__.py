"""What the adapters of frameworks with an event loop share: sockets, requests with messages, files."""
