"""Query → hits: the exact, the lexical and the dense leg, ranked together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import islice

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.schema import NodeWithScore, QueryBundle

from index import diversity, quotation, ranking
from index.card import DocumentCard
from index.chunk import Chunk, Hit
from index.embed import embed_query
from index.intent import answers, intent
from index.lexical import Found, LexicalIndex, WeightedTerms, key_of
from index.nodes import to_node
from index.query import Filters, Narrowed, Query, passing, understand
from index.ranking import WEIGHTS, Candidate, Weights
from index.vectors import VectorIndex
from ingest.errors import ModelUnreachable, StoreUnreachable

FILTERS = 16  # of which the passing documents are kept
AT_ONCE = 64  # threads for vectors
NAMED = 5  # files that one query names by number or title; more than that is a topic

# Chroma computes outside Python's lock, and so does tantivy. Kept: to start a thread costs a search a millisecond.
_beside = ThreadPoolExecutor(AT_ONCE, "vectors")


class Retriever:
    """Searches the two indexes. ``cards``: the documents by id, for filters; ``validity``: state in Chinese on a day.

    ``narrowed``: kept from search to search as long as the documents are the same.
    """

    def __init__(
        self,
        lexical: LexicalIndex,
        vectors: VectorIndex | None,
        embedder: BaseEmbedding | None,
        cards: Callable[[], Mapping[str, DocumentCard]],
        validity: Callable[[str, date], str] | None = None,
        weights: Weights = WEIGHTS,
        narrowed: Narrowed | None = None,
    ) -> None:
        self._narrowed = {} if narrowed is None else narrowed
        self._lexical = lexical
        self._vectors = vectors
        self._embedder = embedder
        self._cards = cards
        self._validity = validity
        self._weights = weights

    def search(self, query: Query) -> tuple[Hit, ...]:
        """The ``query.limit`` best chunks, best first. Without the dense leg where it is absent or does not answer.

        Raises IndexOutdated when the lexical index is damaged.
        """
        allowed, keys = self._passing(query)
        terms = ranking.terms(query, self._weights)
        if not terms or query.limit < 1 or (allowed is not None and not allowed):
            return ()
        dense = _beside.submit(self._dense, query, allowed)
        words = self._words(query, terms, keys)
        exact = {c.key: c for c in (*self._quoted(query, keys), *self._named(query, terms, keys))}
        wide = diversity.WIDE if diversity.may_compare(query) else query.limit
        ranked, chunks = self._ranked(query, self._fused(*words, *dense.result()), wide)
        ranked = ranking.put_first(list(exact.values())[: max(1, query.limit // 2)], ranked, wide)
        chunks |= self._chunks([candidate for candidate in ranked if candidate.key not in chunks])
        shown = [found for found in ranked if found.key in chunks]
        hits = [Hit(chunks[c.key], c.score, rank, c.legs) for rank, c in enumerate(shown, 1)]
        return diversity.spread(query, hits, self._cards(), query.limit)

    def _ranked(self, query: Query, ranked: list[Candidate], limit: int) -> tuple[list[Candidate], dict[int, Chunk]]:
        """The best where what has the sort of thing that is asked for gains and the clauses of a document are less crowded; and
        the chunks that were read for that.
        """
        asked, chunks = intent(query.text), {}
        if asked != "other" and self._weights.intent:
            chunks = self._chunks(ranked[: ranking.REREAD])
            having = {key for key, chunk in chunks.items() if answers(asked, chunk.text)}
            ranked = ranking.favour(ranked, having, self._weights)
        return ranking.give_way(ranked, limit, self._weights), chunks

    def _chunks(self, found: Sequence[Candidate]) -> dict[int, Chunk]:
        return {key_of(chunk.id): chunk for chunk in self._lexical.load([candidate.key for candidate in found])}

    def _words(
        self, query: Query, terms: WeightedTerms, keys: Collection[int] | None
    ) -> tuple[list[Found], dict[int, float], float]:
        """The clauses that the words find; the documents as wholes, by key, with their scores; the score of the last clause, but
        for those of documents without a clause among the best.
        """
        depth = max(ranking.DEPTH, query.limit)
        clauses = self._lexical.clauses(terms, depth, documents=keys)
        documents = self._lexical.documents(terms, depth, documents=keys)
        floor = clauses[-1].score if clauses else 0.0
        absent = set(islice(documents, query.limit)) - {found.document for found in clauses}
        if absent:
            clauses += self._lexical.clauses(terms, depth, documents=absent)
        return clauses, documents, floor

    def _fused(
        self,
        clauses: list[Found],
        documents: Mapping[int, float],
        floor: float,
        nearest: Mapping[int, float],
        near: Sequence[Found],
    ) -> list[Candidate]:
        """What ``_words`` and ``_dense`` found, as one."""
        # What only the dense leg found is taken to be as good, by its words, as the last that the words found: to score it
        # takes a third of the time of the search, and ranks no better.
        known = {found.key for found in clauses}
        clauses += [Found(key, document, floor, margin) for key, document, _, margin in near if key not in known]
        return ranking.fuse(ranking.combine(clauses, documents, self._weights), nearest, self._weights)

    def _dense(self, query: Query, allowed: Collection[str] | None) -> tuple[dict[int, float], list[Found]]:
        """Cosines of the nearest chunks, and documents as wholes, by key, best first; and these chunks, without a score."""
        if self._vectors is None or self._embedder is None or not self._weights.dense:
            return {}, []
        try:
            found = self._vectors.search(embed_query(self._embedder, query.text), ranking.DENSE_DEPTH, allowed)
        except (ModelUnreachable, StoreUnreachable):
            return {}, []
        nearest = {key_of(identifier): cosine for identifier, cosine in found}
        return nearest, self._lexical.found(nearest.keys())

    def _quoted(self, query: Query, keys: Collection[int] | None) -> list[Candidate]:
        """The clauses that have word for word what the query quotes."""
        words = quotation.quotation(query.text) if self._weights.exact else ""
        if not words:
            return []
        found = self._lexical.with_all(quotation.pairs(words), quotation.LOOKED_AT, documents=keys)
        chunks = self._lexical.load([clause.key for clause in found])
        held = {key_of(chunk.id) for chunk in quotation.holding(words, chunks)}
        return ranking.combine((clause for clause in found if clause.key in held), {}, self._weights)

    def _named(self, query: Query, terms: WeightedTerms, keys: Collection[int] | None) -> list[Candidate]:
        """The best chunks of the files that the query names, those under the articles that it names first."""
        named = self._lexical.named(query.numbers, query.titles, NAMED, query.parts, query.mentions)
        named = [key for key in named if self._weights.exact and (keys is None or key in keys)]
        if not named:
            return []
        found: dict[int, Candidate] = {}
        for articles in (query.articles, None):
            if articles != ():
                clauses = self._lexical.clauses(terms, query.limit, documents=named, articles=articles)
                for candidate in ranking.combine(clauses, {}, self._weights):
                    found.setdefault(candidate.key, candidate)
        return list(found.values())

    def _passing(self, query: Query) -> tuple[frozenset[str] | None, frozenset[int] | None]:
        """Ids and keys of the documents that pass; worked out once for a filter and a day."""
        key = (query.filters, query.as_of or date.today())
        passing = self._narrowed.get(key)
        if passing is None:
            allowed = self._allowed(query)
            if allowed is None:
                return None, None
            passing = allowed, frozenset(map(key_of, allowed))
            if len(self._narrowed) >= FILTERS:
                self._narrowed.clear()
            self._narrowed[key] = passing
        return passing

    def _allowed(self, query: Query) -> frozenset[str] | None:
        """Ids of the documents that pass the filters; ``None`` where nothing is filtered."""
        return passing(query.filters, self._cards(), self._validity, query.as_of or date.today())


class PolicyRetriever(BaseRetriever):
    """The library's search as a llama-index retriever: question → nodes with scores."""

    def __init__(self, retriever: Retriever, filters: Filters = Filters(), limit: int = 20) -> None:
        super().__init__()
        self._retriever = retriever
        self._filters = filters
        self._limit = limit

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        query = understand(query_bundle.query_str, self._filters, limit=self._limit)
        return [NodeWithScore(node=to_node(hit.chunk), score=hit.score) for hit in self._retriever.search(query)]
