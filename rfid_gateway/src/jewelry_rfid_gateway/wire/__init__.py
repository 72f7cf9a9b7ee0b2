"""What travels between readers and us, as pure functions: no socket, no thread."""
