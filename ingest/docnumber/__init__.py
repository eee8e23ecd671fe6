"""发文字号: find them in text, compare them (masked ones too), and tell who issues under their code.

``lexicon`` (characters, words, issuers) → ``trim`` (where does the code begin) → ``find`` → ``compare``.
"""

from ingest.docnumber.compare import compatible, issuer_of
from ingest.docnumber.find import find_numbers
from ingest.docnumber.lexicon import Issuer

__all__ = ["Issuer", "compatible", "find_numbers", "issuer_of"]
