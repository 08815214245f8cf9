"""Each framework's and each server's side of a page: what the shared parts know nothing of."""
