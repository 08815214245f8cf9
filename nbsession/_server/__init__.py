"""What all servers share, whatever framework answers the requests: pages, their sessions, and who may open them."""
