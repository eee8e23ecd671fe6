"""What somebody says of himself in a chat, as a profile: “我们是做汽车零部件的，去年营收1.2亿，设备投了3000万，能拿什么？”

Only what is said in so many words is filled in; each field comes with the words that it was read from. Figures that are not
exact, of unknown meaning, or said twice differently are left out and named. No model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from ingest.document import Span
from ingest.measures.conditions_numbers import unit_of
from ingest.normalize import fold
from qa.calculation.figures import Input, inputs, shown
from qa.matching.industries import everyday, name_of
from qa.matching.names import figure_key
from qa.matching.places import Line, line_of
from qa.matching.profile import FIGURES, LABELS, STAGES, Figure, Profile, Trait

LONGEST = 1000  # characters of a message that are read


@dataclass(frozen=True, slots=True)
class Understood:
    """One thing that was understood: ``field`` of the profile, ``value`` as it is shown, and the words it was read from."""

    field: str
    value: str
    words: str
    span: Span

    @property
    def label(self) -> str:
        own = self.field.partition(":")
        return own[2] if own[0] == "figures" else LABELS[own[0]]


@dataclass(frozen=True, slots=True)
class Unused:
    """Words that say something of the asker and were not taken over, and why, in Chinese."""

    words: str
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """The profile with what it rests on; ``unused``: what could not be taken over."""

    profile: Profile
    understood: tuple[Understood, ...]
    unused: tuple[Unused, ...]


_PART = re.compile(r"[^,。;:?!、\n]+")
_NOT = re.compile(r"不是|不属于|没有|没|未|还不|并非|不(?=在)|非")
_PLANNED = re.compile(
    r"准备|打算|计划|想|正在申[请报]|申[请报]中|拟|争取|能不能|可不可以|怎么|如何|如果|要是|假如|需要|有哪些|什么|吗|呢"
)
_LAST = re.compile(r"去年|上年度?|上一年度?")
_THIS = re.compile(r"今年|当年|本年度?")
_DEGREES = (("博士", r"博士(?!后|点|工作站)(?:研究生|毕业)?"), ("硕士", r"硕士(?:研究生|毕业)?|研究生(?!院)"), ("本科", r"本科(?:毕业|学历|生)?"),
            ("大专", r"大专|专科"))  # fmt: skip
_I = re.compile(r"我(?!们|区|市|省|国|司|公司|企业|单位|厂)|本人")
_WE = re.compile(r"我们|我(?:公司|司|企业|厂)|本(?:公司|企业|厂)|咱们?(?:公司|厂|企业)|企业|公司|工厂")
_AGE = re.compile(r"(?<!\d)(\d{2})\s?周?岁")
_CLASS = re.compile(r"([A-F])类(?:高层次)?人才")
_TITLES = re.compile(
    r"正高级(?:工程师|职称)?|副高级(?:职称)?|高级工程师|高级技师|首席技师|技师|高级工(?!程)|高级职称|中级职称"
)
_CONTRACT = re.compile(r"(?<!\d)(\d{1,2})年(?:期)?(?:的)?(?:劳动|工作)?合同")
_FULL_TIME = re.compile(r"(?P<no>兼职|柔性|非全职|不是全职)|全职")
_PLACE = re.compile(
    r"(?:[\u4e00-\u9fffxX]{2,3}省|[\u4e00-\u9fff]{2,4}自治区)?(?:[\u4e00-\u9fffxX]{2,4}(?:市|自治州))?(?:[\u4e00-\u9fff]{2,4}(?:区|县|市))?"
)
_AT = re.compile(r"(?:注册地?在|落户在?|位于|就在|开在|在|是)(?=[\u4e00-\u9fffxX]{2,10}[省市区县])")
_NO_PLACE = re.compile(
    r"[我本全咱你该各外]|社区|园区|小区|地区|景区|城区|市区|厂区|校区|片区|开发区|高新区|新区|城市|门市|上市|超市|夜市|做|是|从|工作|区内"
)
_INDUSTRY = re.compile(
    r"(?:做|从事|生产|制造|搞|经营|主营|主要产品是|属于|是一?家?)(?P<what>[\u4e00-\u9fffA-Za-z、]{2,30})"
)
_QUALIFIED = (
    ("专精特新小巨人", r"(?:国家级)?(?:专精特新)?[“\"]?小巨人[”\"]?(?:企业)?"),
    ("专精特新中小企业", r"(?:省级)?[“\"]?专精特新[”\"]?(?![“\"]?小巨人)(?:中小)?(?:企业)?"),
    ("高新技术企业", r"(?:国家)?高新技术企业|(?:国家)?高企(?!业)"),
    ("科技型中小企业", r"科技型中小企业|科小"),
    ("创新型中小企业", r"创新型中小企业"),
    ("瞪羚企业", r"瞪羚(?:企业)?"),
    ("独角兽企业", r"独角兽(?:企业)?"),
    ("制造业单项冠军", r"单项冠军(?:企业)?"),
    ("省级智能工厂", r"省级智能工厂"),
    ("省级数字化车间", r"省级数字化车间"),
)
_SIZED = (
    ("sizes", "规上工业", r"规(?:模以)?上工业(?:企业)?"),
    ("sizes", "规上服务业", r"规(?:模以)?上服务业(?:企业)?"),
    ("sizes", "规上企业", r"规(?:模以)?上企业"),
    ("scale", "大型企业", r"大型企业"),
    ("scale", "中型企业", r"中型企业"),
    ("scale", "小型企业", r"小型企业"),
    ("scale", "微型企业", r"微型企业"),
    ("scale", "中小微企业", r"中小微(?:企业)?"),
    ("scale", "小微企业", r"(?<!中)小微(?:企业)?"),
    ("scale", "中小企业", r"(?<!科技型)(?<!专精特新)(?<!创新型)中小企业"),
    ("sizes", "初创企业", r"初创(?:型|期)?企业"),
)
_PROJECTS = (("新引进", r"新引进|新落户|新招引"), ("技改", r"技术改造|技改"), ("总部", r"总部(?=企业|项目|落户)"), ("外资", r"外商投资|外资(?=企业|项目)"),
             ("增资扩产", r"增资扩产"))  # fmt: skip
_STAGES = tuple((stage, rf"(?:已经?|刚)(?:竣工)?{stage}|{stage}了") for stage in reversed(STAGES))
_FOUNDED = re.compile(r"((?:19|20)\d{2})年(\d{1,2})月(\d{1,2})日(?:注册)?成立")
_FIRST = re.compile(r"首次(?:认定|获评|通过)|刚(?:刚)?(?:认定|评上|通过|拿到)|新认定")
_AGAIN = re.compile(r"重新认定|复审通过|通过复审")
_FOUNDED_YEAR = re.compile(r"(?:19|20)\d{2}年(?:\d{1,2}月)?(?:注册)?成立")
_ABOUT = re.compile(r"大概|大约|差不多|将近|左右|上下|估计|约|不到|多万|多亿")
_NOT_YET = re.compile(r"打算|准备|想|预计|目标|争取|能不能|能否|会不会|明年|可能")
_STAFF = re.compile(r"员工|职工|从业人员")
_OF_REVENUE = re.compile(r"占(?:比|了|到)?(?:年?营业收入|营收|年?销售收入)")  # 研发费用600万，占营收5%
_NEW_STAFF = re.compile(r"新增(?:加)?(?:的)?(?:就业|员工|职工|用工)")


def understand(message: str, regions: Sequence[str] = ()) -> Reading:
    """``regions``: names of places that the library has files of; they are known for places wherever they stand."""
    message = message[:LONGEST]
    flat = fold(message)
    found = _Found(message)
    _who(found, flat)
    _place(found, flat, regions)
    _person(found, flat)
    _founded(found, flat)
    if found.values.get("kind") != "个人":
        _industries(found, flat)
    for part in _PART.finditer(flat):
        _company(found, flat, part)
    _figures(found, message, flat)
    return found.reading()


class _Found:
    """What has been understood so far."""

    def __init__(self, message: str) -> None:
        self.message = message
        self.values: dict[str, Any] = {}
        self.understood: list[Understood] = []
        self.unused: list[Unused] = []

    def add(self, field: str, value: object, shown_as: str, span: Span, name: str = "") -> None:
        """Fills in a field; the second, different value of one takes both away."""
        key = f"{field}:{name}" if name else field
        words = span.of(self.message)
        if key in self.values and self.values[key] != value:
            before = next(u for u in self.understood if u.field == key)
            self.understood.remove(before)
            self.unused.append(Unused(f"{before.words}、{words}", f"{before.label}说了两个不同的值"))
            self.values[key] = None
        elif key not in self.values:
            self.values[key] = value
            self.understood.append(Understood(key, shown_as, words, span))

    def reading(self) -> Reading:
        plain: dict[str, Any] = {}
        for key, value in self.values.items():
            field, _, name = key.partition(":")
            if value is None:
                continue
            if field == "figures":
                plain[field] = (*plain.get(field, ()), (name, value))
            elif name:
                plain[field] = (*plain.get(field, ()), value)
            else:
                plain[field] = value
        ordered = sorted(self.understood, key=lambda each: each.span.start)
        return Reading(Profile(**plain), tuple(ordered), tuple(self.unused))


def _who(found: _Found, flat: str) -> None:
    """A person says 我 and what he is himself; we, and what a company has, is a company."""
    we, own = _WE.search(flat), _I.search(flat)
    person = next((m for _, p in _DEGREES if (m := re.search(rf"(?:我|本人)(?!们)[^,。;]{{0,6}}(?:{p})", flat))), None)
    person = person or re.search(
        r"(?:我|本人)(?!们)[^,。;]{0,4}\d{2}\s?周?岁|(?:我|本人)(?!们)是[^,。;]{0,6}(?:人才|技师|工程师)", flat
    )
    if person and not re.search(r"我们|我(?:公司|司|厂)|本公司", flat):
        found.add("kind", "个人", "个人", Span(*person.span()))
    elif we and (not own or we.start() <= own.start() or not person):
        found.add("kind", "企业", "企业", Span(*we.span()))


def _place(found: _Found, flat: str, regions: Sequence[str]) -> None:
    known = "|".join(sorted((re.escape(name) for name in regions if len(name) >= 3), key=len, reverse=True))
    named = list(re.finditer(rf"(?:{known})(?:的?[,\s]?(?:{known}))*", flat)) if known else []
    longest = max(
        named, key=lambda match: len(match[0]), default=None
    )  # 云澜市清河区, and 清河区,云澜市, are one place
    said = _said_place(flat)
    if said and (longest is None or said.start <= longest.start() <= longest.end() <= said.end):
        found.add("region", said.of(flat), said.of(flat), said)
    elif longest:
        parts = [line_of(name) for name in re.findall(known, longest[0])]
        levels = [[p.province for p in parts], [p.city for p in parts], [p.local for p in parts]]
        place = "".join(next(filter(None, names), "") for names in levels) or longest[0]
        found.add("region", place, place, Span(*longest.span()))


def _said_place(flat: str) -> Span | None:
    """Where a place is named as one's own: 在广州市天河区."""
    for match in _AT.finditer(flat):
        place = _PLACE.match(flat, match.end())
        words = place[0] if place else ""
        if len(words) >= 3 and not _NO_PLACE.search(words) and line_of(words) != Line():
            return Span(match.end(), match.end() + len(words))
    return None


