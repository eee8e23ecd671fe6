"""公平竞争 rules: every example of the table, tables that people bring, and texts made to be slow."""

from __future__ import annotations

import csv
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import SettingsError
from ingest.measures.fair_competition import COLUMNS, built_in_rules, rules_of, sentences
from ingest.measures.patterns import folded, problem_of
from ingest.normalize import fold
from ingest.settings import Settings

TABLE = Path(__file__).parent / "cases" / "fcr_rules.tsv"
EXAMPLES = [
    (row["rule_id"], kind, example)
    for row in csv.DictReader(TABLE.read_text("utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    for kind in ("hit", "safe")
    for example in filter(None, (row[f"{kind}_examples(||)"] or "").split("||"))
]
COPY = Path(__file__).parent.parent / "ingest" / "vocabulary" / "fair_competition.tsv"


def touched(text: str) -> list[str]:
    return [rule.id for rule, _, _ in built_in_rules().touched(fold(text))]


@pytest.mark.parametrize(("rule", "kind", "example"), EXAMPLES)
def test_examples_of_the_table(rule: str, kind: str, example: str):
    assert (rule in touched(example)) == (kind == "hit")


WORDS = [
    (
        "依法缴纳企业所得税；对获评的企业给予奖励10万元。",
        [],
        "two sentences joined by ； are two: the rule sees one at a time",
    ),
    ("按地方贡献给予奖励。按地方贡献给予奖励。", ["FC01", "FC01"], "each sentence has its own finding"),
    ("不得以税收贡献作为奖励条件。", [], "a prohibition is no promise"),
    ("不得重复享受，按地方贡献给予奖励。", ["FC01"], "… but it reaches to the comma only"),
    ("取消以注册地迁入为条件给予奖励的规定。", [], "what is taken back is not granted"),
    ("根据有关规定，按地方经济贡献的50%给予奖励。", ["FC01"], "“according to the rules” excuses no rebate"),
    ("按国家规定减免相关税费。", [], "tax relief by law"),
    ("《关于土地出让金返还的通知》同时废止。", [], "the title of a file is not its own promise"),
    ("预算包括税收返还和转移支付。", [], "tax sharing between governments is no rebate to a firm"),
    ("须经指定定点医疗机构确诊。", [], "designated hospitals are no exclusive operator"),
    ("应当委托指定的检测机构出具报告。", ["FC15"], "a designated service has to be bought"),
    ("未经人民法院许可，不得离开住所地。", [], "a licence by law is no barrier set up here"),
    ("外资企业的土地使用年限与经营期限相同。", [], "a term is no restriction by ownership"),
    ("对年入库税收首次达到1000万元的企业给予奖励。", ["FC01", "FC02"], "入库税收 is tax paid"),
]


@pytest.mark.parametrize(("text", "rules", "reason"), WORDS, ids=[reason for *_, reason in WORDS])
def test_what_real_files_taught(text: str, rules: list[str], reason: str):
    assert sorted(touched(text)) == rules


def test_every_rule_says_where_it_comes_from():
    for rule in built_in_rules().all:
        assert rule.source and rule.suggestion and rule.basis
        assert re.fullmatch(r"20\d\d-\d\d|", rule.as_of)
        assert "memory" not in rule.printed_basis and "seen" not in rule.printed_basis
        assert rule.as_of or "未核" in rule.printed_basis


def test_no_rule_gives_a_verdict():
    for rule in built_in_rules().all:
        assert not re.search("(?<!不)合法(?!性)|违法行为|属于违法", rule.suggestion)


def write(path: Path, *rows: str, head: str = "\t".join(COLUMNS)) -> Path:
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


GOOD = "X01\t黄\t蓝色\t内部规定\t内部规定\t2026-05\t蓝色[^。；]{0,9}（产品）\t\t删去"


def test_a_table_takes_the_place_of_the_built_in_one(tmp_path: Path):
    rules = rules_of(write(tmp_path / "rules.tsv", GOOD))
    found = [(rule.id, words.of("蓝色，的（产品）")) for rule, _, words in rules.touched(fold("蓝色，的（产品）"))]
    assert found == [("X01", "蓝色，的（产品）")]
    assert not list(rules.touched(fold("蓝色；的（产品）")))  # ； is not let through by [^。；]


def test_a_changed_table_is_read_again(tmp_path: Path):
    path = write(tmp_path / "rules.tsv", GOOD)
    assert [rule.id for rule in rules_of(path).all] == ["X01"]
    write(path, GOOD.replace("X01", "X02"))
    assert [rule.id for rule in rules_of(path).all] == ["X02"]


def test_the_built_in_table_can_be_brought_as_one():
    assert [rule.id for rule in rules_of(COPY).all] == [rule.id for rule in built_in_rules().all]


REFUSED = [
    (["X01\t黄\t名\t据\t源\t\t(a\t\t改"], "第 2 行", "语法错误"),
    ([GOOD, "X02\t黄\t名\t据\t源\t\t(a+)+b\t\t改"], "第 3 行", "重复之中"),
    (["X02\t黄\t名\t据\t源\t\t(?:a|ab)*b\t\t改"], "第 2 行", "重复之中"),
    (["X02\t黄\t名\t据\t源\t\t.*a.*b.*c.*d\t\t改"], "第 2 行", "太宽"),
    (["X02\t黄\t名\t据\t源\t\t甲\t乙(\t改"], "第 2 行", "guard"),
    (["X02\t黄\t名\t据\t源\t\t(甲)\\1\t\t改"], "第 2 行", "前面的分组"),
    (["X02\t黄\t名\t据\t源\t\t甲?\t\t改"], "第 2 行", "空白"),
    (["X02\t橙\t名\t据\t源\t\t甲\t\t改"], "第 2 行", "severity"),
    (["X02\t黄\t名\t据\t源\t昨天\t甲\t\t改"], "第 2 行", "as_of"),
    (["X02\t黄\t名\t\t源\t\t甲\t\t改"], "第 2 行", "basis 为空"),
    (["X02\t黄\t名"], "第 2 行", "列数"),
    (["<b>\t黄\t名\t据\t源\t\t甲\t\t改"], "第 2 行", "rule_id"),
    ([GOOD, GOOD], "第 3 行", "重复"),
    ([], "第 1 行", "没有规则"),
]


@pytest.mark.parametrize(("rows", "line", "reason"), REFUSED)
def test_a_bad_table_is_refused_with_line_and_reason(tmp_path: Path, rows: list[str], line: str, reason: str):
    with pytest.raises(SettingsError) as caught:
        rules_of(write(tmp_path / "rules.tsv", *rows))
    assert line in str(caught.value) and reason in str(caught.value) and caught.value.hint


def test_a_table_without_a_column_or_in_another_encoding_is_refused(tmp_path: Path):
    with pytest.raises(SettingsError, match="表头缺少 guard"):
        rules_of(write(tmp_path / "a.tsv", head="\t".join(c for c in COLUMNS if c != "guard")))
    (tmp_path / "b.tsv").write_bytes("规则".encode("gb18030"))
    with pytest.raises(SettingsError, match="UTF-8"):
        rules_of(tmp_path / "b.tsv")


def test_the_setting_names_a_file_that_exists(tmp_path: Path):
    assert Settings.from_environment({"POLICY_REVIEW_RULES": str(COPY)}).review_rules == COPY
    with pytest.raises(SettingsError, match="POLICY_REVIEW_RULES"):
        Settings.from_environment({"POLICY_REVIEW_RULES": str(tmp_path / "no.tsv")})


SLOW = ["个人所得税", "税收奖", "对甲乙丙有限公司给予", "土地出让金", "须承诺", "《〈", "不得"]


@pytest.mark.parametrize("unit", SLOW)
def test_time_grows_with_the_length_only(unit: str):
    def seconds(length: int) -> float:
        text = fold((unit * length)[:length])
        started = time.perf_counter()
        list(built_in_rules().touched(text))
        return time.perf_counter() - started

    seconds(1000)
    once, twice = (min(seconds(length) for _ in range(2)) for length in (4000, 8000))
    assert twice < 4 * once + 0.05


@given(st.text(alphabet="税收地方贡献给予奖励，。；（）“”《》〈〉1万元对有限公司\n\t不得", max_size=200))
@settings(max_examples=50, deadline=None)
def test_findings_lie_in_their_sentence(text: str):
    flat = fold(text)
    whole = [(span.start, span.end) for span in sentences(flat)]
    for _, sentence, words in built_in_rules().touched(flat):
        assert (sentence.start, sentence.end) in whole
        assert sentence.contains(words) and words.end > words.start


def test_a_pattern_is_written_with_the_punctuation_of_the_files():
    assert re.fullmatch(folded("（[^。；]，“甲”"), fold("（乙，“甲”"))
    assert not problem_of("(?:税收|税费)[^。；]{0,25}(?:返还|奖励)")
