"""The pages attached to the kernel: how long they may be silent, and the page of each session."""
