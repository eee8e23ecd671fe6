"""Parallel lists joined by 分别: what is said of one item, in the clause's own words."""

from __future__ import annotations

import pytest

from qa.respectively import meant, pairings

REVENUE = "对年营业收入首次突破1亿元、5亿元、10亿元的规上工业企业，分别给予50万元、100万元、200万元一次性奖励；晋档的，按差额补足。"
DEGREES = (
    "对新引进并全职工作的博士、硕士、本科毕业生，分别按每人每月1500元、1000元、600元给予生活补贴，最长发放36个月。"
)
FLATS = "为新引进的A类、B类、C类人才分别提供120平方米、90平方米、60平方米左右的人才公寓，3年内免租金；期满续租。"
SKILLS = "取得高级工、技师、高级技师证书的企业职工，分别按2000元、3000元、4000元标准给予技能提升补贴。"
GIANTS = "对新认定的国家级专精特新“小巨人”企业、省级专精特新中小企业，分别给予100万元、30万元奖励，实行免申即享。"
CENTRES = "对新认定的国家级和省级企业技术中心，分别给予最高50万元和20万元奖励。"
SPACES = "对首次认定的国家级、省级众创空间，分别给予最高100万元、不超过50万元的奖励。"
HOMES = "各区、街道应安排经费，区级、街道级、社区级设施每年每个分别不少于60万元、40万元、5万元。"


@pytest.mark.parametrize(
    ("text", "question", "words", "expected", "why"),
    [
        (REVENUE, "年营收首次到5亿奖励多少", [], ["对年营业收入首次突破5亿元的规上工业企业，给予100万元一次性奖励；"], "a figure"),
        (REVENUE, "营收首次突破10亿元奖多少", [], ["对年营业收入首次突破10亿元的规上工业企业，给予200万元一次性奖励；"], "not 1亿"),
        (
            DEGREES,
            "硕士和本科呢",
            ["硕士", "本科"],
            [
                "对新引进并全职工作的硕士，按每人每月1000元给予生活补贴，最长发放36个月。",
                "对新引进并全职工作的本科毕业生，按每人每月600元给予生活补贴，最长发放36个月。",
            ],
            "two of three; 每人每月 is said of all",
        ),
        (FLATS, "B类人才能住多大的公寓", [], ["为新引进的B类人才提供90平方米左右的人才公寓，3年内免租金；"], "人才 belongs to all"),
        (SKILLS, "考技师证补多少", [], ["取得技师的企业职工，按3000元标准给予技能提升补贴。"], "技师 is not 高级技师"),
        (SKILLS, "高级技师补多少", [], ["取得高级技师证书的企业职工，按4000元标准给予技能提升补贴。"], "nor the reverse"),
        (GIANTS, "国家级小巨人能拿多少", [], ["对新认定的国家级专精特新“小巨人”企业，给予100万元奖励，实行免申即享。"], "by its own characters"),
        (CENTRES, "省级企业技术中心奖多少", [], ["对新认定的省级企业技术中心，给予最高20万元奖励。"], "最高 before the first is said of both"),
        (SPACES, "省级众创空间", [], ["对首次认定的省级众创空间，给予不超过50万元的奖励。"], "each with its own bound"),
        (HOMES, "社区级设施每年多少", [], ["各区、街道应安排经费，社区级设施每年每个不少于5万元。"], "an earlier list in the sentence"),
        (REVENUE, "营收15亿奖励多少", [], [], "15亿 is not 5亿"),
        (DEGREES, "生活补贴多少", ["生活补贴"], [], "of all of them: nothing is left out"),
        (DEGREES, "博士、硕士、本科毕业生各多少", ["博士", "硕士", "本科毕业生"], [], "all are named"),
        ("对甲、乙、丙项目，分别给予50万元、20万元奖励。", "甲项目", ["甲"], [], "three items, two amounts"),
        ("对国家级、省级平台，分别给予50万元、20万元奖励和5万元、2万元补贴。", "国家级", [], [], "a second list of amounts"),
        ("由发改、财政部门分别在30日、60日内办结。", "财政部门要多久", ["财政"], ["由财政部门在60日内办结。"], "terms, too"),
    ],
)  # fmt: skip
def test_what_is_said_of_one_of_them(text, question, words, expected, why):
    found = [p.only(i, text) for p in pairings(text) for i in meant(p, text, question, words)]
    assert found == expected, why


@pytest.mark.parametrize("text", [REVENUE, DEGREES, FLATS, SKILLS, GIANTS, CENTRES, SPACES, HOMES])
def test_what_is_left_is_the_clause_with_something_left_out(text):
    for pairing in pairings(text):
        for kept in range(len(pairing.items)):
            letters = iter(text)
            assert all(letter in letters for letter in pairing.only(kept, text))
            assert pairing.items[kept].of(text) in pairing.only(kept, text)
            assert pairing.amounts[kept].of(text) in pairing.only(kept, text)
