"""Cells: their sessions, views and prints, and the apps in their outputs."""
