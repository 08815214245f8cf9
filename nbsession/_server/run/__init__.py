"""The life of a server from ``start_server`` to its end, and apps under a path of your own application."""
