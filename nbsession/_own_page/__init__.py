"""Pages that this process opens itself: for a script, a prompt, or a kernel whose reader has no other page."""
