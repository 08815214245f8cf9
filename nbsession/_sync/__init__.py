"""Threads, locks and waits that survive interrupts and forks. This package does not depend on sessions."""
