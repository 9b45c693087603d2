"""The benchmark's part in Python."""
