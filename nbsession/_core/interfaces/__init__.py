"""What a session needs of what is built around it: platforms and what carries messages and files."""
