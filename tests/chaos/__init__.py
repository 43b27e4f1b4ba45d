"""Many people, one bot, and everything going wrong at once: kills, faults, repeated updates."""
