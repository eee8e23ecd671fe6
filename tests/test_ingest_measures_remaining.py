"""Words in front of a grant that say for whom or what it is and became no field: each kept as it stands, none of them twice."""

from __future__ import annotations

import pytest

from ingest.document import Span
from ingest.measures import read_measure
from ingest.measures.remaining import with_remaining

CASES = [
    # who takes part in a fair is not every manufacturer
    ("对参加境内外专业展会的制造业企业，按照实际支付展位费的50%给予补贴。", ["参加境内外专业展会的制造业企业"]),
    (
        "企业组织新录用员工参加岗前技能培训并取得相应证书的，按照每人600元给予培训补贴。",
        ["企业组织新录用员工参加岗前技能培训并取得相应证书的"],
    ),
    # a condition in a part of its own
    ("对制造业企业，购买工业设计服务的，给予10万元补助。", ["购买工业设计服务的"]),
    # 未 turns a few words around
    ("未入住人才公寓的D类人才，给予1万元补贴。", ["未入住人才公寓的D类人才"]),
    # of which grade is more than the industry, and more than the name of the title
    ("对国家5A级物流企业，给予50万元奖励。", ["国家5A级物流企业"]),
    ("对国家级农业产业化龙头企业，给予100万元奖励。", ["国家级农业产业化龙头企业"]),
    # everything that is said is a field
    ("对年度研发费用200万元以上（含）且占营业收入比重不低于3%的制造业企业，给予20万元补助。", []),
    ("对首次认定的国家高新技术企业，给予一次性奖励20万元。", []),
    ("对年营业收入首次突破5亿元、10亿元的制造业企业，分别给予30万元、60万元一次性奖励。", []),
    # how long it is counted is no requirement
    ("对新引进的制造业项目，自投产之日起，给予50万元补助。", []),
    # what stands behind the grant says nothing of whom it is for
    ("给予企业20万元补助，资金由企业用于技术研发和人才培养。", []),
]


@pytest.mark.parametrize(("text", "words"), CASES)
def test_words_that_became_no_field_are_kept(text, words):
    measure = with_remaining(text, read_measure(text))
    assert [each.text for each in measure.remaining] == words
    assert all(each.span.of(text) == each.text for each in measure.remaining)


def test_a_row_says_in_a_cell_what_it_is_for():
    text = "3\t经营主体\t省级示范家庭农场认定\t一次性奖励3万元\n"
    measure = read_measure(text)
    read = with_remaining(text, measure)
    assert [each.text for each in read.remaining] == ["省级示范家庭农场认定"]


def test_what_grants_nothing_is_left_alone():
    text = "申报主体须在本区依法登记注册，未被列入严重失信主体名单。"
    measure = read_measure(text)
    assert not measure.benefits and with_remaining(text, measure) is measure
    assert measure.span == Span(0, len(text))
