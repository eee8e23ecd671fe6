"""Hard official documents with known truth: every fact that was written is read, and nothing else.

A small part of ``python -m tests.benchmarks.hard_documents``, which makes many more files and prints the counts.
"""

from collections import Counter

import pytest

from tests.benchmarks.hard_documents import examine
from tests.hard_documents.compose import FORMS, compose
from tests.hard_documents.measure import Score
from tests.hard_documents.producers import PRODUCERS, Sample

QUICK = (
    "txt gb18030",
    "txt utf-16",
    "txt half width",
    "docx typed",
    "docx automatic",
    "docx mixed",
    "docx hard",
    "docx hard automatic",
    "html table site",
    "html list site",
    "xlsx",
    "ofd",
    "pdf drawn",
)
PRINTED = ("pdf libreoffice auto", "pdf chromium")
SAVED = ("doc", "odt")
FORM_SEEDS = range(len(FORMS))  # one seed a form
FEW_SEEDS = (1, 2, 6)  # a carried regulation, an opinion with annexes, a joint notice with tables
JOINT, LETTER = 6, 4


def total(name: str, seeds) -> Score:
    producer, score = PRODUCERS[name], Score()
    if not producer.needs():
        pytest.skip(f"{name}: the program or font that makes such files is not on this machine")
    for sample in producer.make(seeds):
        score.add(examine(sample, producer)[0])
    return score


def assert_complete(score: Score) -> None:
    assert not score.misses
    assert score.recovered == score.expected
    assert score.expected["clean"]


@pytest.mark.parametrize("name", QUICK)
def test_every_fact_of_every_form_is_recovered(name):
    assert_complete(total(name, FORM_SEEDS))


@pytest.mark.parametrize("name", PRINTED)
def test_every_fact_is_recovered_from_what_other_programs_print(name):
    assert_complete(total(name, FEW_SEEDS))


@pytest.mark.parametrize("name", SAVED)
def test_every_fact_is_recovered_from_what_other_programs_save(name):
    assert_complete(total(name, [JOINT]))


def test_a_page_without_a_character_map_is_recognised_or_refused_but_never_read_as_garbage():
    assert_complete(total("pdf without map", [LETTER]))


def test_a_scan_with_seal_and_skew_gives_number_title_date_and_clauses():
    score = total("scan", [LETTER])
    for fact in ("number", "title", "issued_on", "markers", "paths", "clean"):
        assert score.recovered[fact] == score.expected[fact] > 0, score.misses


def test_a_seed_stands_for_one_policy():
    assert [compose(seed) for seed in FORM_SEEDS] == [compose(seed) for seed in FORM_SEEDS]
    assert len({compose(seed).title for seed in range(50)}) > 40


def test_the_measure_notices_what_is_missing_and_what_is_too_much():
    """A reader that loses a clause, a row and a number, or reads the hidden sentence, does not pass."""
    sample = next(PRODUCERS["txt utf-16"].make([2]))
    text = sample.content.decode("utf-16")
    lines = text.splitlines()
    clause = next(line for line in lines if "（一）" in line)
    row = next(line for line in lines if "\t" in line and "类别" not in line)
    number = next(line for line in lines if line.strip().endswith("号"))
    damaged = [line for line in lines if line not in (clause, row, number)]
    damaged.insert(-3, f"\u3000\u3000{sample.policy.secret}。")
    bad = Sample(sample.policy, sample.name, "\n".join(damaged).encode("utf-16"))
    lost = Counter(miss.partition(":")[0] for miss in examine(bad, PRODUCERS["txt utf-16"])[0].misses)
    assert {"number", "texts", "rows", "clean"} <= lost.keys()
