"""The kernel's end of the direct sockets between its pages and itself (docs/protocol.md, "Direct socket")."""
