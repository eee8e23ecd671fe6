"""What a text does to the files it names: the nearest verb in the same part of the sentence, before or behind.

A verb holds for a whole enumeration. Verbs that end or change a file must stand beside it: what others did to a file, what is
planned, or what a neighbouring clause is about changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.document import Effect, Reference, Relation
from ingest.references.lists import FileList, heads_its_line, list_at, verdict

_LEFT_REACH, _RIGHT_REACH = 40, 80

# Articles may be named behind a title: 《甲》第五条、《乙》, 《甲》第五条第二款第（一）项.
_ORDINAL = "[一二三四五六七八九十百零〇0-9]{1,6}"
ARTICLE = (
    rf"第{_ORDINAL}条(?:之[一二三四五六七八九十])?(?:第{_ORDINAL}款)?(?:第?[（(]{_ORDINAL}[）)]项?|第{_ORDINAL}项)?"
)
ARTICLES = rf"(?:{ARTICLE}(?:[、，及和与至]|以及|—|-)?){{1,12}}"
_ORGAN = "[\u4e00-\u9fff、]{0,16}(?:政府|委员会|[省市区县]委|办公[厅室]|[部局厅院署委])"
_KINDS = "(?:法律、?法规|法规|规章|规定|要求|精神|文件|意见|政策|制度|条例)"
_ENUMERATION = re.compile(
    rf"\s?(?:[（(][^（()）\n]{{1,40}}[）)])?(?:{ARTICLES})?"
    rf"(?:[、，,]?\s?(?:以及|及|和|与|或)?|(?:等)?(?:有关|相关)?{_KINDS}{{0,2}}[，,]?(?:、|以及|及|和|与))\s?(?:{_ORGAN})?\s?"
)
_LONGEST_GAP = 60
_PART_END = re.compile(r"[。；;\n]")
_CELL_END = re.compile(r"[。；;\n\t]")
_VERB_AND_BREAK = re.compile("(?<=印发|转发|批转|发布|公布|修改|废止|贯彻|落实|根据|依据|按照)\n+\\Z")
# Verbs in front of a title; at one place the longest is tried first (停止执行 before 执行).
_VERBS: tuple[tuple[Relation, str], ...] = (
    ("repeals", "废止(?![的后])|停止执行|不再执行|不再适用|终止执行"),
    ("extends", "继续执行|继续实施|继续适用|延长|延续"),
    ("supersedes", "替代|取代|代替"),
    ("implements", "贯彻落实|贯彻执行|贯彻|落实|履行|为(?:了)?实施"),
    ("based_on", "根据|依据|按照|依照|遵照|遵循"),
    ("coordinates", "结合|衔接|对标"),
    ("forwards", "转发|批转"),
    ("amends", "修[订改正](?![的后])|删[去除]"),
    ("references", r"参照|参见|详见|对照|执行|适用|按(?![照时月季年期揭日需劳件次类比])"),
    ("issues", "(?:印发|发布|公布|制定|出台)(?!(?:[、和并](?:印发|发布|公布|制定|出台))?的)"),
    ("interprets", "解读|解释"),
)
_VERB_BEFORE = re.compile("|".join(f"(?P<{relation}>{words})" for relation, words in _VERBS))
# A verb is about what comes up to the comma: 按照有关规定，将《…》作为依据.
_ELSEWHERE = re.compile("[，,]")
# What ends, changes or explains a file may be planned, or be what others did.
_DONE: frozenset[str] = frozenset(("repeals", "extends", "supersedes", "amends", "interprets"))
_NOT_DONE = re.compile(
    "(?:[拟未]|不予|正在|抓紧|抓好|适时|研究|尽快|及时|建议|计划|推[动进]|组织|启动|加快|协调|需要?|可|应当?|待|前)(?:对|予以|进行|组织)?\\Z"
)
_BY_OTHERS = re.compile(r"\d{4}年(?:\d{1,2}月)?(?![^，,]*(?:现|本|我))[^。；;]*\Z")
_ENDED = "(?:废止|停止执行|失效|作废|不再执行|终止执行|停止实施)(?!\\s?原?《)"
_BEHIND: tuple[tuple[Relation, re.Pattern[str]], ...] = (
    (
        "amends",
        re.compile(
            rf"\s?中?的?{ARTICLES}(?:中|规定)?[^。；;《]{{0,30}}?(?:(?:修[订改]|改)(?:为|成|如下)|作如下修[订改]|予以修[订改]|删[去除])"
        ),
    ),
    (
        "partially_repeals",
        re.compile(
            rf"(?:[^。；;，,《]{{0,12}}第[一二三四五六七八九十百0-9、第条款至和]+条|\s?中?的?(?:有关|关于|涉及)[^。；;，,《]{{1,30}}(?:规定|条款|内容|政策|标准|部分))"
            rf"[^。；;《]{{0,14}}{_ENDED}"
        ),
    ),
    (
        "repeals",
        re.compile(
            r"\s?(?:文件|文)?(?:等[一二三四五六七八九十0-9]*(?:件|个)?(?:[^。；;，,《]{0,8}(?:文件|规章))?)?(?:[^。；;，,《]{0,4}(?:规定|条款|内容|政策))?"
            rf"[，,]?(?:自[^，,。；;]{{0,14}}起)?[，,]?(?:同时|即行|自行|相应|一并|全文|现已|现|已)?(?:予以|宣布)?{_ENDED}"
        ),
    ),
    # 其他条款继续执行 says that an amendment leaves them alone; nothing is extended.
    (
        "extends",
        re.compile(
            r"(?:有效期至[^。；;，,《]{4,14}[，,])?(?:(?!其[他余它]|条)[^。；;，,《]){0,12}[，,]?(?:有效期限?(?:届满后)?(?:[^。；;，,《]{0,6})(?:延长|延续|顺延)|继续(?:有效|执行|实施|施行|适用)|延续(?:实施|执行|施行)"
            r"|(?:执行|实施|施行)(?:期限?|时间)(?:延长|延续|顺延)|延期(?:至|到|执行|实施))"
        ),
    ),
    ("amends", re.compile(r"\s?(?:等[^。；;，,《]{0,10})?(?:的?部分(?:条款|内容))?(?:现?作如下修[改订正]|进行修[改订](?=[：:。])|修[改订]如下|予以修[改订])")),
    ("supersedes", re.compile(r"\s?(?:由|被)本[^。；;，,《]{1,8}(?:替代|取代|代替)")),
    ("issues", re.compile(r"\s?(?:(?:已经?|业经|业已)[^。；;]{1,40}[，,]\s?)?现?(?:将其)?(?:予以)?(?:印发(?:给|实施|执行|施行|你们)|予公布|公布施行)")),
    ("forwards", re.compile(r"\s?(?:(?:已经?|业经|业已)[^。；;]{1,40}[，,]\s?)?现?(?:将其)?(?:予以)?转发(?:给|你们)")),
)  # fmt: skip
_ONLY_AN_ARTICLE = re.compile(rf"\s?中?的?(?:{ARTICLES})")
_AS_IT_SAYS = re.compile(r"[按依]照[^。；;，,《》\n]{0,10}\Z")
_CARRIED_OUT = re.compile(r"\s?(?:等)?(?:有关|相关)?(?:规定|标准|条款)?执行")  # 按照《…》执行 refers, it does not found
_HISTORY = re.compile(r"\s?文?(?:第.{1,2}次)?修[订正改]")  # 《…的决定》第二次修订: what was done to this file
_SAID_OF_IT = re.compile(r"\s?的(?:批示|批复|修[订改]|建议|请示)")
_SPIRIT = re.compile(r"\s?(?:等)?(?:文件)?(?:精神|要求)")


def with_relations(text: str, citations: Sequence[Reference], lists: Sequence[FileList]) -> list[Reference]:
    """The citations with their relation, where the words tell it; those at the head of a line of a list have the list's."""
    related: list[Reference] = []
    for citation in citations:
        before = related[-1] if related else None
        files = list_at(lists, citation.span.start)
        if files and heads_its_line(text, files, citation.span.start):
            relation, effect = verdict(text, files, citation.span.start)
            behind = _behind(text, citation)
            own = behind is not None and behind != relation
            related.append(replace(citation, relation=behind or relation, effect=Effect() if own else effect))
            continue
        inherited = before.relation if before and _enumerates(text, before, citation) else None
        start = max(citation.span.start - _LEFT_REACH, before.span.end if before else 0)
        relation = _behind(text, citation) or inherited or _in_front(text, start, citation)
        related.append(replace(citation, relation=relation))
    for index in range(len(related) - 2, -1, -1):  # 《甲》《乙》同时废止: a verb behind holds for the whole enumeration
        here, following = related[index], related[index + 1]
        reaches_back = following.relation == "repeals" or (here.relation is None and following.relation is not None)
        if reaches_back and here.relation != "partially_repeals" and _enumerates(text, here, following):
            related[index] = replace(here, relation=following.relation)
    return _carried_out(text, related)


