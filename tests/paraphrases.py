"""True and false sentences made by program from clauses of files: what the proof gate has to pass, and what to stop.

A false sentence differs from a true one by one change of a kind that turns it. ``falsehoods`` keeps only those whose letters
stand nowhere in the passage (so a swap of two equal values, or a change that yields another sentence of the clause, is
no case); a change of a number is kept only where the new number stands nowhere in it. ``paraphrases`` change writing only.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ingest.document import PolicyDocument
from ingest.normalize import fold
from ingest.numerals import find_quantities
from qa.proof import sentences

Maker = Callable[[str, str, random.Random], str | None]
_MARKER = re.compile(
    r"^\s*(?:第[一二三四五六七八九十百]+条|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[)）]|\d{1,2}[.．、](?!\d))[\s　]*"
)
_DEPARTMENT = re.compile(
    r"(?:[区市省县]|国家)(?:发展改革委|经济和信息化局|经信局|科技局|财政局|商务局|人力资源和?社会保障局|人社局|农业农村局"
    r"|住房和?城乡建设局|住建局|卫生健康委|市场监管局|统计局|税务局|教育局|投资促进中心|投资促进局|自然资源局|生态环境局)"
)
_ADDED = ("另给予每人500元补贴", "同时奖励777万元", "并按37%给予贴息", "每户再补助68万元")
DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Case:
    """``original``: the true sentence that ``sentence`` was made from."""

    kind: str
    sentence: str
    passage: str
    original: str


def statements(documents: Sequence[PolicyDocument]) -> list[tuple[str, str]]:
    """(sentence, passage) of every clause that says something with a figure, a limit, a denial or a department."""
    telling = re.compile(r"\d|[一二三四五六七八九十]+(?:年|个|名|万)|不[予得]|最高|应当|可以|[局委]")
    found = []
    for document in documents:
        for clause in document.clauses:
            if clause.kind not in ("body", "annex", "table_row"):
                continue
            for span in sentences(clause.text):
                sentence = _MARKER.sub("", span.of(clause.text).strip())
                if len(sentence) >= 8 and telling.search(sentence):
                    found.append((sentence, clause.text))
    return found


def falsehoods(pairs: Sequence[tuple[str, str]], makers: dict[str, Maker], wanted: int, seed: int) -> list[Case]:
    """About ``wanted`` cases, the kinds in turn, each kind at most once a sentence."""
    return list(_made(pairs, makers, wanted, seed, _differs))


def _differs(case: Case) -> bool:
    if case.kind in CUT_SHORT:
        return len(letters(case.sentence)) >= 6
    return letters(case.sentence) not in letters(case.passage)


def paraphrases(pairs: Sequence[tuple[str, str]], makers: dict[str, Maker], wanted: int, seed: int) -> list[Case]:
    """About ``wanted`` cases, the kinds in turn."""
    return list(_made(pairs, makers, wanted, seed, lambda case: True))


def _made(
    pairs: Sequence[tuple[str, str]], makers: dict[str, Maker], wanted: int, seed: int, kept: Callable[[Case], bool]
) -> Iterator[Case]:
    dice = random.Random(seed)
    queues = {kind: dice.sample(list(pairs), len(pairs)) for kind in makers}
    count = 0
    while queues and count < wanted:
        for kind in list(queues):
            case = _next(kind, makers[kind], queues[kind], pairs, dice, kept)
            if case is None:
                del queues[kind]
            elif count < wanted:
                count += 1
                yield case


def _next(kind, maker, queue, pairs, dice, kept) -> Case | None:
    while queue:
        original, source = queue.pop()
        passage = source
        if kind == "引错条款":
            passage = dice.choice(pairs)[1]
        made = maker(original, passage, dice)
        case = Case(kind, made, passage, original) if made else None
        if case and (made, passage) != (original, source) and kept(case):
            return case
    return None


def letters(text: str) -> str:
    """What is left of a text without punctuation, spaces and widths."""
    return re.sub(r"[\W_]", "", fold(text)).lower()


def _replaced(pattern: str, change: Callable[[re.Match[str]], str]) -> Maker:
    """Changes one match of the pattern, chosen by the dice."""

    def make(sentence: str, passage: str, dice: random.Random) -> str | None:
        found = list(re.finditer(pattern, sentence))
        if not found:
            return None
        match = dice.choice(found)
        return sentence[: match.start()] + change(match) + sentence[match.end() :]

    return make


def _new_number(pattern: str, step: Sequence[float] = (1, 2, 10, -1)) -> Maker:
    """Another number in the place of group 1, one that the passage does not have."""

    def make(sentence: str, passage: str, dice: random.Random) -> str | None:
        found = list(re.finditer(pattern, sentence))
        if not found:
            return None
        match = dice.choice(found)
        old = match.group(1)
        for change in dice.sample(list(step), len(step)):
            new = f"{float(old) + change:g}" if "." in old else str(int(old) + int(change))
            if float(new) > 0 and new not in re.findall(r"\d+(?:\.\d+)?", passage):
                return sentence[: match.start(1)] + new + sentence[match.end(1) :]
        return None

    return make


def _other_digit(sentence: str, passage: str, dice: random.Random) -> str | None:
    found = list(re.finditer(r"(?<![\d.])\d+(?:\.\d+)?", sentence))
    if not found:
        return None
    match = dice.choice(found)
    old = match.group()
    new = dice.choice([old + "0", old[:-1], dice.choice("123456789") + old, old[:-1] + dice.choice("123456789")])
    if not new or float(new) == float(old) or new in re.findall(r"\d+(?:\.\d+)?", passage):
        return None
    return sentence[: match.start()] + new + sentence[match.end() :]


def _swapped_subjects(sentence: str, passage: str, dice: random.Random) -> str | None:
    """The subject of one statement of the clause with what another promises."""
    items = [_MARKER.sub("", s.of(passage).strip()).rstrip("。；;") for s in sentences(passage)]
    halves = [item.split("，", 1) for item in items if "，" in item and re.search(r"\d", item.split("，", 1)[1])]
    mine = next((half for half in halves if sentence.startswith(half[0])), None)
    others = [half for half in halves if mine and half[0] != mine[0] and figures(half[1]) != figures(mine[1])]
    return f"{mine[0]}，{dice.choice(others)[1]}。" if mine and others else None


def _swapped_tiers(sentence: str, passage: str, dice: random.Random) -> str | None:
    """分别给予80万元、25万元 with two of the figures changed about."""
    match = re.search(r"(\d[\d.]*(?:万元|亿元|元|%|％)?)([、，])(\d[\d.]*(?:万元|亿元|元|%|％))", sentence)
    if not match or not re.search("分别|、", sentence[: match.start()]) or figures(match[1]) == figures(match[3]):
        return None
    unit = re.sub(r"[\d.]", "", match[3])
    first = re.sub(r"[^\d.]", "", match[1])
    last = re.sub(r"[^\d.]", "", match[3])
    if first == last:
        return None
    swapped = f"{last}{re.sub(r'[0-9.]', '', match[1])}{match[2]}{first}{unit}"
    return sentence[: match.start()] + swapped + sentence[match.end() :]


def _dropped_condition(sentence: str, passage: str, dice: random.Random) -> str | None:
    """A condition between two commas, or one within the phrase for whom."""
    parts = sentence.split("，")
    inner = [i for i in range(1, len(parts) - 1) if re.search(r"[的后时者]$", parts[i])]
    if inner:
        at = dice.choice(inner)
        return "，".join(parts[:at] + parts[at + 1 :])
    match = re.search(
        r"(?:对|凡)[^，。；]{0,12}?(首次|新认定的?|符合条件的|[^，。；]{0,8}\d[\d.]*[^，。；的]{1,6}以上（?含?）?的?)",
        sentence,
    )
    return sentence[: match.start(1)] + sentence[match.end(1) :] if match else None


def _swapped_department(sentence: str, passage: str, dice: random.Random) -> str | None:
    found = list(_DEPARTMENT.finditer(sentence))
    if not found:
        return None
    match = dice.choice(found)
    others = [name for name in _DEPARTMENTS if match.group()[0] + name not in passage]
    return sentence[: match.start()] + match.group()[0] + dice.choice(others) + sentence[match.end() :]


_DEPARTMENTS = ("商务局", "审计局", "教育局", "民政局", "应急管理局", "水务局")


def _number_in_words(text: str) -> str:
    value = int(text)
    if value >= 10000 or value == 0:
        return text
    said, zero = "", False
    for unit, size in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit, value = divmod(value, size)
        if digit:
            said += ("零" if zero and said else "") + DIGITS[digit] + unit
        zero = not digit
    return re.sub("^一十", "十", said)


def figures(text: str) -> list[tuple[str, float, str]]:
    """Kind, value and unit of each quantity."""
    return [(q.kind, q.value, q.unit) for q in find_quantities(text)]


def _same_figures(maker: Maker) -> Maker:
    """A paraphrase of numbers that reads back to the same values, or none."""

    def make(sentence: str, passage: str, dice: random.Random) -> str | None:
        made = maker(sentence, passage, dice)
        return made if made and figures(made) == figures(sentence) else None

    return make


def _yi(match: re.Match[str]) -> str:
    return f"{int(match[1]) / 10000:g}亿元" if int(match[1]) % 100 == 0 and int(match[1]) >= 1000 else match[0]


def _wan(match: re.Match[str]) -> str:
    return f"{round(float(match[1]) * 10000)}万元"


def _widened(sentence: str, passage: str, dice: random.Random) -> str:
    return sentence.translate({ord(c): chr(ord(c) + 0xFEE0) for c in "0123456789%ABCDE."})


def _mapped(pairs: dict[str, str]) -> Maker:
    return lambda sentence, passage, dice: sentence.translate(str.maketrans(pairs))


def _several(*makers: Maker) -> Maker:
    def make(sentence: str, passage: str, dice: random.Random) -> str | None:
        for maker in makers:
            sentence = maker(sentence, passage, dice) or sentence
        return sentence

    return make


_NUMERALS = _same_figures(
    lambda s, p, d: re.sub(
        r"(?<![\d.,〔])\d{1,4}(?=万?元|亿元|年内|个月|个工作日|名|家|项|亩)", lambda m: _number_in_words(m[0]), s
    )
)
_PERCENT = _same_figures(
    lambda s, p, d: re.sub(r"(?<![\d.])(\d{1,2})[%％]", lambda m: f"百分之{_number_in_words(m[1])}", s)
)
_DATE = lambda s, p, d: re.sub(  # noqa: E731
    r"(20\d\d)年(\d{1,2})月(\d{1,2})日",
    lambda m: (
        "".join(DIGITS[int(c)] for c in m[1]).replace("零", "〇")
        + f"年{_number_in_words(m[2])}月{_number_in_words(m[3])}日"
    ),
    s,
)
_ARABIC = _same_figures(
    _replaced(
        r"(?<![一二三四五六七八九十百第])[一二三四五六七八九](?=年|个月|万元|名|家|个工作日)",
        lambda m: str(DIGITS.index(m[0])),
    )
)
_BRACKETS = _mapped({"（": "(", "）": ")", "〔": "[", "〕": "]", "“": '"', "”": '"'})
_HALF = _mapped({"，": ",", "；": ";", "：": ":", "％": "%"})


def _without_subject(sentence: str, passage: str, dice: random.Random) -> str | None:
    """What one statement promises, without for whom, where another statement of the clause promises another amount."""
    _, comma, promise = sentence.partition("，")
    kinds = {kind for kind, _, _ in figures(promise)} & {"money", "percent"}
    others = [item.of(passage) for item in sentences(passage) if sentence.rstrip("。；") not in item.of(passage)]
    told = re.match("给予|按|最高|一次性|奖励|补助", promise)
    rivals = [
        o
        for o in others
        if re.search("给予|补助|奖励|最高", o) and kinds & {f[0] for f in figures(o.partition("，")[2])}
    ]
    return promise if comma and told and rivals else None


def _without_cap(sentence: str, passage: str, dice: random.Random) -> str | None:
    """An amount that is promised without its cap."""
    kept = re.sub(r"，[^，。；]*(?:最高|不超过|累计|封顶)[^。；]*(?=[。；]|$)", "", sentence)
    return kept if re.search("给予|补助|奖励|补贴|按", kept) and _amounts(kept) else None


def _amounts(text: str) -> set[str]:
    return {kind for kind, _, _ in figures(text)} & {"money", "percent"}


def _joined(sentence: str, passage: str, dice: random.Random) -> str | None:
    """Two statements of the clause cut at their commas and put together crosswise, with a full stop between."""
    items = [_MARKER.sub("", s.of(passage).strip()).rstrip("。；;") for s in sentences(passage)]
    halves = [item.split("，", 1) for item in items if "，" in item]
    mine = next((half for half in halves if sentence.startswith(half[0])), None)
    others = [half for half in halves if mine and half[0] != mine[0] and figures(half[1]) != figures(mine[1])]
    return f"{mine[0]}{dice.choice('。；：')}{dice.choice(others)[1]}。" if mine and others else None


def _another_figure(sentence: str, passage: str, dice: random.Random) -> str | None:
    """A figure of the sentence replaced by another of its kind from the same clause."""
    mine, all_of = find_quantities(sentence), find_quantities(passage)
    pairs = [(q, o) for q in mine for o in all_of if (q.kind, q.unit) == (o.kind, o.unit) and q.value != o.value]
    pairs = [(q, o) for q, o in pairs if re.search(r"[^\d.]$", o.printed)]
    if not pairs:
        return None
    old, new = dice.choice(pairs)
    return sentence[: old.span.start] + new.printed + sentence[old.span.end :]


FALSE: dict[str, Maker] = {
    "数字加减一位": _other_digit,
    "万亿互换": _replaced(r"(?<=\d)[万亿](?=元)", lambda m: "亿" if m[0] == "万" else "万"),
    "年份改动": _new_number(r"(20\d\d)年", (1, 2, 3, -1)),
    "去掉“不”": _replaced(r"不(?=[予得再超低少享纳高])|未(?=[享按发达取列])", lambda m: ""),
    "添上“不”": _replaced(r"(?<!不)(?=给予|可以|纳入|享受|予以|负责|超过)|(?<=应当)", lambda m: "不"),
    "去掉限度": _replaced(r"最高|最低|不超过|不低于|不少于|不高于|以内", lambda m: ""),
    "以上以下互换": _replaced(r"以[上下]", lambda m: "以下" if m[0] == "以上" else "以上"),
    "对象互换": _swapped_subjects,
    "档次互换": _swapped_tiers,
    "引错条款": lambda s, p, d: s,
    "文号改动": _new_number(r"[〔\[]20\d\d[〕\]](\d+)号"),
    "文号年份改动": _new_number(r"[〔\[](20\d\d)[〕\]]", (1, 2, -1)),
    "凭空添数": lambda s, p, d: f"{s.rstrip('。；')}，{d.choice(_ADDED)}。",
    "日期改动": _new_number(r"(\d{1,2})[月日]", (1, 2, 3, -1)),
    "比例改动": _new_number(r"(\d+(?:\.\d+)?)[%％‰]", (1, 5, 10, -1)),
    "单位改动": _replaced(r"(?<=\d)(?:万元|个月|年(?=内)|个工作日|%|平方米|亩|名|家)",
                       lambda m: {"万元": "元", "个月": "年", "年": "个月", "个工作日": "个月", "%": "个百分点", "平方米": "亩",
                                  "亩": "平方米", "名": "家", "家": "名"}[m[0]]),
    "可与应当互换": _replaced(r"可以|应当|可(?=按|向|在|享|予|申)", lambda m: "可以" if m[0] == "应当" else "应当"),
    "去掉条件": _dropped_condition,
    "部门互换": _swapped_department,
    "去掉期间": _replaced(r"一次性|每年|每月|首次|累计|单个项目|每人|连续", lambda m: ""),
}  # fmt: skip

# Invented after the gate stopped all of FALSE. Those of CUT_SHORT are the passage's own words: false by what they leave out.
HELD_OUT: dict[str, Maker] = {
    "丢掉对象": _without_subject,
    "丢掉上限": _without_cap,
    "丢掉例外": _replaced(r"，(?:但|除)[^。；]*(?=[。；]|$)", lambda m: ""),
    "从否定后引起": lambda s, p, d: (m := re.search(r"(?:不予|不得|不再|禁止|探索|鼓励|可以|原则上)(?=[\u4e00-\u9fff]{4})", s)) and s[m.end() :],
    "拼接两项": _joined,
    "换成本条另一数": _another_figure,
    "题名改字": _replaced(r"(?<=[\u4e00-\u9fff]{4})(?:若干|实施|管理|试行|暂行|关于印发|工作|补充)(?=[^《》]*》)", lambda m: ""),
    "级别互换": _replaced(r"国家级|省级|市级|区级", lambda m: {"国家级": "省级", "省级": "国家级", "市级": "区级", "区级": "市级"}[m[0]]),
    "或与并互换": _replaced(r"或者|或|并且|以及|和", lambda m: "并" if "或" in m[0] else "或"),
    "前后互换": _replaced(
        r"(?<=[日月年后前度])(?:之前|之后|以前|以后|前|后)|(?<=[产工设认定签约])[前后]",
        lambda m: m[0].translate(str.maketrans("前后", "后前")),
    ),
    "添上约数": _replaced(r"(?<![\d.一-十])\d+(?:\.\d+)?(?=万元|亿元|%)", lambda m: f"约{m[0]}"),
    "牵头配合互换": _replaced(r"牵头|配合|会同", lambda m: "配合" if m[0] == "牵头" else "牵头"),
    "币种改动": _replaced(r"(?<=[万亿])元", lambda m: "美元"),
    "限度反转": _replaced(r"不低于|不少于|不超过|最高", lambda m: "不超过" if m[0] in ("不低于", "不少于") else "不低于"),
    "含与不含": _replaced(r"（含）|（不含）|(?<!不)含", lambda m: "（不含）" if m[0] == "（含）" else "含" if "不" in m[0] else "不含"),
    "小数点与顿号": _replaced(r"(?<=\d)[.、](?=\d)", lambda m: ""),
    "全额减半": _replaced(r"全额|减半|一半|逐年|分期|等额", lambda m: "减半" if m[0] == "全额" else "全额"),
    "另一主体": _replaced(
        r"制造业企业|工业企业|中小企业|项目单位|申报单位|申报主体|引荐人|博士|硕士|高校|企业|项目",
        lambda m: "个人" if m[0] != "企业" else "机构",
    ),
}  # fmt: skip
CUT_SHORT = frozenset(("丢掉对象", "丢掉上限", "丢掉例外", "从否定后引起"))

TRUE: dict[str, Maker] = {
    "全角数字": _widened,
    "半角标点": _HALF,
    "数字写成汉字": _NUMERALS,
    "百分号写成汉字": _PERCENT,
    "汉字写成数字": _ARABIC,
    "日期写成汉字": _DATE,
    "万元写成亿元": _same_figures(lambda s, p, d: re.sub(r"(?<![\d.])(\d+)万元", _yi, s)),
    "亿元写成万元": _same_figures(lambda s, p, d: re.sub(r"(?<![\d.])(\d+(?:\.\d+)?)亿元", _wan, s)),
    "千位分隔": _same_figures(lambda s, p, d: re.sub(r"(?<![\d.〔])\d{4,}(?=[万元家户名人亩])", lambda m: f"{int(m[0]):,}", s)),
    "括号样式": _BRACKETS,
    "句末标点": lambda s, p, d: s.rstrip("。；;") + d.choice(["", "；", "！", "."]),
    "冒号换逗号": lambda s, p, d: s.replace("：", "，").replace("——", "，"),
    "去掉逗号": _replaced(r"(?<=[的后业目])，(?=[给按一予])", lambda m: ""),
    "添空格": lambda s, p, d: re.sub(r"(?<=[\u4e00-\u9fff])(\d+)(?=[\u4e00-\u9fff])", r" \1 ", s),
    "几句中的一句": lambda s, p, d: s.rstrip("。；") if len(list(sentences(p))) > 2 else None,
    "去掉题名后的文号": lambda s, p, d: re.sub(r"》（[^（）]{2,12}〔20\d\d〕\d+号）", "》", s),
    "套话开头": lambda s, p, d: f"{d.choice(['根据文件规定，', '按照该政策，', '根据规定：'])}{s}",
    "几处同改": _several(_NUMERALS, _PERCENT, _HALF, _BRACKETS),
    "全角加几处": _several(_DATE, _BRACKETS, _widened),
}  # fmt: skip
