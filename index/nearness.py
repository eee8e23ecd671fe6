"""How near texts are to a question in meaning, by the offline embedding: the same scale whatever model the vectors are of."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from index.query import subject
from index.static.embedding import StaticEmbedding


def nearness(question: str, texts: Sequence[str]) -> list[float]:
    """The cosine of each text with the question. Below .4 for 19 of 20 questions on other matters, above it for 19 of 20 lay
    questions that a text of the collection answers (measured on judged sets of notices and of articles).
    """
    if not texts:
        return []
    model = _model()
    return (model.vectors(texts) @ model.vectors([subject(question)])[0]).tolist()


@cache
def _model() -> StaticEmbedding:
    return StaticEmbedding()
