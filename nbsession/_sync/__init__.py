"""Threads, locks and waiting, safe from interrupts and forks; nothing here knows of sessions."""