def _person(found: _Found, flat: str) -> None:
    if found.values.get("kind") != "个人":
        return
    for degree, pattern in _DEGREES:
        if match := re.search(pattern, flat):
            found.add("degree", degree, degree, Span(*match.span()))
            break
    if match := _AGE.search(flat):
        found.add("age", int(match[1]), f"{match[1]}岁", Span(*match.span()))
    if match := _CLASS.search(flat):
        found.add("talent_class", f"{match[1]}类", f"{match[1]}类", Span(*match.span()))
    if match := _TITLES.search(flat):
        found.add("titles", (match[0],), match[0], Span(*match.span()))
    if match := _CONTRACT.search(flat):
        found.add("contract", Figure(Decimal(match[1]), "年"), f"{match[1]}年", Span(*match.span()))
    if match := _FULL_TIME.search(flat):
        found.add("full_time", not match["no"], "否" if match["no"] else "是", Span(*match.span()))


def _company(found: _Found, flat: str, part: re.Match[str]) -> None:
    """What one part of the sentence says of a company; a part that asks or plans says nothing that is so."""
    if found.values.get("kind") == "个人":
        return
    words, start = part[0], part.start()
    named = [("qualifications", name, pattern) for name, pattern in _QUALIFIED]
    named += [("project_kinds", name, pattern) for name, pattern in _PROJECTS]
    for field, name, pattern in (*named, *_SIZED):
        match = re.search(pattern, words)
        if match is None:
            continue
        span = Span(start + match.start(), start + match.end())
        if _PLANNED.search(words):
            found.unused.append(Unused(words, f"是打算、设想或提问，没有当作已是{name}"))
            continue
        held = not _NOT.search(words[: match.start()])
        if field == "scale":
            if held:
                found.add("scale", name, name, span)
            continue
        again = True if _AGAIN.search(words) else False if _FIRST.search(words) else None
        trait = Trait(name, held, again if field == "qualifications" and held else None)
        found.add(field, trait, ("" if held else "不是") + name, span, name)
    for stage, pattern in _STAGES:
        if (match := re.search(pattern, words)) and not _PLANNED.search(words):
            found.add("project_stage", stage, stage, Span(start + match.start(), start + match.end()))
            break


