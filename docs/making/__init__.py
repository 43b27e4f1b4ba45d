"""How the pictures of the manuals are made: the year that is played, and how it is drawn."""
