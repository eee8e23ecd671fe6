"""How people call a file: its title without the issuer, 关于 and 的通知, cut short, misspelt, without 《》.

A question names a file (``find_mentions``) with a word for a kind of file (办法, 条例, 若干政策) and what stands before it: from
the beginning of the phrase, or from a word after which a name can begin (按, 那个, 的). That is compared with the titles of the
library (``Mention.choose``) by the characters that both have in pairs, words that stand in every title left out:

- nearly all that the question says must be in the title, and the kind must be the same: a topic has another kind, or none;
- it says most of the title; or it points at a file (那个, 里, 第五条, 根据) or names a certain kind (管理办法, 条例, not just
  办法), and no other title fits. A 法 must always be called by most of its name: 劳动法 is not 劳动合同法;
- a word for a kind that is in everybody's mouth (规定, 标准) must be pointed at, or much be said of the title; 政策 always;
- where a title is said in full, others that only contain it are not meant.

Otherwise the words are a topic, and it is for the ranking to use titles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from ingest.document import Level
from ingest.normalize import fold
from ingest.numerals import chinese_to_int
from ingest.references import issuer_in_title

SAID = 0.8  # of what the question says must be in the title: one character in five may be wrong
MOST = 0.6  # of a title: from here on it is called by its name
WHOLE = 0.95  # … and from here on by its whole name
# Characters that tell, for a part of a title to name a file: where it points at a certain kind, does one of both, or neither.
FEW, ENOUGH, MANY = 2, 3, 4
MOST_TELLING = 6  # … and where the kind is an everyday word besides
LONGEST = 60  # characters before the kind that may belong to a name
MENTIONS = 4  # names of files that are looked up for one question

# Longer before shorter where one begins the other. 文件 and 新政 stand for every kind.
_SERIES = "政策|措施|意见|规定"
_KIND = re.compile(
    rf"(?:若干)?(?:{_SERIES})+|(?:规划|纲要)+|办法|细则|条例|方案|计划|通知|公告|通告|决定|批复|标准|指南|指引|清单|规则|程序|规程|目录|流程|解读|问答|法典"
    r"|(?<![方办做用算违合执司立守犯枉想说看手语])法(?![律规院人治定官庭学子])|文件"
)
_BASE = re.compile(rf"若干|{_SERIES}|规划|纲要|[\u4e00-\u9fff]+")
_ANY_KIND = frozenset({"文件", "新政", "政策"})
_CERTAIN = frozenset({"若干", "条例", "细则", "法典", "法", "规划", "纲要"})
_MADE_CERTAIN = re.compile(r"(?:实施|指导|管理|暂行|试行|工作|行动|试点|专项|认定|兑现)\Z")
_EVERYDAY = frozenset(
    {"政策", "规定", "标准", "措施", "计划", "流程"}
)  # 补贴政策, 缴费标准: unless pointed at, rather a topic
_VERBS = frozenset({"规定", "决定", "通知"})  # 条例规定…
_LAWS = frozenset({"法", "法典"})

# Words of so many titles that they tell none from another; people leave them out, or say another of them.
_EMPTY = re.compile(
    "中华人民共和国|进一步|若干|实施|加快|加强|加大|促进|推进|推动|支持|扶持|鼓励|优化|强化|深化|完善|规范|健全|全面|深入|大力|切实|有效|建设|发展"
    "|工作|管理|行动|指导|专项|高质量|暂行|试行|有关|相关|开展|做好|关于|印发|转发|政策|新政|办公[厅室]|人民政府|[的和与及对在等]"
)
_GENERIC = re.compile("企业|公司|项目|资金|补贴|补助|奖励|申请|申报|服务|产业|人员|单位|部门|安全|保障")
_UNIT = re.compile(r"[a-z]+|\d+|[\u3400-\u4dbf\u4e00-\u9fff〇]")

_STOP = re.compile(
    r"[^\w\s]|怎么|怎样|如何|什么|哪些|哪个|多少|是否|有没有|能不能|可不可以|请问|咨询|根据|按照|依据|依照|参照|对照|[呢吗吧啊]|第[^条]{1,7}条"
)
_BEGINS = re.compile(
    "关于|那个|这个|那份|这份|那部|我们|公司|知道|了解|一下|出台|印发|发布|下发|公布|执行|适用|符合|违反|落实|贯彻|学习|参考|引用|解读|比较|最新|现行|新版"
    "|国家|[省市区县]里|[我全本][省市区县]|[省市区县]级|[的在对和与及或按看查问想要是有里中该本请帮把给从依照据凭找读新说讲]"
)
_THAT = re.compile("(?:那个|这个|那份|这份|那部)$")  # 双随机那个意见
_POINTING = re.compile(r"那个|这个|那份|这份|那部|该|本|根据|按照|依据|依照|参照|对照|[《\"]")
_AT = re.compile(
    r"\s*(?:[》\"]|里|中|当中|内|上|规定|提到|提出|明确|要求|说|讲|的?第\s?[一二三四五六七八九十百千零〇\d]{1,7}\s?[条章款])"
)
# The file meant is the one that carries out or explains the file named: 条例的实施细则, 若干政策解读.
_SWALLOWED = re.compile(
    "的?(?:政策)?(?:解读|问答)|的?(?:实施|管理|暂行|配套|操作|施行)(?:细则|办法|条例|方案|意见|规定)|的?细则"
)
_LEVELS: tuple[tuple[Level, re.Pattern[str]], ...] = (
    ("state", re.compile("国家(?:的|层面|出台|那个|级)|中央")),
    ("province", re.compile("省[里级]|[我全本]省")),
    ("city", re.compile("市[里级]|[我全本]市")),
    ("district", re.compile("[区县][里级]|[我全本][区县]")),
)
_MARKS = re.compile(r"(?:[(\[【][^)\]】]{1,14}[)\]】]|(?:19|20)\d\d年?版)$")  # （试行）, （2018—2035年）, 2025年版
_ARTICLE = re.compile(r"第([一二三四五六七八九十百千零〇\d]{1,7})条(?:之[一二三四五六七八九十])?$")
_YEAR = re.compile("^(?:19|20)\\d\\d年(?:度)?")
_QUOTED = re.compile("《[^《》]{4,}》")  # found as a reference
_ARTICLES = re.compile(r"第([一二三四五六七八九十百千零〇\d]{1,7})条")
_CARRYING = re.compile(
    "(?:关于)?(?:印发|转发|批转|发布|公布)(?:关于)?|[^《〈]{0,80}?(?:关于(?:印发|转发|批转)|印发(?=[《〈]))"
)
_CARRIER = re.compile("的(?:通知|意见|通告|公告|批复|函|决定)$")
_WRITTEN_OUT = frozenset(
    {"若干", "办法", "细则", "方案", "条例", "指南", "规则", "规程"}
)  # 关于促进…若干措施的通知 is called 若干措施 too
# A character by which names of different files differ is no slip of the pen.
_NO_SLIP = re.compile("[a-z0-9一二三四五六七八九十初高中小大上下前后省市区县东南西北城乡公私国民新旧男女老幼]")

# Short forms that leave characters out of the middle of words.
_SHORT = {
    "环评": "环境影响评价", "招投标": "招标投标", "消保法": "消费者权益保护法", "消法": "消费者权益保护法", "个税": "个人所得税",
    "民诉法": "民事诉讼法", "刑诉法": "刑事诉讼法", "行诉法": "行政诉讼法", "道交法": "道路交通安全法", "交通法": "道路交通安全法",
    "食安法": "食品安全法", "固废法": "固体废物污染环境防治法", "社保法": "社会保险法", "公租房": "公共租赁住房",
    "安责险": "安全生产责任保险", "综保区": "综合保税区", "危废": "危险废物",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a file by which it may be called, as the lexical index keeps it.

    ``whole``: the title; ``name``: without issuer, wrapper and kind; ``core``: the characters of that which tell, without the
    place; ``kinds``: the words for its kind; ``article``: where the document is one article of a file; ``numbers``: canonical.
    """

    whole: str
    name: str
    core: str
    kinds: tuple[str, ...]
    article: int | None
    level: Level | None = None
    numbers: tuple[str, ...] = ()
    issuers: tuple[str, ...] = ()

    @classmethod
    def of(cls, title: str, region: str | None = None) -> Known:
        """What the title tells; ``region``: the place for which the file was issued."""
        whole = _plain(title)
        article = _ARTICLE.search(whole)
        whole = whole[: article.start()] if article else whole
        name, kinds = _name_and_kinds(whole)
        name = _with_law(name, kinds[0] if kinds else "")
        core = name
        for place in _places(region):
            core = core.replace(place, "")
        core = _telling(_YEAR.sub("", core))
        return cls(whole, name, core, kinds, chinese_to_int(article[1]) if article else None)

    @classmethod
    def of_row(cls, row: Sequence[object]) -> Known:
        """From the fields in their order, with lists for tuples, as they come out of JSON."""
        return cls(*(tuple(value) if isinstance(value, list) else value for value in row))


