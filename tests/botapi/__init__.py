"""An HTTP double of the Telegram Bot API that keeps the real one's contract."""
