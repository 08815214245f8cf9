"""The pages of a server: their connections, their sessions, and the processing time that they may use."""
