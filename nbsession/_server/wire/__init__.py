"""Messages as bytes, without sockets."""
