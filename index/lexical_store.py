"""One tantivy index in one folder: writing by transactions, and the searches that both indexes of the words share."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path
from typing import Any

from tantivy import Document, Index, IndexWriter, Occur, Query, Schema, Searcher

from index.right_of_way import yield_processor
from ingest.errors import IndexOutdated, RegisterBusy, RegisterError

HEAP = 64_000_000  # bytes that tantivy buffers before it writes a segment
FEW = 256  # keys: to look them up one by one takes 1 ms, as a set 2

WeightedTerms = Sequence[tuple[str, str, float]]


class Store:
    """One tantivy index in one folder. Constructing and reading raise IndexOutdated, RegisterBusy; writing RegisterError."""

    def __init__(self, folder: Path, schema: Schema, *, write: bool, new: bool) -> None:
        self.schema = schema
        self._meta = folder / "meta.json"  # tantivy replaces it with every commit
        self._seen: tuple[int, int] | None = None
        self._commits = 0
        if new:
            folder.mkdir(parents=True, exist_ok=True)
        try:
            self._index = Index(schema, str(folder))
            self._index.config_reader("manual")
            self._writer = self._writing_behind() if write else None
        except (ValueError, OSError) as error:
            raise _mapped(error) from error

    def _writing_behind(self) -> IndexWriter:
        """The threads in which it writes and merges are made here, and let searches go before them."""
        with ThreadPoolExecutor(1, initializer=yield_processor) as behind:
            return behind.submit(self._index.writer, HEAP, num_threads=1).result()

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
        self._commits += 1

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

    def all_of(self, field: str, values: Iterable[str]) -> Query:
        """What has every one of ``values``."""
        return Query.boolean_query([(Occur.Must, self.term(field, value, 1.0)) for value in values])

    def one_of(self, field: str, keys: Collection[int]) -> Query:
        """What has one of ``keys``."""
        if 0 < len(keys) <= FEW:
            return Query.boolean_query([(Occur.Should, Query.term_query(self.schema, field, key)) for key in keys])
        return Query.term_set_query(self.schema, field, list(keys))

    def filter(self, field: str, keys: Collection[int]) -> tuple[Occur, Query]:
        """Leaves out what has none of ``keys``, and adds nothing to a score."""
        return Occur.Must, Query.const_score_query(self.one_of(field, keys), 0.0)

    def narrowed(self, query: Query, allowed: dict[str, Collection[int] | None]) -> Query:
        """``query`` without what is not ``allowed`` (field → keys); what is allowed and does not match it scores 0.

        With few keys in two thirds of the time that it takes where the query has to match.
        """
        filters = [self.filter(field, keys) for field, keys in allowed.items() if keys is not None]
        return Query.boolean_query([*filters, (Occur.Should, query)]) if filters else query

    def search(self, query: Query, limit: int, columns: Sequence[str]) -> list[tuple[Any, ...]]:
        """(score, a value of each column) of the best entries, best first; equal scores in the order of their values."""
        searcher = self._searcher()
        hits = searcher.search(query, limit, count=False).hits if limit else []
        addresses = [address for _, address in hits]
        values = [searcher.fast_field_values(column, addresses) for column in columns]
        rows = sorted(zip((score for score, _ in hits), *values, strict=True), key=itemgetter(slice(1, None)))
        rows.sort(key=itemgetter(0), reverse=True)
        return rows

    def stored(self, query: Query, limit: int) -> list[bytes]:
        searcher = self._searcher()
        hits = searcher.search(query, limit, count=False).hits if limit else []
        return [bytes(searcher.doc(address).get_first("stored")) for _, address in hits]

    def count(self) -> int:
        return self._searcher().num_docs

    def close(self) -> None:
        if self._writer is not None:
            self._writer.wait_merging_threads()
            self._writer = None

    def _searcher(self) -> Searcher:
        """A view of the last commit, whoever made it; nobody else commits while this process writes."""
        try:
            seen = self._committed()  # before the view is taken: a commit meanwhile is seen the next time
            if seen != self._seen:
                self._index.reload()
                self._seen = seen
        except (ValueError, OSError) as error:
            raise _mapped(error) from error
        return self._index.searcher()

    def _committed(self) -> tuple[int, int]:
        """Changes with every commit. For the writer its own count: to look at the disk costs a search more than to count."""
        if self._writer is not None:
            return self._commits, 0
        status = self._meta.stat()
        return status.st_mtime_ns, status.st_ino


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
