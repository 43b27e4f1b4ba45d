"""Figures as people tell them: with their names, in a pasted table, or in a sentence. Pure."""