@dataclass(frozen=True, slots=True)
class Mention:
    """A file as a question calls it. ``words``: what stands before the kind, from the longest to the shortest way to read it;
    ``pointed``: the question points at a file; ``quoted``: it stands in 《》; ``articles``: numbers of the articles named.
    """

    words: tuple[str, ...]
    kinds: tuple[str, ...]
    certain: bool = False
    pointed: bool = False
    quoted: bool = False
    level: Level | None = None
    articles: tuple[int, ...] = ()

    @classmethod
    def quoting(cls, title: str, articles: tuple[int, ...] = ()) -> Mention:
        """The file whose title the question quotes in 《》, whole or in part."""
        known = Known.of(title)
        numbers = (known.article,) if known.article else articles
        return cls((known.name,), known.kinds, pointed=True, quoted=True, articles=numbers)

    @property
    def terms(self) -> list[str]:
        """The terms under which ``title_terms`` files the titles that may be meant."""
        return _terms(_telling(self.words[0]), self.kinds, self.articles)

    def choose(self, titles: Sequence[tuple[int, Known]], limit: int) -> list[int]:
        """Keys of the files that are meant; none where the words are a topic, or more than ``limit`` files fit."""
        fits = [(*fit, key) for key, known in titles if (fit := self._fit(known))]
        best = max((said for said, *_ in fits), default=0.0)
        part_of_several = best < MOST and len(fits) > 1
        if not fits or (part_of_several and not self.quoted):
            return []
        fits = [fit for fit in fits if fit[0] >= (WHOLE if best >= WHOLE else min(best, MOST))]
        closest = max(close for _, close, _ in fits)
        keys = [key for _, close, key in fits if close >= closest]
        return keys if len(keys) <= limit else []

    def _fit(self, known: Known) -> tuple[float, float] | None:
        """How much of the title the question says, and how much of what it says is in the title (0–1); ``None`` where it says
        something else, or too little.
        """
        other_level = self.level and known.level and known.level != self.level
        other_article = known.article and self.articles and known.article not in self.articles
        if other_level or other_article or not self._is_kind(known.kinds):
            return None
        whole, core = _near(_units(_telling(known.whole))), _units(known.core)
        for words in self.words:
            units = _units(_telling(words))
            missing = [unit for unit, there in zip(units, _covered(units, whole), strict=True) if not there]
            if len(units) >= 2 and _is_slip(units, missing, whole):
                said = _share(core, _near(units))
                if self._is_enough(said, words, bool(missing)):
                    return said, _share(_units(words), _near(_units(known.whole)))
        return None

    def _is_kind(self, kinds: tuple[str, ...]) -> bool:
        if self.pointed and _ANY_KIND.issuperset(self.kinds):
            return True
        return bool(set(self.kinds) & set(kinds))

    def _is_enough(self, said: float, words: str, slip: bool) -> bool:
        """Whether ``words``, which say so much of a title, can name it."""
        if self.quoted or (said >= MOST and (self.pointed or not _EVERYDAY.issuperset(self.kinds))):
            return True
        if said < MOST and (slip or _LAWS.issuperset(self.kinds)):
            return False
        needed = (MANY, ENOUGH, FEW)[self.pointed + self.certain]
        if _EVERYDAY.issuperset(self.kinds) and not self.pointed:
            if "政策" in self.kinds:
                return False
            needed = MANY if said >= WHOLE else MOST_TELLING
        return len(_units(_GENERIC.sub("", _telling(words)))) >= needed


