"""Adapters of frameworks and servers. The shared parts do not depend on them."""
