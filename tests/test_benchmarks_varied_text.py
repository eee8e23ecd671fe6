"""The made files of the benchmark at scale are files like others, and are not copies of one another."""

from __future__ import annotations

import statistics
from collections import Counter
from random import Random

import pytest

from index import analyzer
from index.chunk import chunk
from index.query import understand
from tests.benchmarks import varied_text

FILES = 40


@pytest.fixture(scope="module")
def documents():
    return [varied_text.document(0, serial) for serial in range(FILES)]


@pytest.fixture(scope="module")
def clauses(documents) -> list[str]:
    return [part.text for document in documents for part in chunk(document)]


def test_a_file_is_fixed_by_seed_and_serial():
    assert varied_text.text(0, 5) == varied_text.text(0, 5)
    assert len({varied_text.text(seed, serial) for seed in (0, 1) for serial in (5, 6)}) == 4


def test_a_file_is_parsed_into_clauses_and_known_by_what_filters_need(documents):
    for document in documents:
        about = document.metadata
        assert about.title
        assert document.id == about.document_number.canonical
        assert about.level and about.region and about.issued_on
        assert 20 <= sum(clause.kind == "body" for clause in document.clauses) <= 90
    assert len({document.id for document in documents}) == FILES
    assert {document.metadata.level for document in documents} == {"state", "province", "city", "district"}
    assert len({document.metadata.issued_on.year for document in documents}) > 5
    assert 0 < sum(document.terms.expires_on is not None for document in documents) < FILES


def test_clauses_are_about_as_long_as_those_of_real_files(clauses):
    lengths = [len(text) for text in clauses]
    assert 70 <= statistics.median(lengths) <= 110
    assert 200 <= sorted(lengths)[len(lengths) * 95 // 100] <= 350
    assert max(lengths) > 450


def test_words_go_on_being_new_as_the_text_grows(clauses):
    """Real policy files of 200,000 characters have 24,000 different pairs of characters and 6,800 different words."""
    halves = clauses[: len(clauses) // 2], clauses[len(clauses) // 2 :]
    first, second = ({pair for text in half for pair in analyzer.bigrams(text)} for half in halves)
    assert sum(map(len, clauses)) > 150_000
    assert len(first | second) > 24_000
    assert len(second - first) > len(first) / 4
    assert len({word for text in clauses for word in analyzer.words(text)}) > 6_800


def test_no_word_but_the_commonest_stands_in_every_clause_and_no_clause_twice(clauses):
    within = Counter(pair for text in clauses for pair in set(analyzer.bigrams(text)))
    assert within.most_common(1)[0][1] < len(clauses) / 2
    long = [text for text in clauses if len(text) > 60]
    assert len(set(long)) == len(long)


def test_questions_name_files_in_odd_spelling_and_by_half_of_their_title(documents):
    rng = Random(0)
    asked = [understand(varied_text.question(rng, document)) for document in documents * 3]
    assert len({query.text for query in asked}) > 0.95 * len(asked)
    assert {number for query in asked for number in query.numbers} & {document.id for document in documents}
    assert any(query.titles for query in asked)
