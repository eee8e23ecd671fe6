"""Answer questions from clauses, and prove every sentence.

A turn: ``conversation`` (make it whole) → ``question`` (kind, topics) → search → ``refusal`` or ``lookup`` (questions about
files) or ``evidence`` → ``compose`` (offline) or ``generate`` (with a model, through ``proof``) → ``Answer``, which ``render``
shows. ``assistant`` holds it together.
"""
