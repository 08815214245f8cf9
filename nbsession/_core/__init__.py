"""A session and all that it is made of: its page, outputs, calls, callbacks, tasks and its end."""
