"""公平竞争审查: the rules as a table of data, and the words of a text that they touch. A hit is for a person to judge.

A rule is tried on each sentence (。；！？ and a new line end one) of folded text. What its ``guard`` finds in the sentence, or a
prohibition in front of it (不得以…作为享受条件), makes it no hit. A rule with the pattern ``(?!)`` is about what the whole lacks.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast, get_args

from ingest.document import Span
from ingest.errors import SettingsError
from ingest.measures.patterns import SENTENCE, folded, problem_of
from ingest.measures.signs import Signs, starting
from ingest.vocabulary import table

Severity = Literal["红", "黄", "提示"]

NEVER = "(?!)"
COLUMNS = ("rule_id", "severity", "name", "basis", "source", "as_of", "pattern", "guard", "suggestion")
MOST_RULES, MOST_BYTES = 500, 2_000_000
_OVERLAP = 120  # characters that two pieces of a very long sentence share
_ENDS = re.compile(r"[。;!?\n]")
_TITLE = re.compile(r"《[^《》]{0,120}(?:[〈《][^《》〈〉]{0,120}[〉》][^《》]{0,60})?》")
_PROHIBITS = re.compile(
    r"(?:不得|不可|严禁|禁止|不准|不以|不将|杜绝|防止|避免|纠正|查处|整治|清理|取消|废止|破除|停止执行|(?<!对)违规|违法|变相)[^,。;]{0,30}\Z"
)
_LIST_PROHIBITS = re.compile("(?:不得|严禁|禁止|不予|不准|不支持)[^。;]{0,40}[:]?$|负面清单")
_DENOUNCED = re.compile(r"[^,。;]{0,12},?(?:均|都)?(?:不符合|违反|属于?违规|不予(?:支持|受理|兑现))")
_DAY = re.compile(r"(?:20\d\d-(?:0[1-9]|1[0-2])(?:-[0-3]\d)?)?")
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,15}")


@dataclass(frozen=True, slots=True)
class Rule:
    """``basis``: as it is cited; ``source``: the files that it was read in; ``as_of``: when, as ``YYYY-MM``, empty: 未核."""

    id: str
    severity: Severity
    name: str
    basis: str
    source: str
    as_of: str
    pattern: re.Pattern[str]
    guard: re.Pattern[str] | None
    suggestion: str

    @property
    def of_whole(self) -> bool:
        """It is about what the whole file lacks."""
        return self.pattern.pattern == NEVER

    @property
    def printed_basis(self) -> str:
        """Basis, where it was read, and when: what people read."""
        checked = f"核对于{self.as_of}" if self.as_of else "未核"
        return f"{self.basis}（{'；'.join(filter(None, (self.source, checked)))}）"


class Rules:
    """A table of rules; ``all``: in the order of the table."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.all = tuple(rules)
        sought = [rule for rule in rules if not rule.of_whole]
        self._signs = Signs((rule.pattern.pattern, (rule, starting(rule.pattern.pattern))) for rule in sought)

    def of_whole(self, id_: str) -> Rule | None:
        """The rule of that id about what the whole lacks, where the table has it."""
        return next((rule for rule in self.all if rule.id == id_ and rule.of_whole), None)

    def touched(self, flat: str) -> Iterator[tuple[Rule, Span, Span]]:
        """(rule, its sentence, the words) for each rule and sentence of folded text, in order."""
        for sentence in sentences(flat):
            words = sentence.of(flat)
            if "《" in words:
                words = _TITLE.sub(lambda title: "\x00" * len(title[0]), words)
            seen: set[str] = set()
            for piece in _pieces(words):
                said = piece.of(words)
                for rule, pattern in self._signs.possible(said):
                    found = None if rule.id in seen else _found(said, rule, pattern)
                    if found:
                        seen.add(rule.id)
                        at = sentence.start + piece.start
                        yield rule, sentence, Span(at + found.start, at + found.end)


def sentences(flat: str) -> Iterator[Span]:
    """Spans of the sentences of folded text, without white space at either end."""
    start = 0
    for end in [*(match.end() for match in _ENDS.finditer(flat)), len(flat)]:
        words = flat[start:end]
        left, right = start + len(words) - len(words.lstrip()), start + len(words.rstrip())
        if left < right:
            yield Span(left, right)
        start = end


