"""Hard official documents with known truth: every fact that was written is read, and nothing else.

A small part of ``python -m tests.benchmarks.hard_documents``, which makes many more files and prints the counts.
"""

from collections import Counter

import pytest

from ingest.parse import document_from_text
from ingest.readers.runs import Glyph, runs, whole_lines
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
SAVED = ("doc",)
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


# What the generator found, each in its smallest form.


def test_a_character_drawn_after_its_line_stands_where_it_is_printed():
    """LibreOffice and others draw “” from a second font when the line is done."""
    places = {"新": 0, "小": 2, "巨": 3, "人": 4, "企": 6, "“": 1, "”": 5}
    drawn = [Glyph(char, at * 16, 0, at * 16 + 15, 16, 0.0, n) for n, (char, at) in enumerate(places.items())]
    assert [line.text for line in whole_lines(runs(drawn))] == ["新“小巨人”企"]


def test_a_mark_above_the_number_is_not_the_title_of_minutes():
    text = "岚关县人民政府专题会议纪要\n（岚政专纪〔2024〕5号）\n关于研究冷链物流有关问题的会议纪要\n5月6日，会议召开。纪要如下：\n"
    assert document_from_text(text).metadata.title == "关于研究冷链物流有关问题的会议纪要"


def test_a_title_may_be_cut_before_its_last_character():
    text = "栖川市人民政府关于印发冷链物流高质量发展若干措施的通\n知\n栖政〔2024〕5号\n各县人民政府：\n现印发给你们。\n"
    assert document_from_text(text).metadata.title.endswith("若干措施的通知")


def test_bodies_that_sign_side_by_side_in_a_table_are_the_issuers():
    text = "栖川市财政局等2部门关于申报的通知\n各县财政局：\n一、条件。符合要求。\n附件：申报表\n栖川市财政局\t栖川市商务局\n2024年5月6日\n"
    document = document_from_text(text)
    assert document.metadata.issuers == ("栖川市财政局", "栖川市商务局")
    assert [clause.kind for clause in document.clauses[-3:]] == ["back"] * 3


def test_an_article_may_begin_with_a_date_to_be_reached():
    clauses = document_from_text("办法\n第一条　为了发展，制定本办法。\n第二条到2027年底，培育企业40家。\n").clauses
    assert [clause.path for clause in clauses if clause.kind == "body"] == ["第一条", "第二条"]
