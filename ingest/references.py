"""Files that a text names, and how: 贯彻落实《题名》（文号）, 《旧办法》同时废止, 按照皖政〔2021〕5号文件要求.

Titles are bracket pairs, matched with a stack in one pass; numbers come from ``docnumber``. The relation is the nearest verb in the
same part of the sentence, before or behind; it holds for a whole enumeration.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from ingest.docnumber import find_numbers
from ingest.document import DocumentNumber, Reference, Relation, Span

_LONGEST_TITLE = 200
_LONGEST_KEYED = 400  # a heading may be longer than a citation; nothing is gained by reading further
_LEFT_REACH, _RIGHT_REACH = 40, 80

_PARTNERS = {"》": "《", "〉": "〈", ">": "<", "＞": "＜"}
_BRACKETS = re.compile("[《》〈〉<>＜＞]")
_NOTE = re.compile(r"\s?[（(](?:[^（()）\n]|[（(][^（()）\n]{0,20}[）)]){0,80}[）)]")
_ALIAS = re.compile(
    r"(?:简称|统称)\s?(?:为|：)?\s?[“\"‘「]?《?(?P<alias>[^“”\"‘’「」《》（）()，,；;]{2,30})[》”\"’」]"
)
_BEFORE_ALIAS = re.compile(r"(?:简称|统称)\s?为?\s?[“\"‘「]?\Z")
_NUMBER_THEN_TITLE = re.compile(r"\s{0,2}(?:文件|文)?\s{0,2}")
_UNMARKED_TITLE = re.compile(
    r"关于[^。；;\n《》（()）]{4,80}(?:通知|意见|决定|公告|通告|批复|函|办法|规定|方案|措施|政策)\s?[（(]\s?\Z"
)
_END_OF_NOTE = re.compile(r"[^（()）\n]{0,40}[）)]")
# The file's own number: a line of its own, perhaps with a label or with 签发人 behind.
_OWN_LINE_BEFORE = re.compile(
    r"(?:\A|\n)[^\S\n]*[（(\[【]?\s?(?:(?:发\s?文\s?字\s?号|文\s?号|文件编号)\s?[:：]?)?[^\S\n]*\Z"
)
_OWN_LINE_AFTER = re.compile(r"[^\S\n]*[）)\]】]?[^\S\n]*(?:签发人[^\n]*)?(?:\n|\Z)")
_NEXT_ON_LINE = re.compile(r"[^\S\n]{0,8}[、，,]?[^\S\n]{0,8}")

# Between members of an enumeration; articles may be named in between (《甲》第五条、《乙》).
_ARTICLES = "(?:第[一二三四五六七八九十百零〇0-9]{1,6}[条款项]){0,3}"
_ENUMERATION = re.compile(
    rf"\s?{_ARTICLES}(?:[、，,]?\s?(?:以及|及|和|与|或)?|(?:等|有关|相关)?(?:规定|要求|精神|文件|意见)?(?:、|以及|及|和|与))\s?"
)
_LONGEST_GAP = 24
# A certificate or a form to fill in: printed in 《》, but no file that could be in force.
_FORM = re.compile("(?:证|证书|证明|表|合同|协议书?|[知诺请定备准]书|回执|记录簿?|执照|卡)\\Z")
_PART_END = re.compile(r"[。；;\n]")
_VERB_AND_BREAK = re.compile("(?<=印发|转发|批转|发布|公布|修改|废止|贯彻|落实|根据|依据|按照)\n\\Z")
_NOT_IN_TITLE = re.compile("[。；;]")
# Verbs in front of a title; at one place the longest is tried first (停止执行 before 执行).
_VERBS: tuple[tuple[Relation, str], ...] = (
    ("repeals", "废止(?![的后])|停止执行|不再执行|不再适用|终止执行"),
    ("extends", "继续执行|继续实施|继续适用|延长|延续"),
    ("supersedes", "替代|取代|代替"),
    ("implements", "贯彻落实|贯彻执行|贯彻|落实"),
    ("based_on", "根据|依据|按照|依照|遵照"),
    ("coordinates", "结合|衔接|对标"),
    ("forwards", "转发|批转"),
    ("amends", "修[订改](?![的后])"),
    ("references", r"参照|参见|详见|对照|执行|适用|(?:^|(?<=[，,、：:\s]))按(?=\s?$)"),
    ("issues", "(?:印发|发布|公布|制定|出台)(?!的)"),
    ("interprets", "解读|解释"),
)
_VERB_BEFORE = re.compile("|".join(f"(?P<{relation}>{words})" for relation, words in _VERBS))
_ENDED = "(?:废止|停止执行|失效|作废|不再执行|终止执行|停止实施)(?!\\s?原?《)"
_BEHIND: tuple[tuple[Relation, re.Pattern[str]], ...] = (
    (
        "partially_repeals",
        re.compile(
            rf"[^。；;，,《]{{0,12}}第[一二三四五六七八九十百0-9、第条款至和]+条[^。；;《]{{0,14}}(?:{_ENDED}|删除)"
        ),
    ),
    (
        "repeals",
        re.compile(
            r"\s?(?:文件|文)?(?:等[一二三四五六七八九十0-9]*(?:件|个)?文件)?(?:[^。；;，,《]{0,4}(?:规定|条款|内容|政策))?[，,]?"
            rf"(?:自[^，,。；;]{{0,14}}起)?[，,]?(?:同时|即行|相应|一并|现已|已)?(?:予以)?{_ENDED}"
        ),
    ),
    # 其他条款继续执行 says that an amendment leaves them alone; nothing is extended.
    (
        "extends",
        re.compile(
            r"(?:(?!其[他余它]|条)[^。；;，,《]){0,8}(?:有效期(?:延长|延续)|继续(?:有效|执行|实施)|延续(?:实施|执行))"
        ),
    ),
    ("amends", re.compile(r"(?:作如下修[改订]|进行修[改订]|修[改订]如下|予以修[改订])")),
    ("issues", re.compile(r"(?:已经[^。；;]{1,20}[，,](?:现)?)?印发给")),
)
_CARRIED_OUT = re.compile(r"\s?(?:等)?(?:有关|相关)?(?:规定|标准|条款)?执行")  # 按照《…》执行 refers, it does not found
_HISTORY = re.compile(
    r"\s?文?(?:第.次)?修[订正改]"
)  # 根据《…的决定》第二次修订: what was done to this file, not its ground
_SPIRIT = re.compile(r"\s?(?:等)?(?:文件)?(?:精神|要求)")

_WRAPPERS: tuple[tuple[Relation, re.Pattern[str]], ...] = (
    ("issues", re.compile("印发|发布")),
    ("forwards", re.compile("转发|批转")),
    ("repeals", re.compile("废止")),
    ("amends", re.compile("修[改订]")),
    ("extends", re.compile("延长|延续|继续")),
    ("details", re.compile("实施|贯彻落实|落实")),
)
_DETAILS = re.compile("实施细则|实施办法|实施意见|实施方案|操作规程|申报指南")

_MARK = re.compile(
    r"[（(\[【](?P<mark>试行|暂行|征求意见稿|(?:19|20)\d{2}年?版?|(?:(?:19|20)\d{2}年)?修[订正改](?:版|本|稿)?|[\d.]+版)[）)\]】]"
)
_SITE_MARK = re.compile(r"^\s*【[^】]{2,8}】")
_ORGAN = r"(?:省委|市委|区委|县委|人民政府|办公厅|办公室|管委会|委员会|领导小组|[局厅部委院行会署](?:等.{1,6}部门)?)"
_ISSUER = re.compile(rf"^[\u4e00-\u9fffxX×*、 ]{{2,80}}?{_ORGAN}\s?(?=(?:关于|印发|转发|批转|发布))")
_PREFIX = re.compile("^(?:关于)?(?:印发|转发|批转|发布|公布)?(?:关于)?")
_CARRIES = re.compile("印发|转发|批转|发布|公布")
_CARRIER = re.compile("的(?:通知|意见|通告|公告|批复|函|决定)$")
_PUNCTUATION = re.compile(r"[^\w]|_")
_FULL_WIDTH = {0xFF01 + i: chr(0x21 + i) for i in range(94)}


@dataclass(frozen=True, slots=True)
class _Title:
    """A title in 《》: where it stands, brackets included, and the titles inside it."""

    span: Span
    text: str
    inner: tuple[Span, ...] = ()


def find_references(text: str) -> tuple[Reference, ...]:
    """Files named in ``text``, in order, with disjoint spans; ``clause_id`` is left to the parser. Time grows with the length only.

    A number without a title is a reference too (``title`` None), unless it stands on a line of its own, as a file's own number
    does. Certificates and forms in 《》 are no files. A short name (以下简称《意见》) becomes the ``alias`` of the title before it.
    Where the text then says only 《意见》, the reference carries that title, its numbers and the alias: their spans are those of
    the definition, and only ``quote`` is what stands there.

    >>> [(r.title, r.numbers[0].canonical, r.relation) for r in find_references("贯彻落实《若干措施》（皖政〔2021〕5号）精神")]
    [('若干措施', '皖政〔2021〕5号', 'implements')]
    """
    return tuple(_with_full_names(_with_relations(text, _citations(text))))


def _titles(text: str) -> list[_Title]:
    """Outermost 《》 pairs. A bracket that is never closed, or not within 200 characters, takes nothing with it."""
    open_brackets: list[tuple[str, int]] = []
    waiting = dict.fromkeys(_PARTNERS.values(), 0)
    pairs: list[tuple[str, Span]] = []
    for match in _BRACKETS.finditer(text):
        partner = _PARTNERS.get(match[0])
        if partner is None:
            open_brackets.append((match[0], match.start()))
            waiting[match[0]] += 1
        elif waiting[partner]:
            while True:
                bracket, start = open_brackets.pop()
                waiting[bracket] -= 1
                if bracket == partner:
                    break
            if 4 <= match.end() - start <= _LONGEST_TITLE and not _NOT_IN_TITLE.search(text, start, match.end()):
                pairs.append((bracket, Span(start, match.end())))
    return _outermost(text, pairs)


def _outermost(text: str, pairs: list[tuple[str, Span]]) -> list[_Title]:
    titles: list[_Title] = []
    for bracket, span in sorted(pairs, key=lambda pair: (pair[1].start, -pair[1].end)):
        if titles and titles[-1].span.contains(span):
            titles[-1] = replace(titles[-1], inner=(*titles[-1].inner, span))
        elif bracket == "《":
            titles.append(_Title(span, _joined(text[span.start + 1 : span.end - 1])))
    return titles


def _joined(title: str) -> str:
    """A title that runs over a line break, in one line."""
    return re.sub(r"\s*\n\s*", "", title)


def _citations(text: str) -> list[Reference]:
    """Titles with their numbers, and numbers alone; relations are still open."""
    numbers = find_numbers(text)
    starts = [number.span.start for number in numbers]
    titled: list[Reference] = []
    for title in _titles(text):
        if _BEFORE_ALIAS.search(text, max(0, title.span.start - 8), title.span.start):
            if titled and titled[-1].alias is None:
                titled[-1] = replace(titled[-1], alias=title.text)
            continue
        floor = titled[-1].span.end if titled else 0
        reference = _titled(text, title, numbers, starts, floor)
        if reference.numbers or not _FORM.search(title.text):
            titled.append(reference)
    used = {number.span.start for reference in titled for number in reference.numbers}
    used |= _own_numbers(text, numbers)
    alone = [_untitled(text, number) for number in numbers if number.span.start not in used]
    return _disjoint(sorted([*titled, *alone], key=lambda reference: reference.span.start))


def _disjoint(references: Sequence[Reference]) -> list[Reference]:
    kept: list[Reference] = []
    for reference in references:
        if not kept or reference.span.start >= kept[-1].span.end:
            kept.append(reference)
    return kept


def _titled(
    text: str, title: _Title, numbers: Sequence[DocumentNumber], starts: Sequence[int], floor: int
) -> Reference:
    """《题名》（文号，以下简称《简称》）, 《题名》文号, or 文号《题名》; nothing before ``floor`` is free to take."""
    start, end = title.span.start, title.span.end
    own: tuple[DocumentNumber, ...] = ()
    alias = None
    while note := _NOTE.match(text, end):
        inside = tuple(numbers[bisect_left(starts, note.start()) : bisect_left(starts, note.end())])
        named = _ALIAS.search(note[0])
        if not inside and not named and not _MARK.fullmatch(note[0].strip()):
            break
        own, alias, end = (*own, *inside), named["alias"] if named else alias, note.end()
    after = bisect_left(starts, end)
    if not own and after < len(numbers) and text[end : starts[after]] in ("", " "):
        own, end = (numbers[after],), numbers[after].span.end
    before = bisect_left(starts, start) - 1
    if (
        not own
        and before >= 0
        and starts[before] >= floor
        and _NUMBER_THEN_TITLE.fullmatch(text, numbers[before].span.end, start)
    ):
        own, start = (numbers[before],), starts[before]
    span = Span(start, end)
    inner = tuple(_joined(text[part.start + 1 : part.end - 1]) for part in title.inner)
    return Reference(title.text, own, None, span, span.of(text), None, inner, _inner_relation(text, title), alias)


def _inner_relation(text: str, title: _Title) -> Relation | None:
    """What the outer file does to the inner: 关于印发〈…〉的通知, 〈…〉实施细则."""
    if not title.inner:
        return None
    first = title.inner[0]
    before = text[title.span.start : first.start]
    relation = next((relation for relation, words in _WRAPPERS if words.search(before)), None)
    return relation or ("details" if _DETAILS.search(text, first.end, title.span.end) else None)


def _untitled(text: str, number: DocumentNumber) -> Reference:
    """按照皖政〔2021〕5号文件, or a title without 《》: 关于印发…的通知(皖政办〔2021〕5号)."""
    span = number.span
    title = _UNMARKED_TITLE.search(text, max(0, span.start - 100), span.start)
    note_end = _END_OF_NOTE.match(text, span.end)
    if title is None or note_end is None:
        return Reference(None, (number,), None, span, span.of(text))
    span = Span(title.start(), note_end.end())
    return Reference(title[0].rstrip("（( \t"), (number,), None, span, span.of(text))


def _own_numbers(text: str, numbers: Sequence[DocumentNumber]) -> set[int]:
    """Starts of the numbers that fill their line, alone or with those of a joint issue: the file's own, not citations."""
    own: set[int] = set()
    line: list[DocumentNumber] = []
    for number, following in zip_longest(numbers, numbers[1:]):
        line.append(number)
        if following and _NEXT_ON_LINE.fullmatch(text, number.span.end, following.span.start):
            continue
        start, end = line[0].span.start, number.span.end
        before, after = text[max(0, start - 30) : start], text[end : end + 60]
        if _OWN_LINE_BEFORE.search(before) and _OWN_LINE_AFTER.match(after):
            own.update(member.span.start for member in line)
        line = []
    return own


