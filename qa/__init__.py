"""Answer questions from clauses, and prove every sentence.

A turn: ``conversation`` (make it whole) → ``question`` (kind, topics) → search → ``refusal`` or ``lookup`` (questions about
files) or ``evidence`` → ``choose``, ``compose`` and ``calculation`` (offline) or ``generate`` (with a model, through ``proof``)
→ ``Answer``, which ``render`` shows. ``assistant`` holds it together; ``endpoints`` give it to programs (``api``,
``mcp_server``), ``engine`` to llama-index, ``export`` to Word and Markdown.

Kinds of questions with a way of their own: ``verdict`` (yes or no), ``contrast`` (two things), ``parts`` (several at once),
``counting``, ``grants`` (how much is given), ``premise``, ``reading_path``. ``matching`` holds measures against a profile,
``comparison`` sets the same support of several levels side by side; ``export_tables`` writes both to Excel and Word.

For staff and newcomers: ``drafting`` (a draft with its basis; ``word`` prints it), ``review`` (what in a draft needs a look),
``framework`` (how files hang together). What comes in from programs is checked in ``given``.
"""
