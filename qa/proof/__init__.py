"""The proof gate: a sentence is shown only on the strength of a passage that says it. No model decides."""

from qa.proof.gate import EXACT, Verdict, locate, prove
from qa.proof.words import coverage, in_pieces, sentences, verbatim

__all__ = ["EXACT", "Verdict", "coverage", "in_pieces", "locate", "prove", "sentences", "verbatim"]
