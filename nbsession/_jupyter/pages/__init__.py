"""Which pages are attached to the kernel, how long they may be silent, and which session is on which."""
