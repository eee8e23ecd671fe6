"""What a question asks: its kind, and the topics an answer must speak of. No model."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from index.analyzer import tagged
from index.intent import ASKS
from index.quotation import quotation
from ingest.docnumber import find_numbers
from ingest.normalize import fold
from ingest.numerals import chinese_to_int
from ingest.vocabulary import table

Kind = Literal[
    "amount",
    "who",
    "often",
    "when",
    "definition",
    "basis",
    "list",
    "identity",
    "validity",
    "same_file",
    "yes_no",
    "other",
]

# First match wins: a question about 文号 is about identity whatever else it says.
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "identity",
        re.compile(
            r"(?:发文字号|文号|字号)(?:是|为|叫)?(?:什么|多少|几号|哪)|(?:什么|哪个|哪一个)文号|几号文"
            r"|(?:谁|哪个单位|哪个部门)(?:发布?|印发|出台)的|(?:什么时候|哪年|何时)(?:发布?|印发|出台|成文)"
        ),
    ),
    ("basis", ASKS["basis"]),
    (
        "validity",
        re.compile(
            r"(?:还|现在|目前|是否|仍).{0,6}(?:有效|能用|能引用|可以引用|管用|算数|执行)|有没有(?:废止|失效|过期)"
            r"|(?:废止|失效|作废|过期)了?(?:吗|没有|没)|(?:什么时候|何时|哪天|多久)?(?:到期|失效)|有效期"
            r"|(?:什么时候|何时|哪天|从几月)(?:开始)?(?:施行|实施|生效|执行)"
        ),
    ),
    ("definition", re.compile(r"什么(?:叫|是|算)[^，。？?]{2,}|[^，。]{2,}(?:是怎么回事|算什么)")),
    ("definition", ASKS["definition"]),
    ("often", ASKS["often"]),
    # 免几年企业所得税 and 最晚几天内 ask for a term, whatever verb of money or limit stands beside.
    ("when", re.compile(r"(?:几|多少)个?(?:年|月|天|日|小时|工作日|季度)|多久|几月几[号日]|哪几天|什么时候")),
    ("amount", re.compile(r"(?:奖励|奖补|补贴|补助|资助|津贴|贴息)(?:资金|金|款)?(?:是|为|有)?多少")),
    *((kind, ASKS[kind]) for kind in ("amount", "who", "when")),
    (
        "list",
        re.compile(
            r"哪些|哪几|几(?:种|类|项|个|方面)|有什么|什么(?:支持|措施|政策|要求|条件|材料|奖励|优惠|口号)|分别"
        ),
    ),
    ("yes_no", re.compile(r"吗[？?]?$|是否|是不是|能不能|可不可以|有没有|要不要|会不会|行不行|算不算")),
)
_LEVELS = {
    "state": re.compile(r"国家(?:层面|政策|文件|规定)|中央"),
    "province": re.compile(r"省里|省上|全省|我省|本省|省委|省政府|省的"),
    "city": re.compile(r"市里|全市|我市|本市|市委|市政府|市的|市级(?:政策|文件)"),
    "district": re.compile(r"区里|全区|我区|本区|咱们?区|你们区|区的|县里|区级(?:政策|文件)"),
}
_ALL_LEVELS = re.compile(r"省[、和与,，]?市[、和与,，]?(?:区|县)|各级|三级|上下级")
_FORMULA = re.compile(r"[0-9a-zA-Z]+(?:[+＋][0-9a-zA-Z]+)+")  # 1+1+N, 5+1: always a name that some file has to explain
_SAME_FILE = re.compile(r"同一(?:份|个|件)|是不是一(?:份|个|回事)|一样吗|有(?:什么|啥)?(?:区别|不同)")
_QUOTED = re.compile(r"[“\"「『《]([^”\"」』》]{1,40})[”\"」』》]")
_LOCATORS = re.compile(r"第[一二三四五六七八九十百零〇\d]+[章节条款项]|《[^》]*》")
_ARTICLE = re.compile(r"第\s?([一二三四五六七八九十百零〇\d]{1,5})\s?条")
_TITLE = re.compile(r"《[^》]*》")
_FIGURE = re.compile(r"\d+(?:\.\d+)?(?:个?[万亿](?:元)?|年|元|%|家|个|人)?")
_DEFINED = re.compile(
    r"^(?:请问|咱们?区?的?|我们?区?的?|里面的|所谓)*[“\"]?(.{2,20}?)[”\"]?(?:具体|到底|都|究竟)*(?:是|指|叫)(?:的)?(?:什么|啥|哪)"
)
_WHAT_IS = re.compile(r"什么(?:叫做?|是|算)[“\"]?([^，。？?”\"]{2,20})")
_WHAT_ABOUT = re.compile(r"(?:^|[，,\s的])([^，,\s的]{2,12})(?:是怎么回事|算什么)")

# Turns of speech that no answer needs to contain; cut out before the question is split into words.
_FILLER = re.compile(
    r"请问|麻烦|你好|您好|(?:我|我们|咱|咱们|你|你们|本)(?:公司|企业|单位|区里?|市里?|省里?|这边|那边|那里?|这里?)?(?=的|有|是|属|对|在|$)"
    r"|我们|咱们|你们|他们|(?:起草|写)(?:材料|新?政策|文件|条款)?(?:里|时|的时候)?|(?:那|这)(?:一)?(?:部分|块|个|些|份)|一部分|讲了?|方向性"
    r"|可以用|文件[里中]|怎么(?:样|办|做|写|展开写?|体现|规定|算)?|怎样|如何|(?:没有|有没有|(?<![国私公共独所具享没])有(?![毒害效限关机偿色权]))(?:什么|哪些)?|是不是|能不能|可不可以"
    r"|要不要|会不会|行不行|算不算|多少钱?|几(?:个|种|类|项|份|方面)?|哪(?:些|几个?|个|里)?|什么(?:时候|意思|样)?|多(?:久|大|长时间)"
    r"|属于|重视|是否|具体|到底|究竟|一下|一共|分别|关于|对于|现有|现在|目前|需要|应该|可以|能够|都|呢|吗|吧|啊|谁|啥"
)
_TURN_OF_SPEECH = re.compile("什么|哪|谁|怎|多少|能不能|够不够|有没有")  # 要什么条件, 找哪个部门: words of any question
_STOP = frozenset(
    "方面|东西|情况|时候|里面|文件|表述|部分|规定|一年|一次|做法|问题|意思|来说|新员工|重点|朋友|那边|这边|地方|办法|内容|变化|区别|条款|份文件|新员工|同事|给钱|交钱|花钱|拿钱|小时".split(
        "|"
    )
)
GENERIC = frozenset(
    "支持|政策|目标|员工|补贴|津贴|费用|补助|奖励|奖金|奖补|资助|资金|企业|公司|项目|标准|条件|要求|优惠|待遇|金额|钱|措施|方案|办法|区|市|省|产业|工作"
    "|发展|规定|奖|补|算|部门|单位|时间|申请|申报|上限|最高|最高限额|限额|封顶|额度|比例|责任单位|责任部门|主管部门|面积|数量|人数|期限|流程|程序|方式|范围"
    "|对象|材料|地点|原则|目的|目标任务|外地|本地".split("|")
)
GENERIC_WEIGHT = 0.35  # such a word stands in every file, and proves little when it matches
_FEES = frozenset("费税款金证")
_PAYING = frozenset("交缴付收领发")
_NOUNS = frozenset({"本科"})  # a pronoun in jieba's dictionary
ABBREVIATED = 0.7  # 营收 for 营业收入, 公租房 for 公共租赁住房: all characters, up to two others between
VERB_WEIGHT = 0.4  # everyday verbs are the words that official files replace most
NARROW_WEIGHT = 0.6  # related and narrower words of the thesaurus are a weaker sign than the word itself


@dataclass(frozen=True, slots=True)
class Topic:
    """Something the answer must speak of. ``forms``: the word of the question first, then official words, each with the
    weight of a match (0–1); ``weight``: how much the topic counts among the others.
    """

    forms: tuple[tuple[str, float], ...]
    weight: float

    @property
    def word(self) -> str:
        return self.forms[0][0]

    def match(self, text: str) -> float:
        """0–1: how well ``text`` (folded) speaks of it."""
        best = 0.0
        for form, weight in self.forms:
            if weight <= best:
                continue
            if form in text:
                best = weight
            elif len(form) in (2, 3) and form.isalpha() and re.search(".{0,2}".join(form), text):
                best = max(best, ABBREVIATED * weight)
            elif len(form) >= 3 and not (len(form) == 3 and form[-1] in _FEES):  # 注册 says nothing of 注册费
                pairs = [form[i : i + 2] for i in range(len(form) - 1)]
                share = sum(pair in text for pair in pairs) / len(pairs)
                best = max(best, weight * share if share >= 0.5 else 0.0)
        return best


@dataclass(frozen=True, slots=True)
class Question:
    """``term``: what a definition question asks about; ``focus``: the topics of the last part of a follow-up question;
    ``figures``: years and amounts named; ``levels``: levels of government that it speaks of (市里 → city), a hint;
    ``articles``: numbers of the 第X条 named.
    """

    text: str
    kind: Kind
    topics: tuple[Topic, ...]
    term: str | None = None
    focus: tuple[Topic, ...] = ()
    figures: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    articles: tuple[int, ...] = ()


def analyse(text: str) -> Question:
    """Reads a standalone question; parts joined by ；come from the conversation, and the last of them is its focus."""
    parts = [p for p in re.split(r"[；;]", text) if p.strip()]
    kind = _kind(parts[-1] if parts else text)
    if kind in ("other", "yes_no") and len(parts) > 1:
        kind = _kind(parts[0])
    focus = topics(parts[-1]) if len(parts) > 1 else ()
    last = parts[-1] if parts else text
    named = _quoted_term(last) and not _TITLE.search(last)
    if kind in ("list", "other") and (named or _FORMULA.search(last)):
        kind = "definition"
    if kind == "definition" and _ARTICLE.search(last) and not named:  # 第16条说的是什么
        kind = "other"
    term = _term(last) if kind == "definition" else None
    told = topics(text)
    if term and all(topic.word != fold(term).lower() or topic.weight < 1.0 for topic in told):
        told = (Topic(((fold(term).lower(), 1.0),), 1.5), *told)
    return Question(text, kind, told, term, focus, figures(last), _levels(last), articles(last))


def articles(text: str) -> tuple[int, ...]:
    """第五条, 第5条 → 5."""
    return tuple(dict.fromkeys(chinese_to_int(numeral) for numeral in _ARTICLE.findall(fold(text))))


def _levels(text: str) -> tuple[str, ...]:
    if _ALL_LEVELS.search(text):
        return ("province", "city", "district")
    return tuple(level for level, pattern in _LEVELS.items() if pattern.search(text))


def _kind(text: str) -> Kind:
    if _SAME_FILE.search(text) and (len(find_numbers(text)) >= 2 or re.search(r"文件|方案|政策|意见|办法|那个", text)):
        return "same_file"
    return next((kind for kind, pattern in _KINDS if pattern.search(text)), "other")


def _quoted_term(text: str) -> str | None:
    """What stands in quotation marks, unless it is a sentence of a file."""
    found = _QUOTED.search(text)
    return found.group(1) if found and not quotation(found.group(1)) else None


def _term(text: str) -> str | None:
    formula = _FORMULA.search(text)
    if formula:
        return formula.group()
    if quoted := _quoted_term(text):
        return quoted
    found = _WHAT_IS.search(text) or _WHAT_ABOUT.search(text) or _DEFINED.search(text)
    return found.group(1).strip('“”"的 ') if found else None


def topics(text: str) -> tuple[Topic, ...]:
    """Topics of ``text``: quoted terms, then words of the thesaurus (longest first), then the remaining words.

    Figures are no topics: those of the asker (“我们投了3000万元”) stand in no file.
    """
    rest = _LOCATORS.sub("　", _without_numbers(text))
    for pattern in _LEVELS.values():
        rest = pattern.sub("　", rest)
    found: list[Topic] = []
    for quoted in _QUOTED.findall(rest):
        found.append(Topic(((quoted, 1.0),), 1.5))
        rest = rest.replace(quoted, "　")
    for surface in _surfaces():
        if surface in rest:
            generic = surface in GENERIC or _TURN_OF_SPEECH.search(surface)
            # 丧葬补助金 is the name of a thing, 补助金额 is not.
            left = re.sub(f"{re.escape(surface)}(?!金(?!额))", "　", rest) if generic else rest.replace(surface, "　")
            if left == rest:
                continue
            rest = left
            found.append(Topic(_forms(surface), GENERIC_WEIGHT if generic else 1.0 + 0.1 * min(len(surface), 6)))
    rest = _FIGURE.sub("　", _FILLER.sub("　", rest))
    seen = {topic.word for topic in found}
    for word, tag in _compounded(tagged(rest)):
        weight = 1.0 if word in _NOUNS else _weight_of(tag)
        if len(word) < 2 or word in _STOP or word in seen or not weight:
            continue
        seen.add(word)
        found.append(Topic(((word, 1.0),), GENERIC_WEIGHT if word in GENERIC else weight))
    return tuple(found)


SAID = 0.7  # match of a word from which on a text says it; below, it only has something like it


def says(word: str, text: str) -> bool:
    """Whether ``text`` (folded) has the word or an official word for it."""
    return _named(word).match(text) >= SAID


@functools.lru_cache(maxsize=2048)
def _named(word: str) -> Topic:
    return next((topic for topic in topics(word) if topic.word == word), Topic(((word, 1.0),), 1.0))


def _compounded(words: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """搬家费 and 总铜 are names of things, though no dictionary has them."""
    for (word, tag), (after, kind) in pairwise([*words, ("", "")]):
        if len(word) == len(after) == 1 and tag == "b" and kind == "n":
            yield word + after, "n"
        elif word not in _FEES:
            name = word[1:] if word[:1] in _PAYING else word  # 交租金: 租金 is the thing
            yield (name + after, "n") if after in _FEES and tag[:1] in "vn" and len(word) > 1 else (word, tag)


def _weight_of(tag: str) -> float:
    """By part of speech (jieba's tags): names of things count, what is done with them counts less, the rest not at all."""
    if tag[:1] in "njilsbx" or tag in ("vn", "eng", "an"):
        return 1.0
    return VERB_WEIGHT if tag[:1] in "va" else 0.0


def figures(text: str) -> tuple[str, ...]:
    """Years and amounts of the question, as a file would print them (1个亿 → 1亿)."""
    return tuple(
        re.sub(r"个(?=[万亿])", "", figure) for figure in _FIGURE.findall(_LOCATORS.sub("", _without_numbers(text)))
    )


def _without_numbers(text: str) -> str:
    """The folded text with its file numbers blanked out."""
    letters = list(fold(text).lower())
    for number in find_numbers(text):
        letters[number.span.start : number.span.end] = "　" * (number.span.end - number.span.start)
    return "".join(letters)


@functools.cache
def _groups() -> dict[str, tuple[tuple[str, float], ...]]:
    """Surface form → the other forms of its groups with their weights."""
    groups: dict[str, dict[str, float]] = {}
    for row in table("thesaurus.tsv"):
        if row["domain"] == "层级":  # 市里 says where to look, not what for
            continue
        official = [row["canonical"], *filter(None, row["official_variants"].split("|"))]
        weight = 0.9 if row["relation"] == "syn" else NARROW_WEIGHT
        for surface in [*official, *filter(None, row["colloquial"].split("|"))]:
            forms = groups.setdefault(fold(surface).lower(), {})
            for word in official:
                folded = fold(word).lower()
                forms[folded] = max(forms.get(folded, 0.0), weight)
    return {surface: tuple(forms.items()) for surface, forms in groups.items()}


@functools.cache
def _surfaces() -> tuple[str, ...]:
    return tuple(sorted((s for s in _groups() if len(s) >= 2), key=len, reverse=True))


def _forms(surface: str) -> tuple[tuple[str, float], ...]:
    others = tuple((word, weight) for word, weight in _groups()[surface] if word != surface)
    return ((surface, 1.0), *others)
