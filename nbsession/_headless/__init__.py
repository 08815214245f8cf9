"""A headless Chromium that belongs to this process: it shows one page of ours, and ends however the process ends."""
