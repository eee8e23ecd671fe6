"""Hard official documents with known truth: a seed → a ``Policy`` → real files of many producers → what was recovered.

``words`` (word lists, sentences) → ``outline`` (numbers and paths) → ``compose`` (whole policies) → one module a producer
(``word``, ``paper`` for PDF and pictures, ``ofd``, ``web``, ``sheet``, ``office``, ``browser`` …) → ``measure``.
Places, bodies, numbers and sums are invented.
"""
