"""The office's conversation: what an admin or an observer types and presses, and what follows.

Pure, as `bot.interview` is for clerks: `turn.take_desk` decides, `bot.assistant` keeps. Nothing
here can change a figure or a text of a report.
"""
