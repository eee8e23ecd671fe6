"""Why a sentence does not stand in a passage, in words that a person or a model can act on."""

from __future__ import annotations

from ingest.document import Span
from ingest.normalize import fold
from qa.proof.tokens import tokenize
from qa.proof.words import GUARDS, coverage, sentences

NOWHERE = "条款中没有这样的内容"
_MENTIONED = 0.5  # coverage below which the passage does not speak of the same


def nearest(sentence: str, passage: str) -> Span:
    """The sentence of the passage that shares most with ``sentence``."""
    return max(sentences(passage), key=lambda span: coverage(sentence, span.of(passage)), default=Span(0, 0))


def failures_of(sentence: str, passage: str) -> tuple[str, ...]:
    """At least one reason, in Chinese."""
    window = nearest(sentence, passage).of(passage)
    said, have = tokenize(sentence), set(tokenize(passage).keys)
    beside = set(tokenize(window).keys)
    figures = [(key, span.of(sentence)) for key, span in zip(said.keys, said.spans, strict=True) if len(key) > 1]
    found = [f"原文中没有“{printed}”" for key, printed in figures if key not in have]
    found += [f"“{printed}”属于原文的另一句" for key, printed in figures if key in have - beside]
    if coverage(sentence, window) >= _MENTIONED:
        for name, pattern in GUARDS.items():
            if sorted(pattern.findall(fold(sentence))) != sorted(pattern.findall(fold(window))):
                found.append(f"“{name}”与原文不一致")
    elif not found:
        return (NOWHERE,)
    return tuple(dict.fromkeys(found)) or ("用词、次序或断句与原文不一致",)
