"""A headless Chromium that belongs to this process: it shows one page, and ends whenever the process ends."""
