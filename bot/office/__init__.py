"""The office's side: roster, board, reminders, review and roll-up of one district.

Pure: every module takes what the store holds as values and gives what is to be shown or kept.
"""
