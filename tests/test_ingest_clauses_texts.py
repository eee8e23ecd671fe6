"""Clause trees of the kinds of text that real files showed to be hard. Texts are of our own making."""

from __future__ import annotations

import pytest

from ingest.clauses import parse_clauses
from ingest.document import Clause


def clauses(text: str) -> tuple[Clause, ...]:
    return parse_clauses(text, (), "D")


def tree(text: str) -> list[tuple[str, str, str]]:
    """Kind, path and first characters of every clause but front matter."""
    return [(c.kind, c.path, c.text.strip()[:4]) for c in clauses(text) if c.kind != "front"]


STANDARD = """国家标准
GB 12345—2024
冷库排放标准
目次
前言.................................. Ⅱ
1 范围................................ 1
2 规范性引用文件...................... 1
3 术语和定义.......................... 2
3.1 冷库.............................. 2
附录A（规范性附录） 监测方法........... 5
前言
本标准为首次发布。
冷库排放标准
1 范围
本标准适用于冷库。
2 规范性引用文件
GB/T 16157 采样方法
3 术语和定义
3.1 冷库 cold store
贮藏食品的建筑物。
3.2 公共冷库
向社会开放的冷库。
3.3
个人冷库
自用的冷库。
4 排放限值
4.1 基本要求
4.1.1 VOCs物料应储存于密闭的容器。
4.1.2 分离单元应密闭，并符合下列要求：
a）甲甲。
b）乙乙。
c）VOCs卸料应密闭。
4.2 10t/h以上的锅炉执行表1。
4.3 A型锅炉执行表2。
附录A
（规范性附录）
监测方法
A.1 适用范围
甲甲。
A.1.1 采样
乙乙。
A.2 计算
丙丙。
"""


def test_a_standard_is_read_by_its_decimal_numbers():
    assert [path for kind, path, _ in tree(STANDARD) if kind in ("heading", "annex")] == [
        "", "", "1", "2", "3", "3.1", "3.2", "4", "4.1", "附录A", "附录A A.1", "附录A A.1.1", "附录A A.2",
    ]  # fmt: skip
    paths = {c.text.strip()[:6]: c.path for c in clauses(STANDARD)}
    assert paths["3.3"] == "3.3" and paths["个人冷库"] == "3.3"
    assert paths["4.1.1 "] == "4.1.1" and paths["4.2 10"] == "4.2" and paths["4.3 A型"] == "4.3"
    assert paths["c）VOCs"] == "4.1.2c."


def test_the_contents_of_a_standard_are_front_matter():
    entries = [c for c in clauses(STANDARD) if "...." in c.text]
    assert len(entries) == 6 and all(c.kind == "front" and not c.path for c in entries)


def test_foreword_and_annex_have_their_titles():
    headings = {c.path or c.text.strip(): c.heading for c in clauses(STANDARD) if c.kind in ("heading", "annex")}
    assert headings["前言"] == "前言" and headings["附录A"] == "监测方法"
    foreword = next(c for c in clauses(STANDARD) if c.text.startswith("本标准为首次发布"))
    assert next(c for c in clauses(STANDARD) if c.id == foreword.parent).heading == "前言"


@pytest.mark.parametrize(
    "line",
    [
        "1.5 公里以内",
        "2.5 亿元以上的项目",
        "3.5 万元",
        "1.2 个百分点",
        "0.5 分钟",
        "2.1 年以上",
        "1.5 MPa的压力",
        "2.5 倍的差额",
    ],
)
def test_a_quantity_at_the_beginning_of_a_line_is_no_number_of_a_clause(line: str):
    assert [c.marker for c in clauses(f"冷库办法\n第一条　甲甲。\n{line}，乙乙。\n第二条　丙丙。")] == [
        "",
        "第一条",
        "",
        "第二条",
    ]


def test_a_paragraph_between_two_items_of_an_article_belongs_to_the_first():
    text = "冷链办法\n第一条　有下列情形的：\n（一）甲甲；\n1.甲甲；\n2.乙乙。\n对前述情形从重处理。\n（二）丙丙。\n第二款在此。\n第二条　丁丁。"
    assert tree(text)[1:] == [
        ("body", "第一条第（一）项", "（一）甲"),
        ("body", "第一条第（一）项第1目", "1.甲甲"),
        ("body", "第一条第（一）项第2目", "2.乙乙"),
        ("body", "第一条第（一）项", "对前述情"),
        ("body", "第一条第（二）项", "（二）丙"),
        ("body", "第一条第二款", "第二款在"),
        ("body", "第二条", "第二条　"),
    ]


def test_two_items_on_one_line_are_the_item_that_comes_next():
    text = "冷链办法\n第一条　提供下列材料：\n（一）甲甲。\n（二）乙乙。\n（三）丙丙。（四）丁丁。\n第二条　戊戊。"
    assert [path for _, path, _ in tree(text)] == [
        "第一条",
        "第一条第（一）项",
        "第一条第（二）项",
        "第一条第（三）项",
        "第二条",
    ]


def test_a_list_within_a_sentence_stays_a_paragraph():
    text = "冷链办法\n第一条　提供下列材料。\n（一）申请表；（二）执照。\n第二条　戊戊。"
    assert [c.marker for c in clauses(text)][1:] == ["第一条", "", "第二条"]


TWO_POLICIES = """县应急局关于印发
《冷库企业重大隐患判定标准（试行）》和《冷藏车企业重大隐患判定标准（试行）》的通知
青应急〔2024〕7号
各乡镇人民政府：
为准确判定重大隐患，县应急局制定了两个标准，现印发给你们，请遵照执行。
请各乡镇及时传达。
县应急局
2024年3月1日
冷库企业重大隐患判定标准（试行）
一、甲甲。
二、乙乙。
冷藏车企业
重大隐患判定标准（试行）
一、丙丙。
二、丁丁。
"""


def test_a_notice_that_carries_two_policies_has_two_parts():
    found = clauses(TWO_POLICIES)
    titles = [c.heading for c in found if c.kind == "heading"]
    assert titles == ["冷库企业重大隐患判定标准（试行）", "冷藏车企业重大隐患判定标准（试行）"]
    second = next(c for c in found if c.text.startswith("一、丙丙"))
    assert next(c for c in found if c.id == second.parent).heading == titles[1]
    assert [c.kind for c in found if c.text.startswith(("为准确", "请各乡镇"))] == ["front", "body"]


@pytest.mark.parametrize("day", ["2024-03-10", "2024.3.10", "2024/3/10"])
def test_a_date_in_figures_closes_the_text(day: str):
    text = f"县商务局关于冷链的通知\n各乡镇：\n一、甲甲\n乙乙。\n县商务局\n{day}"
    assert [c.kind for c in clauses(text)][-2:] == ["back", "back"]
