"""“租房补贴归谁管，几天办完？”: a question of several kinds about one thing. Each part is answered under its own heading by a clause
that has what it asks for; a part of which no file speaks is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.query import Query
from ingest.normalize import fold
from qa.answer import Sentence
from qa.compose import Composed, cautions, framed, said_of
from qa.evidence import Evidence, Shelf
from qa.question import Question, topics
from qa.subquestion import ask_alone, flat, names

A_PART = 260  # characters of the answer to each part
MOST = 4  # parts answered
TOO_MANY = "一次最多分答四个方面，其余请另行提问。"
FILES = 2  # about the thing, in which a part is looked for again


@dataclass(frozen=True, slots=True)
class _Attribute:
    """``official``: how files put it; ``asks``: how it is asked for; ``says``: what a clause must have to answer, the stronger sign first."""

    name: str
    official: str
    asks: re.Pattern[str]
    says: tuple[re.Pattern[str], ...]


def _attribute(name: str, official: str, asks: str, *says: str) -> _Attribute:
    return _Attribute(name, official, re.compile(asks), tuple(re.compile(pattern) for pattern in says))


_DAY = r"(?:\d+月|\d+日|全年|常年|年度|之日|个月内|期间|截止)"
_APPLY = r"(?:申报|申请|受理|报名|提出|截止)"
_BODY = r"[^，。；]{2,20}(?:局|委|办|中心|部门|厅|机构|政府)"
# First match wins: 什么时候到账 asks for a term of handling before a date.
_ATTRIBUTES = (
    _attribute("不能享受的", "不得享受", r"(?:哪些|什么|哪类|谁)[^，]{0,6}(?:不能|不可以|不得|不予|不给)[^，]*", r"不属于|除外|不得|不适用|不予|不享受"),
    _attribute(
        "办理时限",
        "工作日内办结",
        r"(?:几天|多久|多长时间|几个?工作日|多少天|什么时候|何时|几天内)(?:能|可以|会|内)?(?:办完|办结|办好|到账|拨付|批下来|审完|答复|处理完?|发(?!布|文)|兑现|下来)|办理?时限|公示(?:多久|几天)|(?:要|等)(?:几天|多少天)",
        r"工作日|\d+日内|办结|拨付|之日起\d|当月|次月",
    ),
    _attribute(
        "申报时间",
        "申报时间",
        rf"(?:什么时候|何时|几月|哪天)(?:可以|能|开始)?(?:{_APPLY}|报|办)|{_APPLY}的?(?:时间|期限|窗口期?)|什么时候截止",
        rf"{_APPLY}[^。；]{{0,30}}{_DAY}|{_DAY}[^。；]{{0,30}}{_APPLY}|申报时间",
    ),
    _attribute(
        "责任单位",
        "负责",
        r"归谁管|(?:由|是)?谁(?:来)?(?:负责|管(?!用)|牵头|主管|审批|审核|认定|发(?!布|文)|批|定)|(?:找|归|去|由)?(?:哪个|哪些|什么)(?:部门|单位|局|机构|科室)(?:负责|管|办)?|找谁|责任单位|主管部门|向谁",
        rf"责任单位|牵头|{_BODY}[^，。；]{{0,6}}负责|由{_BODY}",
        rf"向{_BODY}",
    ),
    _attribute(
        "材料",
        "提交下列材料",
        r"(?:要|需要|须)?(?:提交|交|准备|带|提供)?(?:什么|哪些|啥)(?:申请|申报)?(?:材料|资料|证件)",
        r"材料|证明|复印件|申请表|身份证",
    ),
    _attribute("条件", "应当符合下列条件", r"(?:要|需要|有|符合|满足)?(?:什么|哪些|啥)(?:条件|要求|门槛)",
        r"(?:下列|以下)[^。；，]{0,6}条件|应当(?:同时)?(?:符合|具备|满足)|申请条件", r"条件(?!的)|符合(?![^，。；]{0,8}条件)|(?<!不再)具备|应当|以上|的[，,]"),
    _attribute(
        "对象",
        "适用对象",
        r"(?:谁|什么人|哪些(?:人|企业|单位|家庭)|哪类人)(?:才)?(?:能|可以|有资格)?(?:报|申请|享受|领|申报|参加|拿)",
        r"^.{0,14}对[^，。；]{2,40}(?:的|企业|单位|人|项目)|适用于|符合[^，。；]{0,8}条件|(?:支持|补贴|申请)对象(?:：|为|是|包括|分)|申请人[^，。；]{0,10}应当",
        r"具有|的企业|的单位|的人员",
    ),
    _attribute(
        "申办渠道",
        "提出申请",
        r"(?:去|在|到|从|上)?(?:哪里?|哪儿|什么地方|什么平台|哪个(?:网站|平台))(?:可以|能)?(?:报|申请|申报|申领|办理?|领|提交|查)|(?:怎么|如何|咋)(?:申请|申报|申领|办理?|报|领)",
        rf"平台|网站|网址|窗口|登录|小程序|提出申请|向{_BODY}[^，。；]{{0,8}}(?:申请|提出|提交|报送)",
        r"兑现方式|申请程序|免申即享|即申即享",
    ),
    _attribute("面积", "平方米", r"多大(?:面积)?|面积多少|多少平", r"平方米|㎡"),
    _attribute(
        "截止时间",
        "截止时间",
        r"到(?:什么时候|何时|哪一?[年天]|几[年月]|几时)(?:结束|为止|止|截止)?|(?:什么时候|何时|哪一?[年天]|几[年月])(?:结束|到期|为止|完成)",
        r"(?:至|到|截至)20\d\d年|20\d\d年(?:\d+月)?(?:\d+日)?[底末]?(?:以?前|为止|止|结束)|有效期",
    ),
    _attribute(
        "数量",
        "个",
        r"(?:要|选|选择|选取|建|建设|设|设立|培育|招|招收|认定|评选?|遴选|有)?(?:多少|几)(?:个(?!工作日|月|小时|点)|家|所|座|批|辆|台)",
        r"\d+\s*(?:个(?!工作日|月|小时|百分)|家|所|座|批|辆|台)|[一二三四五六七八九十百]+(?:个(?!工作日|月|小时)|家|所|座|批)",
    ),
    _attribute(
        "期限",
        "期限",
        r"(?:有效期|期限|最长|能|可以|要)?(?:住|发|领|享受|贷|用|是)?(?:多久|多长时间|多长|几年|几个月|多少年|多少天)",
        r"\d\s*(?:年(?!度|\d|以上)|个月|个工作日|日内)|[一二三四五六七八九十]+(?:年|个月)|长期",
    ),
    _attribute(
        "数额",
        "标准",
        r"(?:能|可以)?(?:奖|补|给|发|领|拿|(?<![补津])贴|报销|(?<!借)贷|罚|交)?多少(?:钱|元)?|几万|几元|(?:标准|额度|比例|利率|上限)(?:是)?(?:多少)?",
        r"\d\s*(?:万|亿|千|百)?元|[%‰]|百分之|\d+(?:万|BP)|不收取|免费|不收费",
    ),
)  # fmt: skip
_SPLIT = re.compile(r"[，,、？?]|(?:以及|还有|和|并且)(?=[^，]{0,8}(?:谁|什么|哪|多|几|怎么|如何))")
_LOOSE = re.compile(
    r"^(?:那么?|又|再|还|都|能|可以|请问|一般|大概|具体|要|需要|是|的|我|我们|想|想问)+"
    r"|(?:的|要|是|都|能|可以|需要|在|去|由|给|一般|大概|具体|从|到|归|每年|每月)+$"
)


@dataclass(frozen=True, slots=True)
class _Part:
    attribute: _Attribute
    thing: str
    text: str


def answer_parts(shelf: Shelf, question: Question, query: Query) -> Composed | None:
    """``None`` where the question asks for one kind only, no part is answered, or one clause has all of it
    and figures of the asker are to be put in.
    """
    parts = _parts(question.text)
    if parts is None:
        return None
    found = _with_the_amount([(part, *_answering(shelf, query, part)) for part in parts[:MOST]])
    answered = [(part, asked, item) for part, asked, item in found if item]
    clauses = {item.clause.id for _, _, item in answered}
    at_once = len(answered) == len(parts[:MOST]) and len(clauses) == 1 and not answered[0][2].row
    if not answered or (at_once and question.figures):  # the asker's figures are calculated by
        return None
    if at_once:  # no headings over what one clause says in one breath
        _, asked, item = answered[0]
        return Composed((*said_of(asked, item), *cautions(shelf, question, [item])))
    said = [sentence for heading, asked, item in _merged(found) for sentence in _said(heading, asked, item)]
    if len(parts) > MOST:
        said.append(framed(TOO_MANY))
    return Composed((*said, *cautions(shelf, question, [item for _, _, item in answered])))


def kinds_asked(text: str) -> tuple[str, ...]:
    """Names of what the question asks for, where it asks for several kinds of one or more things; else nothing."""
    return tuple(part.attribute.name for part in _parts(text) or ())


def _parts(text: str) -> list[_Part] | None:
    """The parts, each with the thing that it is about; ``None`` where there are not two kinds, or no thing is named."""
    if re.search("[；;]", text):  # made whole from the conversation: the last part alone is asked
        return None
    segments = [segment for s in _SPLIT.split(text) if (segment := s.strip(" 。！!"))]
    asked = [next(((a, m) for a in _ATTRIBUTES if (m := a.asks.search(s))), (None, None)) for s in segments]
    if sum(attribute is not None for attribute, _ in asked) < 2:
        return None
    parts: list[_Part] = []
    thing = ""
    for segment, (attribute, match) in zip(segments, asked, strict=True):
        rest = _LOOSE.sub("", segment[: match.start()] + segment[match.end() :] if match else segment).strip("的吗呢")
        own = rest if any(topic.weight >= 1.0 for topic in topics(rest)) else ""
        thing = own or thing
        if attribute and thing:
            parts.append(_Part(attribute, thing, segment if own else f"{thing}{segment}"))
        elif attribute:
            return None
    return parts if len({(part.attribute.name, part.thing) for part in parts}) > 1 else None


def _answering(shelf: Shelf, query: Query, part: _Part) -> tuple[Question, Evidence | None]:
    asked, evidence = ask_alone(shelf, query, f"{part.text}？")
    about = [item for item in evidence if _is_about(part.thing, item)]
    files = tuple(dict.fromkeys(item.document.id for item in about if _is_titled(part.thing, item)))[:FILES]
    item = _having(part, about)
    if item is None and files:  # a file about nothing else says it without naming the thing again
        asked, evidence = ask_alone(shelf, query, f"{part.text}，{part.attribute.official}？", files)
        item = _having(part, evidence)
    return asked, item


def _with_the_amount(
    found: Sequence[tuple[_Part, Question, Evidence | None]],
) -> list[tuple[_Part, Question, Evidence | None]]:
    """Who gets an amount, and on what condition, is said where the amount is, if no clause is headed by it."""
    amounts = {part.thing: item for part, _, item in found if item and part.attribute.name == "数额"}
    return [
        (part, asked, amounts[part.thing] if _is_said_with(part, item, amounts.get(part.thing)) else item)
        for part, asked, item in found
    ]


def _is_said_with(part: _Part, own: Evidence | None, amount: Evidence | None) -> bool:
    if part.attribute.name not in ("条件", "对象") or amount is None or (own and _strength(part, own) == 0):
        return False
    return _strength(part, amount) is not None


def _strength(part: _Part, item: Evidence) -> int | None:
    """Which of the signs of an answer the clause has, the strongest first."""
    signs = enumerate(part.attribute.says)
    return next((n for n, says in signs if any(says.search(fold(words)) for words in _words(item))), None)


def _having(part: _Part, about: Sequence[Evidence]) -> Evidence | None:
    """The clause that has what is asked: in force before dead, a clause before a row of a list that only repeats it."""
    having = [(strength, item) for item in about if (strength := _strength(part, item)) is not None]
    best = min(having, key=lambda each: (each[0], each[1].dead, each[1].row is not None), default=None)
    return best[1] if best else None


def _is_about(thing: str, item: Evidence) -> bool:
    """By its own words, or as a clause of a file whose title has the thing."""
    return names(thing, flat("".join([item.clause.heading, *_words(item)])), item.about) or _is_titled(thing, item)


def _is_titled(thing: str, item: Evidence) -> bool:
    return names(thing, flat(item.document.title), item.about)


def _words(item: Evidence) -> list[str]:
    named = (
        [f"{name}：{value}" if name else value for name, value in item.row.pairs(item.document.text)]
        if item.row
        else []
    )
    return [*(part.text for part in item.parts), *named]


def _merged(
    found: Sequence[tuple[_Part, Question, Evidence | None]],
) -> Iterator[tuple[str, Question, Evidence | _Part]]:
    """Headings, with the clause or the part that none answers; parts that one clause answers stand under one heading."""
    several = len({part.thing for part, _, _ in found}) > 1
    done: set[str] = set()
    for part, asked, item in found:
        if item is None:
            yield part.attribute.name, asked, part
        elif item.clause.id not in done:
            done.add(item.clause.id)
            together = [p for p, _, i in found if i and i.clause.id == item.clause.id]
            yield "、".join(dict.fromkeys(p.thing * several + p.attribute.name for p in together)), asked, item


def _said(heading: str, asked: Question, item: Evidence | _Part) -> Iterator[Sentence]:
    if isinstance(item, _Part):
        gap = framed(f"库内没有查到写明“{item.thing}”{item.attribute.name}的条款。")
        yield replace(gap, group=heading)
        return
    used = 0
    for sentence in said_of(asked, item):
        if used and used + len(sentence.text) > A_PART:
            return
        used += len(sentence.text)
        yield replace(sentence, group=heading)
