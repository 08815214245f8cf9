"""Requests in terms that all servers share: the sender, the host names, and refusals."""