def title_terms(known: Known) -> list[str]:
    """The terms under which the lexical index files a title."""
    return _terms(_telling(known.whole), known.kinds, (known.article,) if known.article else ())


def find_mentions(text: str) -> tuple[Mention, ...]:
    """Files as ``text`` calls them without 《》, in order; most of them will be no file of the library, but a topic."""
    plain = _QUOTED.sub("《》", _plain(text))
    articles = tuple(dict.fromkeys(chinese_to_int(numeral) for numeral in _ARTICLES.findall(plain)))
    readings = dict.fromkeys((plain, _in_full(plain)))
    found = (mention for reading in readings for mention in _mentions(reading, articles))
    return tuple(islice(dict.fromkeys(found), MENTIONS))


def _mentions(plain: str, articles: tuple[int, ...]) -> Iterator[Mention]:
    end = 0
    for kind in _KIND.finditer(plain):
        before, end = end, kind.end()
        verb = before and before == kind.start() and kind[0] in _VERBS
        if verb or _SWALLOWED.match(plain, end):
            continue
        start = max(0, kind.start() - LONGEST)
        start = max((stop.end() for stop in _STOP.finditer(plain, start, kind.start())), default=start)
        phrase = _THAT.sub("", plain[start : kind.start()])
        begins = dict.fromkeys((0, *(word.end() for word in _BEGINS.finditer(phrase))))
        words = [words for at in begins if len(_units(_telling(words := _with_law(phrase[at:], kind[0])))) >= 2]
        if words:
            yield Mention(
                words=tuple(dict.fromkeys(words)),
                kinds=_bases(kind[0]),
                certain=bool(_CERTAIN.intersection(_bases(kind[0])) or _MADE_CERTAIN.search(phrase)),
                pointed=bool(_POINTING.search(plain, max(0, start - 3), kind.start()) or _AT.match(plain, end)),
                level=next((level for level, pattern in _LEVELS if pattern.search(phrase)), None),
                articles=articles,
            )


