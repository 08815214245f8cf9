"""Folders whose Python files are apps, each at its own path."""
