"""The proof gate: a sentence is shown only on the strength of a passage that says it. No model decides."""

from qa.proof.gate import EXACT, Verdict, locate, prove
from qa.proof.words import coverage, sentences, verbatim

__all__ = ["EXACT", "Verdict", "coverage", "locate", "prove", "sentences", "verbatim"]
