"""Fuzzing: files, updates of Telegram, conversations, the office's desk and lists of units."""
