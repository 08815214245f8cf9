"""Code shared by the servers of all frameworks: pages, their sessions, and access control."""
