"""Access to the kernel's channels: comm messages, its main thread, its interrupts and its end."""
