"""Encoding of messages as bytes, without sockets."""
