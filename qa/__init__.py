"""Answer questions from clauses, and prove every sentence: question → hits → ``evidence`` → ``compose`` → ``proof`` → ``Answer``."""