def prohibits(lead: str) -> bool:
    """Whether folded words that introduce a list prohibit what it says: 不得含有下列内容:."""
    return bool(_LIST_PROHIBITS.search(lead))


def _pieces(words: str) -> Iterator[Span]:
    for start in range(0, max(1, len(words) - _OVERLAP), SENTENCE - _OVERLAP):
        yield Span(start, min(len(words), start + SENTENCE))


def _found(words: str, rule: Rule, pattern: re.Pattern[str]) -> Span | None:
    for match in pattern.finditer(words):
        if rule.guard and rule.guard.search(words):
            return None
        if not _PROHIBITS.search(words[: match.start()][-40:]) and not _DENOUNCED.match(words, match.end()):
            return Span(*match.span())
    return None


@cache
def built_in_rules() -> Rules:
    """The table that comes with the product."""
    return Rules([_rule(row) for row in table("fair_competition")])


def rules_of(path: Path | None) -> Rules:
    """The rules of a table that takes the place of the built-in one. Raises SettingsError with line and reason."""
    return built_in_rules() if path is None else _read(path, path.stat().st_mtime_ns if path.is_file() else 0)


@cache
def _read(path: Path, _changed: int) -> Rules:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SettingsError(
            f"POLICY_REVIEW_RULES 指向的规则表无法读取：{path}（{error.strerror}）", "请核对文件名；留空则用自带的规则"
        ) from error
    if len(content) > MOST_BYTES:
        raise _refused(path, 1, f"文件超过 {MOST_BYTES // 1_000_000} MB")
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise _refused(path, content[: error.start].count(b"\n") + 1, "不是 UTF-8 编码") from error
    rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    head = next(rows, [])
    missing = [name for name in COLUMNS if name not in head]
    if missing:
        raise _refused(path, 1, f"表头缺少 {'、'.join(missing)} 列")
    rules: dict[str, Rule] = {}
    for number, cells in enumerate(rows, 2):
        if not any(cells):
            continue
        row = dict(zip(head, cells, strict=False))
        reason = "列数与表头不同" if len(cells) != len(head) else _problem(row)
        if row.get("rule_id") in rules:
            reason = f"规则编号 {row['rule_id']} 重复"
        if reason or len(rules) == MOST_RULES:
            raise _refused(path, number, reason or f"规则超过 {MOST_RULES} 条")
        rules[row["rule_id"]] = _rule(row)
    if not rules:
        raise _refused(path, 1, "没有规则")
    return Rules(tuple(rules.values()))


def _refused(path: Path, line: int, reason: str) -> SettingsError:
    return SettingsError(
        f"POLICY_REVIEW_RULES 指向的规则表 {path.name} 第 {line} 行不能使用：{reason}",
        f"须为 UTF-8、以制表符分隔，列为 {'、'.join(COLUMNS)}；可在自带的 fair_competition.tsv 基础上修改",
    )


def _problem(row: dict[str, str]) -> str:
    """Why a row cannot be used; empty where it can."""
    if not _ID.fullmatch(row["rule_id"]):
        return "rule_id 须以字母开头，由字母、数字组成"
    if row["severity"] not in get_args(Severity):
        return f"severity 须为 {'、'.join(get_args(Severity))} 之一"
    unsaid = [name for name in ("name", "basis", "suggestion", "pattern") if not row[name].strip()]
    if unsaid:
        return f"{'、'.join(unsaid)} 为空"
    if not _DAY.fullmatch(row["as_of"]):
        return "as_of 须写成 2026-03 或 2026-03-31，未核对的留空"
    for name in ("pattern", "guard"):
        if row[name] != NEVER and (reason := problem_of(row[name])):
            return f"{name} 列：{reason}"
    if row["pattern"] != NEVER and re.search(folded(row["pattern"]), ""):
        return "pattern 列：表达式能匹配空白，每一句都会命中"
    return ""


def _rule(row: dict[str, str]) -> Rule:
    return Rule(
        id=row["rule_id"],
        severity=cast("Severity", row["severity"]),
        name=row["name"],
        basis=row["basis"],
        source=row["source"],
        as_of=row["as_of"],
        pattern=re.compile(folded(row["pattern"])),
        guard=re.compile(folded(row["guard"])) if row["guard"] else None,
        suggestion=row["suggestion"],
    )