def _founded(found: _Found, flat: str) -> None:
    if match := _FOUNDED.search(flat):
        try:
            day = date(*map(int, match.groups()))
        except ValueError:
            return
        found.add("founded", day, day.isoformat(), Span(*match.span()))
    elif match := _FOUNDED_YEAR.search(flat):
        found.unused.append(Unused(match[0], "成立日期须到日"))


def _industries(found: _Found, flat: str) -> None:
    """What is made, of several things each: 汽车零部件和软件开发."""
    for match in _INDUSTRY.finditer(flat):
        parts = re.finditer(r"[^、和与及]+", match["what"])
        known = [
            (*one, match.start("what") + part.start() + part[0].index(one[1]))
            for part in parts
            if (one := everyday(part[0]))
        ]
        if known:
            words = tuple(dict.fromkeys(word for _, word, _ in known))
            said = "、".join(f"{word}，{name_of(code)}" for code, word, _ in known)
            found.add("industries", words, said, Span(known[0][2], known[-1][2] + len(known[-1][1])))
            return


def _figures(found: _Found, message: str, flat: str) -> None:
    for given in inputs(message):
        figure = given.figure
        if figure.kind not in ("money", "percent", "count", "area"):
            continue
        if figure.kind == "count" and figure.value == 1:  # 一家店, 一条生产线: an article, not a number
            continue
        part = _part_of(flat, figure.span)
        metric, why = _metric(given, part.of(flat), flat[: part.start])
        if why:
            found.unused.append(Unused(part.of(message).strip(), why))
            continue
        key = figure_key(metric)
        unit = unit_of(figure.unit)
        amount = Figure(figure.value, unit, _period(flat, Span(part.start, figure.span.start)))
        value = f"{amount.period}{shown(figure.value, unit)}"
        if key not in FIGURES:
            found.add("figures", amount, value, part, key.removeprefix("figures:"))
        elif FIGURES[key] == unit or (FIGURES[key], unit) == ("元", "USD"):
            found.add(key, amount, value, part)
        else:
            found.unused.append(Unused(part.of(message).strip(), f"单位与{LABELS[key]}不符"))


