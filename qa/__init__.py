"""Answer questions from clauses, and prove every sentence.

A turn: ``conversation`` (make it whole) → ``question`` (kind, topics) → search → ``refusal`` or ``lookup`` (questions about
files) or ``evidence`` → ``choose``, ``compose`` and ``calculation`` (offline) or ``generate`` (with a model, through ``proof``)
→ ``Answer``, which ``render`` shows. ``assistant`` holds it together; ``endpoints`` give it to programs (``api``,
``mcp_server``), ``engine`` to llama-index, ``export`` to Word and Markdown.
"""
