"""Old against new: which clause became which, what differs word by word, both sides cited; nothing of either side is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from index.library import Library
from ingest.document import PolicyDocument
from ingest.parse import document_from_text
from ingest.settings import Settings
from qa.framework.alignment import align, edits, parts_of
from qa.framework.changes import TOO_LONG, Comparison, comparable, compare_files
from qa.render.changes import changes_dict, changes_html, changes_text, comparable_html

DAY = date(2026, 6, 1)

OLD = """示区人民政府关于印发《示区支持制造业发展若干政策》的通知
示政〔2021〕7号
示区支持制造业发展若干政策
第一条　本政策适用于在示区的制造业企业。
第二条　对设备投资2000万元以上的项目，按照设备投资额的5%给予补助，最高500万元。
第三条　对参加展会的企业，按照展位费的50%给予补贴。
第四条　对迁入本区的企业给予20万元一次性奖励。
第五条　区财政每年安排专项资金5000万元。
第六条　本政策自印发之日起施行，有效期3年。
"""
NEW = """示区人民政府关于印发《示区促进制造业高质量发展若干政策》的通知
示政〔2024〕9号
示区促进制造业高质量发展若干政策
第一条　本政策适用于在示区的制造业企业。
第二条　区财政每年安排专项资金0.5亿元。
第三条　对设备投资1000万元以上的项目，按照设备投资额的8%给予补助，最高500万元。
第四条　首次升规的制造业企业免申即享15万元。
第五条　对参加展会的企业，按照展位费的50%给予补贴。
第六条　本政策自2024年7月1日起施行，有效期5年。
第七条　《示区支持制造业发展若干政策》（示政〔2021〕7号）同时废止。
"""
AMENDING = """示区人民政府关于修改《示区促进制造业高质量发展若干政策》部分条款的通知
示政〔2025〕5号
经研究，决定对《示区促进制造业高质量发展若干政策》（示政〔2024〕9号）作如下修改：
一、将第三条修改为：“对设备投资1000万元以上的“智改”项目，按照设备投资额的10%给予补助，最高500万元。”
二、增加一条，作为第八条：“本政策由区经信局负责解释。”
三、删去第四条。
四、本通知自2025年6月1日起施行。
"""


def parsed(text: str) -> PolicyDocument:
    return document_from_text(text, path="文件.txt")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library.open(Settings(data=tmp_path_factory.mktemp("changes"))) as opened:
        opened.add_documents([(parsed(text), text.encode(), "text/plain") for text in (OLD, NEW, AMENDING)])
        yield opened


def rows(comparison: Comparison) -> dict[str, tuple[str, str, list[tuple[str, str]]]]:
    """Change, old path and changed figures by new path; of what has gone, by 旧 and the old path."""
    return {
        (row.new.path if row.new else f"旧{row.old.path if row.old else ''}"): (
            row.change,
            row.old.path if row.old else "",
            [(change.old, change.new) for change in row.figures],
        )
        for row in comparison.rows
    }


def test_clauses_are_found_again_wherever_they_went(library: Library):
    found = rows(compare_files(library, "示政〔2021〕7号", "示政〔2024〕9号", DAY))
    assert found["第一条"] == ("same", "第一条", [])
    assert found["第二条"] == ("same", "第五条", [])  # 5000万元 is 0.5亿元
    assert found["第三条"] == ("changed", "第二条", [("2000万元", "1000万元"), ("5%", "8%")])
    assert found["第四条"][0] == "added" and found["旧第四条"][0] == "removed"
    assert found["第五条"] == ("same", "第三条", [])  # moved, and says so
    assert found["第六条"][:2] == ("changed", "第六条")


def test_each_side_is_cited_and_marked_in_its_own_words(library: Library):
    comparison = compare_files(library, "示政〔2021〕7号", "示政〔2024〕9号", DAY)
    for row in comparison.rows:
        for citation, marks in ((row.old, row.old_marks), (row.new, row.new_marks)):
            if citation:
                text = library.document(citation.document_id).text
                assert citation.span.of(text) == citation.quote
                assert all(citation.quote[mark.start : mark.end] for mark in marks)
    row = next(row for row in comparison.rows if row.new and row.new.path == "第三条")
    assert row.old and row.new
    assert [row.old.quote[m.start : m.end] for m in row.old_marks if m.figure] == ["2000万元", "5%"]
    assert [row.new.quote[m.start : m.end] for m in row.new_marks if m.figure] == ["1000万元", "8%"]
    assert row.remark == "条次由“第二条”变为“第三条”"
    assert comparison.old_validity == "已废止" and "示政〔2021〕7号" in comparison.old


def test_an_amending_file_is_set_against_the_articles_that_it_names(library: Library):
    comparison = compare_files(library, "示政〔2024〕9号", "示政〔2025〕5号", DAY)
    changed, added, removed = comparison.rows
    assert changed.change == "changed" and [(f.old, f.new) for f in changed.figures] == [("8%", "10%")]
    assert changed.new and changed.new.quote.startswith("对设备投资1000万元以上的“智改”项目")  # quotation marks within
    assert changed.old and changed.old.path == "第三条"
    assert added.change == "added" and added.new and added.new.quote == "本政策由区经信局负责解释。"
    assert removed.change == "removed" and removed.old and removed.old.path == "第四条"


def test_what_a_file_can_be_compared_with(library: Library):
    assert [(c.document_id, c.older) for c in comparable(library, "示政〔2024〕9号")] == [
        ("示政〔2021〕7号", True),
        ("示政〔2025〕5号", False),
    ]
    assert [(c.document_id, c.older, c.amends) for c in comparable(library, "示政〔2025〕5号")] == [
        ("示政〔2024〕9号", True, True)
    ]
    assert "#changes-" in comparable_html(comparable(library, "示政〔2025〕5号"), "示政〔2025〕5号")


def test_all_faces_say_the_same(library: Library):
    comparison = compare_files(library, "示政〔2021〕7号", "示政〔2024〕9号", DAY)
    html, text, values = changes_html(comparison), changes_text(comparison), changes_dict(comparison)
    assert '<del class="figure">2000万元</del>' in html and '<ins class="figure">1000万元</ins>' in html
    assert "2000万元 → 1000万元" in text and "［已废止］" in text
    assert values["counts"] == {"same": 3, "changed": 3, "added": 2, "removed": 1}
    assert "未比对文件首尾部分" in html and "未比对文件首尾部分" in text  # what was not looked at is said


def test_earlier_versions_of_a_file_are_offered_and_hostile_text_is_inert(library: Library):
    for share in ("5%", "8%"):
        text = f"示区奖补办法\n示办〔2023〕2号\n第一条　给予<img src=x>{share}补助。\n第二条　自印发之日起施行。\n"
        library.add_documents([(document_from_text(text, path="办法.txt"), text.encode(), "text/plain")])
    (earlier,) = comparable(library, "示办〔2023〕2号")
    assert earlier.document_id == "示办〔2023〕2号" and earlier.sha256
    comparison = compare_files(library, earlier.document_id, "示办〔2023〕2号", DAY, old_sha256=earlier.sha256)
    assert rows(comparison)["第一条"] == ("changed", "第一条", [("5%", "8%")])
    assert "<img" not in changes_html(comparison)


def test_words_without_end_are_not_compared_word_by_word(library: Library):
    """Comparing two such texts would take hours; that they differ is said, and why nothing is marked."""
    for name, unit in (("甲", "甲乙"), ("乙", "乙甲甲")):
        text = f"示区奖补办法{name}\n示办〔2023〕{3 + (name == '乙')}号\n第一条　支持发展：{unit * 4000}。\n"
        library.add_documents([(document_from_text(text, path=f"{name}.txt"), text.encode(), "text/plain")])
    comparison = compare_files(library, "示办〔2023〕3号", "示办〔2023〕4号", DAY)
    assert [TOO_LONG in row.remark or row.change in ("added", "removed") for row in comparison.rows][-1]


SENTENCES = (
    "对企业给予10万元奖励。",
    "对企业给予20万元奖励。",
    "按5%补贴。",
    "自印发之日起施行。",
    "区财政安排资金。",
    "甲甲甲甲。",
)


@hypothesis_settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(SENTENCES), max_size=7), st.lists(st.sampled_from(SENTENCES), max_size=7))
def test_nothing_of_either_side_is_lost(before: list[str], after: list[str]):
    """Every clause of both files stands in exactly one row, the new ones in their order; equal texts differ in nothing."""
    old, new = (
        parts_of(parsed("若干政策\n" + "".join(f"第{'一二三四五六七'[i]}条　{s}\n" for i, s in enumerate(side))))
        for side in (before, after)
    )
    pairs = align(old, new)
    assert sorted(a.span.start for a, _ in pairs if a) == [part.span.start for part in old]
    assert [b for _, b in pairs if b] == list(new)
    for a, b in pairs:
        if a and b:
            assert (not edits(a, b)) == (a.key == b.key)