def _metric(given: Input, words: str, before: str) -> tuple[str, str]:
    """What a figure measures, or why it is not taken over; ``before``: what was said before its part of the sentence."""
    figure = given.figure
    if figure.approximate or _ABOUT.search(words):
        return "", "是约数，须用准确数"
    if figure.comparator:
        return "", "只说了上限或下限，不是准确数"
    if _NOT_YET.search(words[: words.find(figure.printed)]):
        return "", "是打算或设想，没有当作已有的数"
    if figure.kind == "percent" and _OF_REVENUE.search(words) and "研发" in before:
        return "研发费用占比", ""
    if given.metric == "投资":
        return "", "没有说是总投资、固定资产投资还是设备投资"
    if figure.kind == "count" and given.metric in (None, "人数"):
        if figure.unit not in ("人", "名", "位"):
            return "", "没有说是什么数"
        if _NEW_STAFF.search(words):
            return "新增就业人数", ""
        if _STAFF.search(words) and not re.search("招|引进|培训|增", words):
            return "职工人数", ""
        return "", "没有说是职工总数还是新增人数"
    return (given.metric, "") if given.metric else ("", "没有说是什么数")


def _part_of(flat: str, span: Span) -> Span:
    """The part of the sentence that a figure stands in."""
    return next((Span(*m.span()) for m in _PART.finditer(flat) if m.start() <= span.start < m.end()), span)


def _period(flat: str, before: Span) -> str:
    """The year that is said last in front of the figure, in its part of the sentence."""
    words = before.of(flat)
    last, this = (max((m.start() for m in p.finditer(words)), default=-1) for p in (_LAST, _THIS))
    return "" if last == this else "上年度" if last > this else "当年"
