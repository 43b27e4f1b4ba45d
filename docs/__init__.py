"""The manuals and the scripts that make their pictures."""
