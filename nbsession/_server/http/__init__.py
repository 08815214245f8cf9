"""A request in the words that all servers share: who asks, by which names, and what is refused."""
