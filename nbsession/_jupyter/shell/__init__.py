"""What touches the kernel's channels: comm messages, its main thread, its interrupts and its end."""
