"""Questions that files cannot answer, whatever they say, and files that are not held."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.analyzer import tagged
from index.card import DocumentCard
from index.library import Library
from index.query import Query
from ingest.docnumber import find_numbers
from ingest.normalize import fold
from ingest.references import title_key

_OFFICIAL = r"(?:区长|市长|县长|省长|书记|局长|主任|领导|负责人|科长)"
_TAX = r"(?:税收返还|返还税|返税|(?<![口抵])退税|税收奖励|地方留成|先征后返|税收留成)"


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    gap: str


# Each says why no file can be the basis. Order: the more specific first.
_RULES: tuple[_Rule, ...] = (
    _Rule(
        re.compile(
            r"(?:补全|补齐|补上|填上|填全|还原|猜)[^，。]{0,8}(?:年份|文号|字号|号码|日期|数字|x)"
            r"|(?:年份|文号|字号|号码|日期|隐去|x)[^，。]{0,8}(?:补全|补齐|补上|填上|填全|还原|猜)"
            r"|(?:隐去|遮住|打码)[^，。]{0,8}(?:是几|是多少|是哪)"
        ),
        "文号或日期中被隐去的部分，原文没有写出，系统不补全、不猜测。",
    ),
    _Rule(
        re.compile(rf"(?:{_TAX}|(?<![口抵])退[^，。]{{0,4}}税|返还[^，。]{{0,10}}(?:税|留成))"),
        "税收返还、按税收或地方留成退补的做法，库内文件没有这样的条款，也属公平竞争审查禁止的事项，不能提供比例、金额或条款。",
    ),
    _Rule(
        re.compile(
            r"(?:采购|招标|招投标|评分)[^，。]{0,16}(?:本区|本市|本省|本地|区内|外地|外省)[^，。]{0,12}(?:加|优先|限制|排除)"
        ),
        "在采购、招标中偏向本地企业或限制外地经营者，属公平竞争审查禁止的事项，不能代拟。",
    ),
    _Rule(
        re.compile(r"^(?:请)?(?:帮我|替我|给我|帮忙)?(?:写|拟|编|改)(?:一|个|份|条|封|段)"),
        "这里只依据库内文件回答问题，不代写文稿。",
    ),
    _Rule(
        re.compile(r"^(?:请)?(?:帮我|替我|帮忙)(?:写|拟|编|起草|翻译|订|买|查天气)"),
        "这里只依据库内文件回答问题，不代办其他事项。",
    ),
    _Rule(
        re.compile(
            rf"{_OFFICIAL}[^，。]{{0,4}}(?:叫什么|是谁|姓什么|名字|电话|手机|住址|住哪)|谁是[^，。]{{0,8}}{_OFFICIAL}"
        ),
        "这是个人信息，政策文件没有记载。",
    ),
    _Rule(
        re.compile(
            r"(?:明年|后年|将来|以后|未来|今后|下一年|下半年|到期后)[^，。]{0,14}(?:会不会|还会|会|能不能|是否|还有)|会不会(?:延续|延期|取消|调整|涨|降|提高|降低)"
        ),
        "这是对将来的预测，现有文件没有说明，须以届时发布的文件为准。",
    ),
    _Rule(
        re.compile(
            r"(?:能不能|可以|能)?(?:保证|担保|确保|打包票)[^，。]{0,8}(?:拿到|批|通过|享受)|一定能(?:拿到|批|通过)"
        ),
        "能否获批由主管部门审核决定，文件不作保证。",
    ),
    _Rule(
        re.compile(
            r"(?:我|咱们|本公司)[^，。]{0,14}(?:全部|一共|总共|总额|合计|加起来)[^，。]{0,8}(?:补贴|奖励|资金|拿|领|多少)?|(?:补贴|奖励|资金)总额(?:是)?多少"
        ),
        "合计数没有依据：各项支持的条件须逐条核验，不同条款的金额不能直接相加。可以逐项提问。",
    ),
    _Rule(
        re.compile(
            r"实际[^，。]{0,12}(?:多少|几)|(?:完成|落实|兑现|执行)(?:情况|进度|得怎么样|了多少|率)|(?:已经|去年|今年|20\d\d年)[^，。]{0,10}了多少"
        ),
        "文件只写目标和要求，没有实际完成的数字。",
    ),
    _Rule(
        re.compile(
            r"(?:隔壁|邻近|相邻|周边)(?:区|市|县|省|城市)"
            r"|(?:其他|别的|外地)(?:区|市|县|省|城市|地方|地区)[^，。]{0,10}(?:比|高|低|多少|更好)"
        ),
        "库内没有其他地区的文件，无法比较。",
    ),
)

_PLACE = re.compile(r"[^\W\d_a-zA-Z的和与及或里个那这有在是到去给案件从对向把]{2,3}(?:省|市|县|自治区|自治州)")
_NOT_PLACE = re.compile(
    r"城市|上市|超市|股市|省市|门市|全市|我市|本市|各市|全省|我省|本省|全县|市县|你们|我们|咱们|哪|什么|这个|那个|同|外省|外市"
)


def reason(question: str, library: Library, evidence_text: str) -> str:
    """Why the question cannot be answered from any file, in Chinese; empty where it may be."""
    flat = fold(question)
    for rule in _RULES:
        match = rule.pattern.search(flat)
        if match and not _stated(match.group(), evidence_text):
            return rule.gap
    places = "" if evidence_text else "、".join(places_not_held(question, library, ""))
    return f"库内没有{places}的文件。" if places else ""


def _stated(phrase: str, evidence_text: str) -> bool:
    """A file that uses the very words does speak of it (留抵退税 in a tax notice)."""
    return phrase in fold(evidence_text)


def places_not_held(question: str, library: Library, evidence_text: str) -> tuple[str, ...]:
    """Places that the question names and that no file held is about or speaks of."""
    places = [_named(place) for place in _PLACE.findall(question) if not _NOT_PLACE.search(place)]
    if not places:
        return ()
    held = (
        "".join(f"{card.title}{card.region or ''}{''.join(card.issuers)}" for card in library.documents())
        + evidence_text
    )
    return tuple(
        place
        for place in dict.fromkeys(places)
        if place not in held and not any(place[i:] in held for i in range(1, len(place) - 2))
    )


def _named(place: str) -> str:
    """罪福建省 → 福建省: the name of a place that a dictionary knows, where one ends there."""
    known = [word for word, tag in tagged(place) if tag == "ns" and place.endswith(word)]
    return known[0] if known else place


def holds_elsewhere(card: DocumentCard) -> bool:
    """Whether a file may hold in a place that it does not name: it is the state's, or says nothing of level and region."""
    return card.level == "state" or (card.level is None and card.region is None)