def _with_relations(text: str, citations: Sequence[Reference]) -> list[Reference]:
    related: list[Reference] = []
    for citation in citations:
        before = related[-1] if related else None
        joined = before is not None and _enumerates(text, before, citation)
        inherited = before.relation if before and joined else None
        start = max(citation.span.start - _LEFT_REACH, before.span.end if before else 0)
        relation = _behind(text, citation) or inherited or _in_front(text, start, citation)
        related.append(replace(citation, relation=relation))
    for index in range(len(related) - 2, -1, -1):  # 《甲》《乙》同时废止: a verb behind holds for the whole enumeration
        here, following = related[index], related[index + 1]
        reaches_back = following.relation == "repeals" or (here.relation is None and following.relation is not None)
        if reaches_back and _enumerates(text, here, following):
            related[index] = replace(here, relation=following.relation)
    return related


def _with_full_names(references: Sequence[Reference]) -> Iterator[Reference]:
    """Mentions by a short name, with title and numbers of the latest definition above."""
    defined: dict[str, Reference] = {}
    for reference in references:
        full = defined.get(reference.title or "") if not reference.numbers and not reference.alias else None
        if full:
            yield replace(reference, title=full.title, numbers=full.numbers, alias=full.alias)
            continue
        if reference.alias:
            defined[reference.alias] = reference
        yield reference


