"""tantivy: BM25 over documents and over clauses, derived from the register. The only home of tantivy.

Two indexes in one folder, because BM25 compares with the average length and the rarity of words among its own kind: a
whole document must be weighed among documents, a clause among clauses. Clauses are committed before documents, and the
documents' commit carries the last change applied: whatever a crash leaves, applying the changes after it again is right.

Inside, documents and chunks go by integer keys, because tantivy hands out integers by the hundred in microseconds; what
a person reads of a chunk is loaded only for the hits that are shown.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import astuple, replace
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, Literal, NamedTuple

from tantivy import Occur, Query, Schema, SchemaBuilder

from index import analyzer
from index.chunk import Chunk
from index.lexical_store import Store, WeightedTerms
from index.partnumbers import PartNumber, part_terms
from index.right_of_way import give_way
from index.titles import Known, Mention, title_terms
from ingest.document import PolicyDocument, Span
from ingest.errors import IndexOutdated, RegisterBusy
from ingest.numerals import chinese_to_int

FORMAT = 3  # raise when the fields or what they hold change
TITLES = 20  # whose words agree best with a file that a question names, and that are compared with it
NUMBERS = 100  # files that may have a number of which the question tells only a part

WIDE = 0.25  # share of the documents: where more pass, to leave out the others costs more than the search itself
MORE = 1.5  # times as many of the best as should hold enough that pass

_COLUMNS = ("chunk", "margin", "document")
_ARTICLE = re.compile(r"第([一二三四五六七八九十百千零〇\d]{1,7})条")

Field = Literal["bigrams", "unigrams", "words"]
FIELDS: tuple[Field, ...] = ("bigrams", "unigrams", "words")


class Found(NamedTuple):
    """A chunk that matched: ``key_of`` its id and of its document's id. ``margin``: it is front or back matter."""

    key: int
    document: int
    score: float
    margin: bool