def other_places(question: str, library: Library, evidence_text: str) -> str:
    """What has to be said where files that hold everywhere answer a question about a place; empty where none is absent."""
    places = "、".join(places_not_held(question, library, evidence_text))
    return f"库内没有{places}的文件，以下出自其他文件，当地另有规定的从其规定。" if places and evidence_text else ""


def missing_file(query: Query, library: Library) -> str:
    """Names the file that the question is about and that is not held; empty where every named file is held."""
    if not query.titles and not find_numbers(query.text):
        return ""
    cards = library.documents()
    known = {card.document_number for card in cards}
    for number in find_numbers(query.text):
        if not number.masked and number.canonical not in known and not library.named(number.printed):
            return f"库内未收录 {number.printed}，无法说明其内容。"
    keys = [title_key(card.title)[0] for card in cards] if query.titles else []
    for title in query.titles:
        key = title_key(title)[0]
        if len(key) >= 4 and not any(key in held or held in key for held in keys if held):
            return f"库内未收录《{title}》的全文，无法说明其内容。"
    return ""


def is_named(titles: Sequence[str], title: str) -> bool:
    """Whether ``title`` is one of the ``titles`` quoted in a question (either may be the shorter)."""
    key = title_key(title)[0]
    return any(k and (k in key or key in k) for k in (title_key(t)[0] for t in titles))
