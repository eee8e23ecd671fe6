"""Read policy files into clauses: files → ``PolicyDocument``. No network, no index.

Order of reading: ``document`` (types) → ``corpus`` (find files) → ``sandbox`` → ``readers`` (bytes → text)
→ ``parse`` (text → ``clauses``, ``metadata``, ``references``, ``validity``), with ``docnumber``, ``numerals`` and
``normalize`` underneath.
"""