def _with_law(words: str, kind: str) -> str:
    """民法典, 刑法 have a single character before the kind, and are known by both."""
    return words + kind if len(_units(_telling(words))) == 1 and _LAWS.issuperset(_bases(kind)) else words


def _in_full(plain: str) -> str:
    for short, full in _SHORT.items():
        plain = plain.replace(short, full)
    return plain


def _name_and_kinds(title: str) -> tuple[str, tuple[str, ...]]:
    """What a title is about, without who issues it and what carries it, and the words for its kind.

    安徽省人民政府关于印发《支持企业发展若干政策（试行）》的通知 → 支持企业发展, (若干, 政策).
    """
    for _ in range(2):  # a notice may forward another body's notice
        title = title[len(issuer_in_title(title)) :]
        carrying = _CARRYING.match(title)
        if carrying:
            title = _CARRIER.sub("", title[carrying.end() :])
            if title[:1] in "《〈" and title[-1:] in "》〉":
                title = title[1:-1]
    name, kinds = _split(title)
    inner, inner_kinds = _split(name.removesuffix("的"))
    return (inner, (*inner_kinds, *kinds)) if _WRITTEN_OUT.intersection(inner_kinds) else (name, kinds)


def _split(title: str) -> tuple[str, tuple[str, ...]]:
    """What stands before the words for the kind, and these."""
    title = _MARKS.sub("", title)
    kind = next((match for match in _KIND.finditer(title) if match.end() == len(title)), None)
    return (title[: kind.start()], _bases(kind[0])) if kind else (title, ())


def _bases(kind: str) -> tuple[str, ...]:
    """若干政策措施 → 若干, 政策, 措施: kinds that share one of these are taken for each other."""
    return ("法典", "法") if kind == "法典" else tuple(_BASE.findall(kind))


def _places(region: str | None) -> Iterator[str]:
    """广东省广州市天河区 → each of its three places, and without 省, 市, 区."""
    for place in re.findall(r".{2,}?(?:自治区|自治州|[省市区县])", _plain(region or "")):
        yield place
        yield place[:-1] if len(place) > 2 else place


def _plain(text: str) -> str:
    return re.sub(r"\s", "", fold(text)).lower()


def _telling(text: str) -> str:
    """The characters of ``text`` that tell one title from another."""
    return "".join(_UNIT.findall(_EMPTY.sub("", text)))


def _units(text: str) -> list[str]:
    return _UNIT.findall(text)


def _terms(telling: str, kinds: Sequence[str], articles: Sequence[int]) -> list[str]:
    return list(
        dict.fromkeys((*map("".join, pairwise(_units(telling))), *kinds, *(f"§{number}" for number in articles)))
    )


def _near(units: Sequence[str]) -> frozenset[tuple[str, str]]:
    """Pairs of neighbours, and of next but one: a wrong character must not take its neighbours with it."""
    return frozenset((*pairwise(units), *zip(units, units[2:], strict=False)))


def _covered(units: Sequence[str], near: frozenset[tuple[str, str]]) -> list[bool]:
    """For each unit, whether it stands in one of the pairs ``near`` together with a neighbour."""
    covered = [False] * len(units)
    for gap in (1, 2):
        for i in range(len(units) - gap):
            if (units[i], units[i + gap]) in near:
                covered[i] = covered[i + gap] = True
    return covered


def _share(units: Sequence[str], near: frozenset[tuple[str, str]]) -> float:
    return sum(_covered(units, near)) / len(units) if units else 0.0


def _is_slip(units: Sequence[str], missing: Sequence[str], whole: frozenset[tuple[str, str]]) -> bool:
    """Whether the units that the title has not (if any) can be slips of the pen: one in five, never two together."""
    if not missing:
        return True
    covered = _covered(units, whole)
    together = any(not a and not b for a, b in pairwise(covered))
    return len(missing) <= (1 - SAID) * len(units) and not together and not any(map(_NO_SLIP.match, missing))
