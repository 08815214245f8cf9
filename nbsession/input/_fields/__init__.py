"""The questions of forms and pins: what the page shows for each, and what its answers mean. No I/O."""
