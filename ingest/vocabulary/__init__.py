"""Word lists of the domain, as data that people can read and mend.

``issuers.tsv``: 机关代字 → issuing body, level and region (``verified``: ``seen`` in a public file, or ``memory``).
``thesaurus.tsv``: groups of official and everyday words. ``glossary.tsv``: policy terms and what they mean.
``beneficiaries.tsv``, ``metrics.tsv``, ``facts.tsv``: whom policies support and on what conditions, in standard terms with the patterns
that say them (matched in folded text). ``fair_competition.tsv``: rules of fair competition review with
basis, where it was read and when (empty: not read), written with the punctuation of the files.
``jieba_userdict.txt``: policy words that the segmenter must keep whole. ``homophones.tsv``: those of the 3,755 commonest characters that
share their sound (tone left out) with another; the usual readings of pypinyin 0.55 (MIT), for slips of the input method.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """Rows of ``name`` (with or without ``.tsv``), each as column → value. Read once; do not change the rows.

    >>> table("issuers")[0]["issuer"]
    '中共中央（含中共中央、国务院联合）'
    """
    file = files(__name__).joinpath(f"{name.removesuffix('.tsv')}.tsv")
    rows = csv.DictReader(file.read_text("utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return tuple(rows)
