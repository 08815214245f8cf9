"""Pages that this process opens by itself: of a script, of a prompt, of a kernel whose reader has no other."""
