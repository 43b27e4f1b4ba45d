"""Tests: sentences about what the product does, with real files and real dialogues."""
