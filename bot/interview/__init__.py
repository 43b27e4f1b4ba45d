"""What is asked next, and what an answer does to a draft: the interview's pure core."""