@lru_cache(maxsize=1 << 16)  # every search asks for the documents that a filter lets through
def key_of(identifier: str) -> int:
    """Integer that stands for a document's or a chunk's id (62 bits)."""
    digest = hashlib.blake2b(identifier.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 2


class LexicalIndex:
    """The lexical index of one register. One process writes; any number read and see each commit at their next search."""

    def __init__(self, documents: Store, clauses: Store) -> None:
        self._documents = documents
        self._clauses = clauses

    @classmethod
    def open(cls, folder: Path, *, write: bool) -> LexicalIndex:
        """Opens the index in ``folder``; a writer creates it.

        Raises RegisterBusy when another process writes; IndexOutdated when the index is missing (for a reader), damaged
        or of another format: then delete the folder, open it for writing and apply every change again.
        """
        new = not folder.is_dir() or not any(folder.iterdir())
        if new and not write:
            raise IndexOutdated("文字检索索引尚未建立", "请先添加文件，或运行 python -m index rebuild")
        documents = Store(folder / "documents", _document_schema(), write=write, new=new)
        try:
            index = cls(documents, Store(folder / "clauses", _clause_schema(), write=write, new=new))
        except (IndexOutdated, RegisterBusy):
            documents.close()
            raise
        if new:
            index.apply((), (), 0)
        if index._state().get("format") != _format():
            index.close()
            raise IndexOutdated("文字检索索引的格式较旧，需要重建", "请运行 python -m index rebuild")
        return index

    @property
    def applied(self) -> int:
        """Id of the last change of the register that is in this index."""
        return int(self._state()["applied"])

    def apply(
        self, added: Iterable[tuple[PolicyDocument, Sequence[Chunk]]], removed: Iterable[str], change: int
    ) -> None:
        """Makes ``added`` all there is of these documents and forgets the documents ``removed``: all of it or nothing.

        ``change`` is the last change that this brings in. Raises RegisterError when the disk refuses.
        """
        added = tuple(added)
        outdated = [key_of(document_id) for document_id in (*removed, *(document.id for document, _ in added))]
        with self._documents.changing(), self._clauses.changing():
            for store in (self._documents, self._clauses):
                store.delete("document", outdated)
            for document, chunks in added:
                whole, parts = _entries(document, chunks)
                self._documents.add(whole)
                for part in parts:
                    self._clauses.add(part)
            self._documents.delete("state", ["state"])
            self._documents.add({"state": "state", "stored": _packed({"format": _format(), "applied": change})})

    def clauses(
        self,
        terms: WeightedTerms,
        limit: int,
        *,
        documents: Collection[int] | None = None,
        articles: Sequence[str] | None = None,
    ) -> list[Found]:
        """The best chunks, best first; only of ``documents`` (keys) and under ``articles`` (第五条), where given."""
        query = self._clauses.any_of(terms)
        if articles is not None:
            query = self._clauses.narrowed(query, {"article": _articles("".join(articles))})
        return _found(self._best(self._clauses, query, limit, _COLUMNS, documents))

    def with_all(self, bigrams: Iterable[str], limit: int, *, documents: Collection[int] | None = None) -> list[Found]:
        """The best chunks that have every one of ``bigrams``; only of ``documents`` (keys), where given."""
        query = self._clauses.all_of("bigrams", bigrams)
        return _found(self._best(self._clauses, query, limit, _COLUMNS, documents))

    def found(self, chunks: Collection[int]) -> list[Found]:
        """These chunks (keys) with score 0; keys that are not in the index are left out."""
        query = Query.const_score_query(self._clauses.one_of("chunk", chunks), 0.0)
        return _found(self._clauses.search(query, len(chunks), _COLUMNS))

    def documents(
        self, terms: WeightedTerms, limit: int, *, documents: Collection[int] | None = None
    ) -> dict[int, float]:
        """Scores of the best documents as wholes, by key, best first; only of ``documents`` (keys), where given."""
        query = self._documents.any_of(terms)
        return {key: score for score, key in self._best(self._documents, query, limit, ("document",), documents)}

    def named(
        self,
        numbers: Sequence[str],
        titles: Sequence[str],
        limit: int,
        parts: Sequence[PartNumber] = (),
        mentions: Sequence[Mention] = (),
    ) -> list[int]:
        """Keys of the documents that have one of the canonical ``numbers`` as their own, or one of which ``parts`` tell; then of
        those that have one of ``titles`` or are called as in ``mentions``. Of each at most ``limit``.
        """
        found = [key for number in numbers for key, _ in self._known("number", [analyzer.number_term(number)], limit)]
        for part in parts:
            found += part.choose(self._known("number", part.terms, NUMBERS), limit)
        for mention in (*map(Mention.quoting, titles), *mentions):
            found += mention.choose(self._known("title", mention.terms, TITLES), limit)
        return list(dict.fromkeys(found))

    def _known(self, field: str, terms: Sequence[str], limit: int) -> list[tuple[int, Known]]:
        store = self._documents
        query = Query.boolean_query([(Occur.Should, store.term(field, term, 1.0)) for term in terms])
        rows = (json.loads(stored) for stored in store.stored(query, limit))
        return [(key, Known.of_row(row)) for key, row in rows]

    def chunks(self, ids: Sequence[str]) -> list[Chunk]:
        """The chunks with these ids, in this order; ids that are not in the index are left out."""
        return self.load([key_of(chunk_id) for chunk_id in ids])

    def load(self, keys: Sequence[int]) -> list[Chunk]:
        """The chunks with these keys, in this order; keys that are not in the index are left out."""
        rows = self._clauses.stored(self._clauses.one_of("chunk", keys), len(keys))
        found = {key_of(chunk.id): chunk for chunk in map(_chunk, rows)}
        return [found[key] for key in keys if key in found]

    def _best(
        self, store: Store, query: Query, limit: int, columns: Sequence[str], documents: Collection[int] | None
    ) -> list[tuple[Any, ...]]:
        """The best entries, only of ``documents`` where given (``document`` is the last of ``columns``)."""

        def search(query: Query, limit: int) -> list[tuple[Any, ...]]:
            return [row for row in store.search(query, limit, columns) if row[0]]  # 0: only what it is narrowed to

        if documents is None:
            return search(query, limit)
        total = self._documents.count()
        if len(documents) > WIDE * total:
            # What passes among the best of all is the best of what passes, if it is enough.
            more = int(MORE * limit * total / len(documents))
            rows = search(query, more)
            passing = [row for row in rows if row[-1] in documents][:limit]
            if len(passing) == limit or len(rows) < more:
                return passing
        return search(store.narrowed(query, {"document": documents}), limit)

    def close(self) -> None:
        """Lets another process write."""
        self._documents.close()
        self._clauses.close()

    def _state(self) -> dict[str, Any]:
        stored = self._documents.stored(self._documents.term("state", "state", 1.0), 1)
        return json.loads(stored[0]) if stored else {}


def _document_schema() -> Schema:
    builder = SchemaBuilder().add_unsigned_field("document", indexed=True, fast=True)
    for name in ("state", "number", "title"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    return _with_terms(builder)


def _clause_schema() -> Schema:
    builder = SchemaBuilder().add_unsigned_field("chunk", indexed=True, fast=True)
    builder.add_unsigned_field("document", indexed=True, fast=True)
    builder.add_boolean_field("margin", fast=True)
    builder.add_unsigned_field("article", indexed=True)
    return _with_terms(builder)


def _with_terms(builder: SchemaBuilder) -> Schema:
    for name in FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    return builder.add_bytes_field("stored", stored=True).build()


def _format() -> str:
    return f"{FORMAT}-{analyzer.fingerprint()}"


class _Terms(NamedTuple):
    """The terms of a text, by field, a space between two."""

    bigrams: str
    unigrams: str
    words: str

    @classmethod
    def of(cls, text: str) -> _Terms:
        runs = analyzer.runs(text)
        bigrams, unigrams = (chain.from_iterable(map(of_run, runs)) for of_run in (analyzer.pairs, analyzer.characters))
        return cls(*map(" ".join, (bigrams, unigrams, analyzer.words(text))))


_terms_of_context = lru_cache(maxsize=256)(_Terms.of)  # neighbouring clauses stand under the same headings


def _terms_of(text: str) -> _Terms:
    give_way()
    return _Terms.of(text)


def forget() -> None:
    """Lets go of the texts of which the terms are remembered."""
    _terms_of_context.cache_clear()
    analyzer.forget()


def _joined(parts: Iterable[_Terms]) -> dict[str, str]:
    return {field: " ".join(filter(None, terms)) for field, terms in zip(FIELDS, zip(*parts, strict=True), strict=True)}


def _entries(document: PolicyDocument, chunks: Sequence[Chunk]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What tantivy gets of a document: itself as a whole, and its chunks. Each word is segmented once."""
    known = _known(document)
    texts = [_terms_of(chunk.text) for chunk in chunks]
    chunked = {chunk.clause_id for chunk in chunks}
    headings = [c.text for c in document.clauses if c.id not in chunked and c.kind in ("heading", "annex")]
    margins = {clause.id for clause in document.clauses if clause.kind in ("front", "back")}
    whole = {
        "document": key_of(document.id),
        "number": [*(analyzer.number_term(number) for number in known.numbers), *part_terms(known)],
        "title": title_terms(known),
        "stored": _packed((key_of(document.id), astuple(known))),
        **_joined((_Terms.of("\n".join((document.title, *headings))), *texts)),
    }
    rows = zip(chunks, texts, strict=True)
    return whole, [_clause_entry(chunk, chunk.clause_id in margins, terms) for chunk, terms in rows]


def _clause_entry(chunk: Chunk, margin: bool, terms: _Terms) -> dict[str, Any]:
    span = chunk.span
    row = (chunk.id, chunk.document_id, chunk.clause_id, chunk.text, chunk.context, span.start, span.end, chunk.page)
    return {
        "chunk": key_of(chunk.id),
        "document": key_of(chunk.document_id),
        "margin": margin,
        "article": _articles(chunk.clause_id.rpartition("#")[2]),
        "stored": _packed(row),
        **_joined((_terms_of_context(chunk.context), terms)),
    }


def _known(document: PolicyDocument) -> Known:
    about = document.metadata
    numbers = (*([about.document_number.canonical] if about.document_number else []), *about.aliases)
    called = Known.of(document.title, about.region)
    return replace(called, level=about.level, numbers=tuple(dict.fromkeys(numbers)), issuers=about.issuers)


def _found(rows: Iterable[tuple[float, int, bool, int]]) -> list[Found]:
    return [Found(key, document, score, bool(margin)) for score, key, margin, document in rows]


def _articles(text: str) -> list[int]:
    """第五条, 第5条 → 5."""
    return [chinese_to_int(numeral) for numeral in _ARTICLE.findall(text)]


def _packed(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _chunk(stored: bytes) -> Chunk:
    chunk_id, document_id, clause_id, text, context, start, end, page = json.loads(
        stored.decode("utf-8", "surrogatepass")
    )
    return Chunk(chunk_id, document_id, clause_id, text, context, Span(start, end), page)
