"""Vectors in memory: whatever comes and goes, a search finds what comparing with everything that is there finds."""

from __future__ import annotations

import threading
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import flat, right_of_way
from index.flat import FlatIndex
from index.vectors import VectorIndex
from tests.test_index_vectors import DIMENSION, MODEL, QUERY, assert_nearest, rows

LENGTHS = {document: 1 + document % 5 for document in range(12)}  # rows; that of a document never changes the others


def matrix(document: int, version: int) -> np.ndarray:
    return np.random.default_rng((document, version)).normal(size=(LENGTHS[document], 8)).astype(np.float32)


changes = st.lists(
    st.tuples(st.sets(st.integers(0, 11), max_size=3), st.sets(st.integers(0, 11), max_size=4)), max_size=12
)


@settings(max_examples=50, deadline=None)
@given(
    changes, st.integers(1, 9), st.integers(1, 60), st.sampled_from([0, 200, 10**8]), st.sampled_from([0, 300, 10**6])
)
def test_a_search_finds_what_is_there_and_nothing_that_went(steps, block, limit, kept, most):
    """``steps``: documents that go, documents that come (again, with other vectors)."""
    sizes = flat.ROWS, flat.KEPT_BYTES
    flat.ROWS, flat.KEPT_BYTES = block, kept
    try:
        index, held = FlatIndex(most), {}
        for version, (gone, come) in enumerate(steps):
            added = [(d, [f"{d}#{version}.{i}" for i in range(LENGTHS[d])], matrix(d, version)) for d in sorted(come)]
            index.replace(gone | come, added)
            for document in gone | come:
                held.pop(document, None)
            held.update((d, (ids, m / np.linalg.norm(m, axis=1, keepdims=True))) for d, ids, m in added)
            query = np.random.default_rng(version).normal(size=8)
            query /= np.linalg.norm(query)
            for among in (None, frozenset(range(0, 12, 2)), frozenset({3, 99})):
                expected = {
                    id_: float(v @ query)
                    for document, (ids, m) in held.items()
                    if among is None or document in among
                    for id_, v in zip(ids, m, strict=True)
                }
                for _ in ("the first time", "as kept"):
                    found = index.search(query.tolist(), limit, among)
                    assert len(found) == min(limit, len(expected))
                    assert {id_ for id_, _ in found} <= set(expected)
                    best = sorted(expected.values(), reverse=True)[: len(found)]
                    np.testing.assert_allclose([cosine for _, cosine in found], best, atol=2e-4)
                if among:
                    assert index.count(among) == len(expected)
    finally:
        flat.ROWS, flat.KEPT_BYTES = sizes


def test_more_than_may_be_compared_with_is_not_searched_as_a_whole():
    index = FlatIndex(most=30 * 8)
    index.replace([], [(d, [f"{d}#{i}" for i in range(LENGTHS[d])], matrix(d, 0)) for d in range(5)])
    assert index.whole
    index.replace([], [(d, [f"{d}#{i}" for i in range(LENGTHS[d])], matrix(d, 0)) for d in range(5, 12)])
    assert not index.whole
    assert index.search([1.0] * 8, 50, frozenset({3})), "documents still are"


def test_a_search_beside_a_write_sees_each_document_whole_or_not_at_all():
    index, stop, seen = FlatIndex(10**6), threading.Event(), set()
    index.replace([], [(0, ["0#0"], matrix(0, 0)[:1])])

    def search() -> None:
        while not stop.is_set():
            found = [id_ for id_, _ in index.search([1.0] * 8, 500)]
            seen.add(max((found.count(id_) for id_ in found), default=1))
            seen.add(len({id_ for id_ in found if id_.startswith("4#")}) in (0, LENGTHS[4]))

    readers = [threading.Thread(target=search) for _ in range(3)]
    for reader in readers:
        reader.start()
    for version in range(300):
        for document in (4, 9):
            index.replace([document], [(document, [f"{document}#{i}" for i in range(5)], matrix(document, version))])
    stop.set()
    for reader in readers:
        reader.join()
    assert seen == {True}  # 1 and True: each id once, all of a document's or none


@pytest.fixture
def served(monkeypatch):
    monkeypatch.setattr(right_of_way, "_serving", True)


def test_where_people_search_all_vectors_are_compared_and_what_is_written_since_is_among_them(tmp_path, served):
    index = VectorIndex.open(tmp_path / "chroma", "a" * 32, MODEL, DIMENSION)
    index.apply(rows(*range(60)), [], 1)
    assert_nearest(index.search(QUERY.tolist(), 10), QUERY, 10, range(60))
    index._reader.join()
    index._store._process._child.kill()  # from here on nothing is asked of Chroma
    assert_nearest(index.search(QUERY.tolist(), 10), QUERY, 10, range(60))
    index.close()
    index = VectorIndex.open(tmp_path / "again", "b" * 32, MODEL, DIMENSION)
    index.apply(rows(*range(60)), [], 1)
    index.search(QUERY.tolist(), 10)
    index._reader.join()
    index.apply(rows(70, 3), ["文4"], 2)
    assert_nearest(index.search(QUERY.tolist(), 30), QUERY, 30, [d for d in (*range(60), 70) if d != 4])
    index.close()


@pytest.mark.parametrize(
    ("dimension", "why"),
    [
        (1, "a group is thousands of rows"),
        (8, "the length of the other tests"),
        (160, "our own model"),
        (384, "a small model"),
        (1024, "a large model: a group is eight rows"),
        (1536, "fewer than eight rows may be taken together"),
        (10_000, "not even one row may"),
    ],
)
def test_a_vector_is_as_near_wherever_it_stands(dimension, why):
    """Else the order of clauses that say the same would change with every file that comes."""
    chance = np.random.default_rng(dimension)
    vector, query = chance.normal(size=(2, dimension)).astype(np.float32)
    for count, most in product((1, 7, 61, 500 if dimension > 1000 else 3000), (0, 10**9)):
        index = FlatIndex(most)
        others = chance.normal(size=(count, dimension)).astype(np.float32)
        index.replace(
            [], [(0, [f"{i}" for i in range(count)], others), (1, ["a"], vector[None]), (2, ["b"], vector[None])]
        )
        found = dict(index.search(query.tolist(), count + 2))
        assert found["a"] == found["b"], (why, count)
        expected = others @ query / np.linalg.norm(others, axis=1) / np.linalg.norm(query)
        np.testing.assert_allclose([found[f"{i}"] for i in range(count)], expected, atol=1e-4)
        assert dict(index.search(query.tolist(), 2, frozenset({1, 2}))) == {"a": found["a"], "b": found["a"]}
