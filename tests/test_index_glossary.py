"""Terms that files define: found in the forms that files use, never invented, never carried from file to file, forgotten at once."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from index.definitions import Term, terms_of
from index.general_terms import general_of
from index.glossary import entry, files_using, glossary, used_but_undefined
from index.library import Library
from index.query import Filters
from ingest.document import PolicyDocument
from ingest.parse import document_from_text
from ingest.settings import Settings
from qa.framework.terms import file_terms, term_card
from qa.render.terms import file_terms_html, term_dict, term_html, term_text, terms_html

DAY = date(2026, 6, 1)


def parsed(text: str) -> PolicyDocument:
    return document_from_text(text, path="文件.txt")


def found(text: str) -> list[tuple[str, str, str]]:
    """(kind, name, meaning) of every term."""
    document = parsed(text)
    return [(term.kind, term.name, term.meaning.of(document.text)) for term in terms_of(document)]


DEFINES = [
    # the two decisive sentences of a district plan: a short name, and what the district's own 1+1+N is
    ("深入开展招商引资、招才引智(以下简称“双招双引”)。", [("简称", "双招双引", "深入开展招商引资、招才引智")]),
    ("对标市“5+1”产业，完善我区“1+1+N”产业体系，即环保首位产业，装备主导产业。", [("即", "1+1+N", "环保首位产业，装备主导产业。")]),
    # part by part, in a sentence of its own
    (
        "构建“1+1+N”产业体系。其中，第一个“1”为环保产业，第二个“1”为装备产业。",
        [("分述", "1+1+N", "第一个“1”为环保产业，第二个“1”为装备产业。")],
    ),
    ("第二条 本办法所称惠企政策，是指对企业给予补助的政策。", [("所称", "惠企政策", "对企业给予补助的政策。")]),
    # the name itself contains 即
    ("第九条 本办法所称免申即享，是指企业无需申请的方式。", [("所称", "免申即享", "企业无需申请的方式。")]),
    # 所称…为… must not cut 违法行为 in two
    ("本办法所称转包违法行为，具体是指转让全部工程的行为。", [("所称", "转包违法行为", "转让全部工程的行为。")]),
    ("“双招双引”是招商引资、招才引智的简称。", [("统称", "双招双引", "招商引资、招才引智的简称。")]),
    ("实施“百千工程”（百县千镇高质量发展工程），促进协调。", [("括注", "百千工程", "百县千镇高质量发展工程")]),
    ("将重点企业定义为年产值一亿元以上的企业。", [("定义为", "重点企业", "年产值一亿元以上的企业。")]),
    # 指 alone, without 是
    ("北区指江北各街道；南区指江南各街道。", [("指", "北区", "江北各街道"), ("指", "南区", "江南各街道。")]),
    # 是指向…, 是指出…: the 指 of the definition, not of 指向 or 指出
    ("微创手术是指出院患者在手术室接受的手术。", [("是指", "微创手术", "出院患者在手术室接受的手术。")]),
    # what one term means ends where the next begins
    (
        "其中，创业团队是指成员过半的团队；创业企业是指持股过半的企业。",
        [("是指", "创业团队", "成员过半的团队"), ("是指", "创业企业", "持股过半的企业。")],
    ),
    # several names, one meaning
    ("“红灯”、“绿灯”是指船上的号灯。", [("是指", "红灯", "船上的号灯。"), ("是指", "绿灯", "船上的号灯。")]),
    # words of comparison are defined together, and the second half says the opposite of the first
    (
        "本法所称的“以上”、“以下”，包括本数；所称的“不满”，不包括本数。",
        [("所称", "以上", "包括本数"), ("所称", "以下", "包括本数"), ("所称", "不满", "不包括本数。")],
    ),
    # an answer is one, its question is none
    ("什么是资格分？\n答：资格分是指按指标算出的总分。", [("是指", "资格分", "按指标算出的总分。")]),
    ("第五百条 买卖合同是出卖人转移所有权，买受人支付价款的合同。", [("是", "买卖合同", "出卖人转移所有权，买受人支付价款的合同。")]),
    # a list headed by what it is
    (
        "五、名词解释\n1.链主企业：产业链中起带动作用的企业。\n2.标准地——带指标出让的工业用地。",
        [("释义", "链主企业", "产业链中起带动作用的企业。"), ("释义", "标准地", "带指标出让的工业用地。")],
    ),
    (
        "第八条 本办法下列用语的含义：\n（一）疫区：指疾病流行时波及的地区。\n（二）暴发，是指短期内多例发生。",
        [("释义", "疫区", "指疾病流行时波及的地区。"), ("是指", "暴发", "短期内多例发生。")],
    ),
    # a standard: the term alone on its line, its English form, the meaning below (为 and - in it start no other term)
    (
        "3 术语和定义\n下列术语和定义适用于本标准。\n3.1 光器件 photo-electronic device\n利用光-电转换专门为通信制成的器件。",
        [("释义", "光器件", "利用光-电转换专门为通信制成的器件。")],
    ),
]  # fmt: skip

DEFINES_NOTHING = [
    "持续深化“放管服”改革，优化营商环境。",  # used, not said what it is
    "突出“双招双引是经济工作第一战场”新理念。",  # a slogan
    "加快“一个中心、三个基地”建设步伐。",
    "本办法依据《若干意见》（国发〔2020〕1号，以下简称《意见》）制定。",  # a file's short name is a reference
    "根据《管理条例》（以下简称条例），制定本细则。",
    "各部门要指导企业用好政策，编制服务指南，明确考核指标。",  # 指导, 指南, 指标
    "公司董事，指使财务人员造假的，依法处理。",  # 指使
    "优先选择“小巨人”（区经信局牵头），限期完成。",  # whose task it is, not what it means
    "引进“高精尖”（第二批）项目。",
    "资格分是指什么？",
    "该政策不是指税收返还。",
    "最后一日是法定休假日的，以次日为期间的最后一日。",
    "补助资金包括设备补助和贷款贴息。",  # what is paid, not what a word means
    "完成申请时间（即成功提交时间）的先后顺序。",
]


@pytest.mark.parametrize(("text", "expected"), DEFINES)
def test_what_a_file_defines_is_found_with_its_words(text: str, expected: list[tuple[str, str, str]]):
    assert found(text) == expected


@pytest.mark.parametrize("text", DEFINES_NOTHING)
def test_what_a_file_does_not_define_is_not_made_up(text: str):
    assert found(text) == []


def test_a_definition_that_opens_a_list_keeps_its_items():
    document = parsed("第三条 本办法所称主体，是指下列组织：\n（一）公司；\n（二）合作社。\n第四条 其他。\n")
    (term,) = terms_of(document)
    assert [item.of(document.text).strip() for item in term.items] == ["（一）公司；", "（二）合作社。"]


def test_other_forms_of_a_name_are_kept():
    (term,) = terms_of(parsed("本办法所称碳足迹（Carbon Footprint），是指排放总量。"))
    assert (term.name, term.variants) == ("碳足迹", ("Carbon Footprint",))
    (term, short) = terms_of(parsed("本办法所称科技创新券（以下简称“创新券”），是指电子凭证。"))
    assert (term.name, term.variants, short.is_alias) == ("科技创新券", ("创新券",), True)


@hypothesis_settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.sampled_from([*(t for t, _ in DEFINES), *DEFINES_NOTHING, "所称“", "（以下简称", "即：", "\n", "指指指"]),
        max_size=8,
    )
)
def test_every_term_stands_in_its_clause(parts: list[str]):
    """Span law: sentence in the clause, meaning in the sentence, whatever stands around them."""
    document = parsed("一、总则\n" + "\n".join(parts))
    for term in terms_of(document):
        clause = next(c for c in document.clauses if c.id == term.clause_id)
        assert clause.span.contains(term.span) and term.span.contains(term.meaning) and term.meaning.of(document.text)


@pytest.mark.parametrize("piece", ["所称“", "甲是指", "“甲”（", "（以下简称“", "指、", "甲：", "一、名词解释\n"])
def test_long_hostile_text_takes_no_longer_than_its_length(piece: str):
    """A pattern that goes back and forth would not end here."""
    document = parsed("一、总则\n" + piece * 2_500)
    assert all(isinstance(term, Term) for term in terms_of(document))


PLAN = (
    "为落实上级精神，推深招商引资、招才引智(以下简称“双招双引”)，制定本方案。\n一、总体要求\n"
    "完善我区“1+1+N”产业体系，即环保首位产业，装备主导产业。深化“放管服”改革，对标市“5+1”产业。\n"
)
OTHER = (
    "一、总体要求\n构建“1+1+N”产业体系，即医药首位产业，旅游主导产业。\n二、任务\n推进“双招双引”，实行产业链招商。\n"
)


HOSTILE = "一、总则\n本办法所称“<img src=x onerror=alert(1)>卡”，是指<script>alert(1)</script>凭证。\n"


def put(library: Library, title: str, text: str) -> str:
    """Takes the file in; its id."""
    content = f"{title}\n{text}".encode()
    document = document_from_text(content.decode(), path=f"{title}.txt", title=title)
    (report,) = library.add_documents([(document, content, "text/plain")])
    assert report.document_id
    return report.document_id


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Library, str, str]]:
    """A library with the plans of two districts and a hostile file, which is only read; the ids of the plans."""
    with Library.open(Settings(data=tmp_path_factory.mktemp("plans"))) as library:
        put(library, "<b>标题", HOSTILE)
        yield library, put(library, "甲区工作方案", PLAN), put(library, "乙区工作方案", OTHER)


def test_a_district_keeps_its_own_meaning(held: tuple[Library, str, str]):
    library, first, second = held
    card = term_card(library, "“1＋1＋N”", as_of=DAY)
    assert {d.citation.document_id: d.meaning for d in card.definitions} == {
        first: "环保首位产业，装备主导产业。",
        second: "医药首位产业，旅游主导产业。",
    }
    assert card.general and card.general.is_local and "环保" not in card.general.text  # no gloss of ours in their place
    only = entry(library, "1+1+N", Filters(document_ids=(first,)), DAY)
    assert [d.card.id for d in only.definitions] == [first]


def test_used_and_not_defined_is_said_to_be_so(held: tuple[Library, str, str]):
    library, first, second = held
    plain = {undefined.name: undefined for undefined in used_but_undefined(library, first)}
    assert {"放管服", "5+1"} <= plain.keys() and not {"双招双引", "1+1+N"} & plain.keys()
    assert [card.id for card in files_using(library, "双招双引")] == [second]
    terms = file_terms(library, first, DAY)
    reform = next(found for found in terms.unexplained if found.name == "放管服")
    assert reform.citation.quote == "深化“放管服”改革，对标市“5+1”产业。" and reform.general
    html = file_terms_html(terms)
    assert "通用解释，非文件原文" in html and html.index("简政放权") > html.index("通用解释，非文件原文")
    assert "没有写明这一说法的含义" in term_text(term_card(library, "放管服", as_of=DAY))


def test_words_of_comparison_that_one_file_defines_are_not_missing_in_another(library: Library):
    put(library, "甲办法", "第一条　本办法所称“不超过”、“以上”，均包括本数。")
    other = put(library, "乙办法", "第一条　给予补贴，总额不超过3万元，用于固定资产投资。")
    assert not {"不超过", "固定资产投资"} & {undefined.name for undefined in used_but_undefined(library, other)}


def test_the_general_gloss_shows_no_figure_of_its_own():
    """A figure is shown only from a clause."""
    assert general_of("规上") and "2000" not in general_of("规上").text  # type: ignore[union-attr]
    assert general_of("十大新兴产业").text.startswith("（只是安徽省的说法")  # type: ignore[union-attr]
    assert "安徽" not in general_of("双招双引").text  # type: ignore[union-attr]
    assert general_of("高新技术企业") is general_of("高企")


def test_markup_in_a_file_is_inert(held: tuple[Library, str, str]):
    library = held[0]
    entries = glossary(library)
    card = term_card(library, next(each.name for each in entries if "img" in each.name))
    html = term_html(card) + terms_html(entries)
    html += "".join(file_terms_html(file_terms(library, each.id)) for each in library.documents())
    assert "<script" not in html and "<img" not in html and "<b>标题" not in html
    assert term_dict(card)["definitions"][0]["meaning"] == "<script>alert(1)</script>凭证。"


class _Words:
    def __init__(self, document: PolicyDocument) -> None:
        self.text = document.text


def test_what_changes_is_read_anew_and_what_goes_leaves_nothing_behind(library: Library):
    first, second = put(library, "甲区工作方案", PLAN), put(library, "乙区工作方案", OTHER)
    assert len(entry(library, "1+1+N").definitions) == 2
    assert put(library, "甲区工作方案", "一、总体要求\n完善“1+1+N”产业体系，即钢铁首位产业。\n") == first
    assert {d.meaning for d in term_card(library, "1+1+N").definitions} == {
        "钢铁首位产业。",
        "医药首位产业，旅游主导产业。",
    }
    kept = weakref.ref(library.made_of(first, _Words))
    library.remove(first)
    gc.collect()
    assert kept() is None  # at once, not only when somebody asks again
    assert [d.card.id for d in entry(library, "1+1+N").definitions] == [second]
    assert "双招双引" not in {each.name for each in glossary(library)}
