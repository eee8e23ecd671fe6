"""What a question asks for, and whether a clause has it."""

from __future__ import annotations

import pytest

from index.intent import answers, defines, intent

QUESTIONS = [
    ("高企首次认定奖多少钱", "amount", "everyday words for a sum"),
    ("研发费用补助的最高限额", "amount", "a limit"),
    ("贴息怎么算", "amount", "how it is worked out"),
    ("找哪个部门申请", "who", "a department"),
    ("专班由谁牵头", "who", "a person or body"),
    ("财务多久公开一次", "often", "how often, not how long"),
    ("一年要检查几次", "often", "times a year"),
    ("申报截止到哪天", "when", "a deadline"),
    ("有效期几年", "when", "a term"),
    ("多久能到账", "when", "how long"),
    ("规上企业是什么意思", "definition", "a meaning"),
    ("“1+1+N”具体指哪些产业", "definition", "what a formula stands for"),
    ("依据什么文件制定", "basis", "the file above"),
    ("贯彻落实的是哪些上级文件", "basis", "… in the plural"),
    ("依据什么文件补贴多少", "basis", "the basis comes first in a question that asks two things"),
    ("怎么申请", "other", "how it is done"),
    ("", "other", "nothing"),
]
CLAUSES = [
    ("amount", "给予一次性奖励20万元。", True, "a sum in digits"),
    ("amount", "按设备投资额的10%补助。", True, "a share"),
    ("amount", "奖励五十万元。", True, "a sum in Chinese"),
    ("amount", "单位：万元", False, "the unit of a table is no sum"),
    ("amount", "鼓励企业加大投入。", False, "no figure"),
    ("who", "由区科技局负责组织实施。", True, "a body"),
    ("who", "责任单位：各镇街", True, "a label"),
    ("who", "优化产业布局，改革格局。", False, "布局 and 格局 are no 局"),
    ("who", "欠单位和个人款；", False, "a debtor"),
    ("who", "案件已由仲裁机构或法院受理。", True, "who has accepted a case"),
    ("often", "财务至少每季度公开一次。", True, "every quarter"),
    ("often", "本规定自2012年1月1日起施行。", False, "a date of effect is no interval"),
    ("when", "本政策自2024年7月1日起施行。", True, "a date"),
    ("when", "在十个工作日内办结。", True, "a term in Chinese"),
    ("when", "鼓励企业加大投入。", False, "no time"),
    ("definition", "本办法所称企业，是指在本区注册的法人。", True, "是指"),
    ("definition", "全面推行“双随机、一公开”（以下简称双随机）监管。", True, "以下简称"),
    ("definition", "材料齐全的立即办理。", False, "立即 is no 即"),
    ("basis", "根据《中小企业促进法》，制定本办法。", True, "根据"),
    ("basis", "按照省委办公厅〔2023〕21号文件要求", True, "a number"),
    ("basis", "鼓励企业加大投入。", False, "nothing cited"),
    ("other", "根据规定奖励20万元。", False, "nothing is asked for"),
]


@pytest.mark.parametrize(("question", "asked", "reason"), QUESTIONS, ids=[row[2] for row in QUESTIONS])
def test_what_a_question_asks_for(question: str, asked: str, reason: str):
    assert intent(question) == asked, reason


@pytest.mark.parametrize(("asked", "clause", "has", "reason"), CLAUSES, ids=[f"{r[0]}-{r[3]}" for r in CLAUSES])
def test_whether_a_clause_has_what_is_asked_for(asked: str, clause: str, has: bool, reason: str):
    assert answers(asked, clause) is has, reason


def test_a_clause_that_only_mentions_a_term_does_not_define_it():
    assert defines("链长制", "建立链长制，即由领导干部担任产业链负责人。")
    assert not defines("链长制", "深入实施链长制，推动产业集群发展。")