def _carried_out(text: str, related: list[Reference]) -> list[Reference]:
    """按照《甲》及《乙》有关规定执行: said behind the last of an enumeration, it holds for all of it."""
    for last in range(1, len(related)):
        behind = text[related[last].span.end : related[last].span.end + 24]
        if related[last].relation != "based_on" or not _CARRIED_OUT.match(behind):
            continue
        first = last
        while (
            first
            and related[first - 1].relation == "based_on"
            and _enumerates(text, related[first - 1], related[first])
        ):
            first -= 1
        if first < last and _AS_IT_SAYS.search(
            text[max(0, related[first].span.start - 12) : related[first].span.start]
        ):
            related[first : last + 1] = [replace(each, relation="references") for each in related[first : last + 1]]
    return related


def _enumerates(text: str, first: Reference, second: Reference) -> bool:
    gap = second.span.start - first.span.end
    same_cell = gap <= _LONGEST_GAP and "\t" not in text[first.span.end : second.span.start]
    return same_cell and bool(_ENUMERATION.fullmatch(text, first.span.end, second.span.start))


def _in_front(text: str, start: int, citation: Reference) -> Relation | None:
    """The nearest verb in front, in the same part of the sentence."""
    before = text[start : citation.span.start]
    if broken := _VERB_AND_BREAK.search(before):  # 关于印发⏎《…》的通知: a title on two lines
        before = before[: broken.start()]
    part = _PART_END.split(before)[-1]
    behind = text[citation.span.end : citation.span.end + 24]
    if _HISTORY.match(behind) or _SAID_OF_IT.match(behind):
        return None
    verbs = tuple(_VERB_BEFORE.finditer(part))
    if not verbs:
        return "implements" if _SPIRIT.match(behind) else None
    verb = verbs[-1]
    if verb[0] in ("按照", "依照") and _CARRIED_OUT.match(behind):
        return "references"
    return _certain(part, verb, behind)


def _certain(part: str, verb: re.Match[str], behind: str) -> Relation | None:
    """The verb's relation, unless it is not done here, or only to a part of the file."""
    relation: Relation = verb.lastgroup  # type: ignore[assignment]
    if relation == "issues" and _BY_OTHERS.search(part[: verb.start()]):
        return None
    if _ELSEWHERE.search(part, verb.end()) or (relation in _DONE and _NOT_DONE.search(part[: verb.start()])):
        return None
    if relation == "repeals" and _ONLY_AN_ARTICLE.match(behind):
        return "partially_repeals"
    return relation


def _behind(text: str, citation: Reference) -> Relation | None:
    """What the words right behind do to it: 《…》同时废止, 《…》第五条停止执行."""
    part = _CELL_END.split(text[citation.span.end : citation.span.end + _RIGHT_REACH])[0]
    return next((relation for relation, words in _BEHIND if words.match(part)), None)
