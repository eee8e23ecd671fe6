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
import math
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, Literal

from tantivy import Document, Index, Occur, Query, Schema, SchemaBuilder, Searcher

from index import analyzer
from index.chunk import Chunk
from ingest.document import PolicyDocument, Span
from ingest.errors import IndexOutdated, RegisterBusy, RegisterError
from ingest.numerals import chinese_to_int

FORMAT = 2  # raise when the fields or what they hold change
HEAP = 64_000_000  # bytes that tantivy buffers before it writes a segment
TITLE_AGREES = 0.8  # of the character pairs of a quoted title: people mistype and leave out the issuer's full name

_DROPPED = re.compile("关于|的")  # people leave them out of a title or put them in
_ARTICLE = re.compile(r"第([一二三四五六七八九十百千零〇\d]{1,7})条")

Field = Literal["bigrams", "unigrams", "words"]
FIELDS: tuple[Field, ...] = ("bigrams", "unigrams", "words")
WeightedTerms = Sequence[tuple[Field, str, float]]


@dataclass(frozen=True, slots=True)
class Found:
    """A chunk that matched: ``key_of`` its id and of its document's id. ``margin``: it is front or back matter."""

    key: int
    document: int
    score: float
    margin: bool


def key_of(identifier: str) -> int:
    """Integer that stands for a document's or a chunk's id (62 bits)."""
    digest = hashlib.blake2b(identifier.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 2


class LexicalIndex:
    """The lexical index of one register. One process writes; any number read and see each commit at their next search."""

    def __init__(self, documents: _Store, clauses: _Store) -> None:
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
        documents = _Store(folder / "documents", _document_schema(), write=write, new=new)
        try:
            index = cls(documents, _Store(folder / "clauses", _clause_schema(), write=write, new=new))
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
        store = self._clauses
        numbers = None if articles is None else _articles("".join(articles))
        query = store.narrowed(store.any_of(terms), {"document": documents, "article": numbers})
        return self._found(query, limit)

    def score(self, terms: WeightedTerms, chunks: Collection[int]) -> list[Found]:
        """These chunks (keys), best first, also those in which no term stands."""
        store = self._clauses
        query = Query.boolean_query([(Occur.Should, store.any_of(terms)), store.filter("chunk", chunks)])
        return self._found(query, len(chunks))

    def documents(
        self, terms: WeightedTerms, limit: int, *, documents: Collection[int] | None = None
    ) -> dict[int, float]:
        """Scores of the best documents as wholes, by key, best first; only of ``documents`` (keys), where given."""
        store = self._documents
        query = store.narrowed(store.any_of(terms), {"document": documents})
        return {key: score for score, key in store.search(query, limit, ("document",))}

    def named(self, numbers: Sequence[str], titles: Sequence[str], limit: int) -> list[int]:
        """Keys of the documents that have one of the canonical ``numbers`` as their own, then of those whose title has
        (nearly) all of one of ``titles``.
        """
        store = self._documents
        queries = [store.term("number", analyzer.number_term(number), 1.0) for number in numbers]
        for title in titles:
            pairs = [(Occur.Should, store.term("title", pair, 1.0)) for pair in dict.fromkeys(_title_pairs(title))]
            if pairs:
                queries.append(Query.boolean_query(pairs, math.ceil(len(pairs) * TITLE_AGREES)))
        found = (key for query in queries for _, key in store.search(query, limit, ("document",)))
        return list(dict.fromkeys(found))

    def chunks(self, ids: Sequence[str]) -> list[Chunk]:
        """The chunks with these ids, in this order; ids that are not in the index are left out."""
        return self.load([key_of(chunk_id) for chunk_id in ids])

    def load(self, keys: Sequence[int]) -> list[Chunk]:
        """The chunks with these keys, in this order; keys that are not in the index are left out."""
        rows = self._clauses.stored(Query.term_set_query(self._clauses.schema, "chunk", keys), len(keys))
        found = {key_of(chunk.id): chunk for chunk in map(_chunk, rows)}
        return [found[key] for key in keys if key in found]

    def _found(self, query: Query, limit: int) -> list[Found]:
        rows = self._clauses.search(query, limit, ("chunk", "document", "margin"))
        return [Found(key, document, score, bool(margin)) for score, key, document, margin in rows]

    def close(self) -> None:
        """Lets another process write."""
        self._documents.close()
        self._clauses.close()

    def _state(self) -> dict[str, Any]:
        stored = self._documents.stored(self._documents.term("state", "state", 1.0), 1)
        return json.loads(stored[0]) if stored else {}


class _Store:
    """One tantivy index in one folder."""

    def __init__(self, folder: Path, schema: Schema, *, write: bool, new: bool) -> None:
        self.schema = schema
        self._meta = folder / "meta.json"  # tantivy replaces it with every commit
        self._seen: tuple[int, int] | None = None
        if new:
            folder.mkdir(parents=True, exist_ok=True)
        try:
            self._index = Index(schema, str(folder))
            self._index.config_reader("manual")
            self._writer = self._index.writer(HEAP, num_threads=1) if write else None
        except (ValueError, OSError) as error:
            raise _mapped(error) from error

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Commits what the block adds and deletes, or nothing of it when the block raises."""
        complete = False
        try:
            yield
            complete = True
        finally:
            if not complete:
                self._writer.rollback()
        with _writing():
            self._writer.commit()

    def add(self, fields: dict[str, Any]) -> None:
        with _writing():
            self._writer.add_document(Document.from_dict(fields, self.schema))

    def delete(self, field: str, values: Sequence[str] | Sequence[int]) -> None:
        # By query: tantivy-py's deletion by term silently deletes nothing where the field is a number.
        if values:
            self._writer.delete_documents_by_query(Query.term_set_query(self.schema, field, values))

    def term(self, field: str, value: str, weight: float) -> Query:
        query = Query.term_query(self.schema, field, value, "freq")
        return query if weight == 1.0 else Query.boost_query(query, weight)

    def any_of(self, terms: WeightedTerms) -> Query:
        return Query.boolean_query([(Occur.Should, self.term(*term)) for term in terms])

    def filter(self, field: str, keys: Collection[int]) -> tuple[Occur, Query]:
        """Leaves out what has none of ``keys``, and adds nothing to a score."""
        return Occur.Must, Query.const_score_query(Query.term_set_query(self.schema, field, list(keys)), 0.0)

    def narrowed(self, query: Query, allowed: dict[str, Collection[int] | None]) -> Query:
        """``query`` without what is not ``allowed`` (field → keys)."""
        filters = [self.filter(field, keys) for field, keys in allowed.items() if keys is not None]
        return Query.boolean_query([(Occur.Must, query), *filters]) if filters else query

    def search(self, query: Query, limit: int, columns: Sequence[str]) -> list[tuple[Any, ...]]:
        """(score, a value of each column) of the best entries, best first; equal scores in the order of their values."""
        searcher = self._searcher()
        hits = searcher.search(query, limit, count=False).hits if limit else []
        addresses = [address for _, address in hits]
        values = [searcher.fast_field_values(column, addresses) for column in columns]
        rows = zip((score for score, _ in hits), *values, strict=True)
        return sorted(rows, key=lambda row: (-row[0], *row[1:]))

    def stored(self, query: Query, limit: int) -> list[bytes]:
        searcher = self._searcher()
        hits = searcher.search(query, limit, count=False).hits if limit else []
        return [bytes(searcher.doc(address).get_first("stored")) for _, address in hits]

    def close(self) -> None:
        if self._writer is not None:
            self._writer.wait_merging_threads()
            self._writer = None

    def _searcher(self) -> Searcher:
        """A view of the last commit, whoever made it."""
        try:
            status = self._meta.stat()
            seen = (status.st_mtime_ns, status.st_ino)
            if seen != self._seen:
                self._index.reload()
                self._seen = seen
        except (ValueError, OSError) as error:
            raise _mapped(error) from error
        return self._index.searcher()


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except (ValueError, OSError) as error:
        raise RegisterError(f"文字检索索引写入失败：{error}", "请检查磁盘空间和目录权限后重试") from error


def _mapped(error: Exception) -> IndexOutdated | RegisterBusy:
    if "LockBusy" in str(error):
        return RegisterBusy("文字检索索引正被另一个程序写入", "请等它完成，或先关闭那个程序")
    return IndexOutdated(f"文字检索索引无法使用，需要重建：{str(error)[:200]}", "请运行 python -m index rebuild")


def _document_schema() -> Schema:
    builder = SchemaBuilder().add_unsigned_field("document", indexed=True, fast=True)
    for name in ("state", "number"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("title", tokenizer_name="whitespace", index_option="freq")
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


@dataclass(frozen=True, slots=True)
class _Terms:
    bigrams: tuple[str, ...]
    unigrams: tuple[str, ...]
    words: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> _Terms:
        return cls(tuple(analyzer.bigrams(text)), tuple(analyzer.unigrams(text)), tuple(analyzer.words(text)))


_terms_of_context = lru_cache(maxsize=256)(_Terms.of)  # neighbouring clauses stand under the same headings


def _joined(parts: Iterable[_Terms]) -> dict[str, str]:
    parts = tuple(parts)
    return {field: " ".join(chain.from_iterable(getattr(part, field) for part in parts)) for field in FIELDS}


def _entries(document: PolicyDocument, chunks: Sequence[Chunk]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What tantivy gets of a document: itself as a whole, and its chunks. Each word is segmented once."""
    number = document.metadata.document_number
    numbers = [*([number.canonical] if number else []), *document.metadata.aliases]
    texts = [_Terms.of(chunk.text) for chunk in chunks]
    chunked = {chunk.clause_id for chunk in chunks}
    headings = [c.text for c in document.clauses if c.id not in chunked and c.kind in ("heading", "annex")]
    margins = {clause.id for clause in document.clauses if clause.kind in ("front", "back")}
    whole = {
        "document": key_of(document.id),
        "number": [analyzer.number_term(number) for number in dict.fromkeys(numbers)],
        "title": " ".join(_title_pairs(document.title)),
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


def _title_pairs(title: str) -> list[str]:
    return analyzer.bigrams(_DROPPED.sub("", title))


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