def _enumerates(text: str, first: Reference, second: Reference) -> bool:
    return second.span.start - first.span.end <= 12 and bool(
        _ENUMERATION.fullmatch(text, first.span.end, second.span.start)
    )


def _in_front(text: str, start: int, citation: Reference) -> Relation | None:
    """The nearest verb in front, in the same part of the sentence."""
    before = text[start : citation.span.start]
    if broken := _VERB_AND_BREAK.search(before):  # 关于印发⏎《…》的通知: a title on two lines
        before = before[: broken.start()]
    part = _PART_END.split(before)[-1]
    verbs = tuple(_VERB_BEFORE.finditer(part))
    behind = text[citation.span.end : citation.span.end + 12]
    if not verbs:
        return "implements" if _SPIRIT.match(behind) else None
    if verbs[-1][0] == "根据" and _HISTORY.match(behind):
        return None
    if verbs[-1][0] in ("按照", "依照") and _CARRIED_OUT.match(behind):
        return "references"
    return verbs[-1].lastgroup  # type: ignore[return-value]


def _behind(text: str, citation: Reference) -> Relation | None:
    """What the words right behind do to it: 《…》同时废止, 《…》第五条停止执行."""
    part = _PART_END.split(text[citation.span.end : citation.span.end + _RIGHT_REACH])[0]
    return next((relation for relation, words in _BEHIND if words.match(part)), None)


