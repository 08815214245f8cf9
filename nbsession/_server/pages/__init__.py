"""The pages of a server: their connections and sessions, and the processing time that they may cause."""
