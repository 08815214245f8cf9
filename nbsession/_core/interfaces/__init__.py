"""Protocol classes for the objects that a session needs: platforms, and transports of messages and files."""