def title_key(title: str) -> tuple[str, tuple[str, ...]]:
    """What two printings of one title share, and its version marks (试行, 修订, 2021年修订, 2.0版), which must be equal too.

    The issuer, 关于, a wrapper (关于印发〈…〉的通知: the inner title counts), 的通知 and punctuation are dropped.

    >>> title_key("安徽省人民政府办公厅关于印发《支持企业发展若干政策（试行）》的通知")
    ('支持企业发展若干政策', ('试行',))
    """
    title = title[:_LONGEST_KEYED].translate(_FULL_WIDTH)
    marks: list[str] = []
    while (inner := _wrapped(title)) is not None:
        marks += [mark["mark"] for mark in _MARK.finditer(title.replace(inner, "", 1))]
        title = inner
    marks += [mark["mark"] for mark in _MARK.finditer(title)]
    base = "".join(_MARK.sub("", _SITE_MARK.sub("", title)).split())
    base = _PREFIX.sub("", _ISSUER.sub("", base, count=1), count=1)
    return _PUNCTUATION.sub("", _CARRIER.sub("", base, count=1)).casefold(), tuple(sorted(set(marks)))


def _wrapped(title: str) -> str | None:
    """The title inside a wrapper that only carries it (印发, 转发)."""
    opening = re.search("[《〈<]", title)
    end = max(title.rfind(closing) for closing in "》〉>")
    if opening is None or end <= opening.end() or not _CARRIES.search(title, 0, opening.start()):
        return None
    return title[opening.end() : end]
