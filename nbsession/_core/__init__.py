"""Sessions and their parts: pages, outputs, calls, callbacks, tasks, and the end of a session."""
