"""Where people talk with the assistant: channels translate and decide nothing."""
