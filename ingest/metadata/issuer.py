"""Who issued the file (发文机关)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from ingest.clauses.forms import (
    DATE,
    closes,
    is_authority,
    is_bracketed,
    is_date,
    is_signature,
    printed_without_office,
)
from ingest.docnumber import issuer_of
from ingest.document import DocumentNumber, Span
from ingest.metadata.dates import COVER, NOTE
from ingest.metadata.head import ISSUER_FIELDS, SITE_FIELDS, Head
from ingest.metadata.place import PLACE, contradicts
from ingest.metadata.title import Title
from ingest.normalize import fold

_BODY_END = (
    "中央|军委|人民政府|政府|国务院|委员会|管委会|办公厅|办公室|总局|总署|监察委|法院|检察院|常委会|联席会议|领导小组|指挥部|街道办事处|办事处|党委"
    "|工委|党工委|[部局委厅院署行社办会]|中心|联合会|集团"
)
_BODY = re.compile(rf"[\u4e00-\u9fff×xX·()]{{1,40}}?(?:{_BODY_END})")
_BEFORE_SUBJECT = re.compile(r"(.{2,120}?)(?:关于|印发|转发|批转|发布|公布|对(?=.{2,40}(?:答复|复函)))")
_AND_OTHERS = re.compile(r"等(?:\d{1,2}|[一二三四五六七八九十]{1,3})?(?:个)?(?:部门|单位|委办局|部委)?$")
# 原环境保护部, not 原州区.
_FORMER = re.compile("^原(?![州阳平])")
_SEAL = re.compile(r"[(（](?:盖章|印章|代章|章|印)[)）]")
_SEPARATORS = re.compile(r"[\s、,;]+")
# 中共示例区委示例区人民政府, 某某委办公厅某某政府办公厅, 广州市甲局广州市乙局: names without anything between.
_PARTY_AND_GOVERNMENT = re.compile(r"(中共中央|中共.{1,20}?[省市区县州盟旗]委)(?=国务院|[^办].{0,20}人民政府)")
_OFFICE = re.compile(r"(?<=办公[厅室])(?=.{4})")
_MARK = re.compile(r"([^《》。]{3,40}?) ?文 ?件")
# 2019年9月28日云澜市第十六届人民代表大会常务委员会第二十一次会议通过
_PASSED = re.compile(
    rf"{DATE} ?(?P<body>[\u4e00-\u9fff]{{0,24}}?人民代表大会(?:常务委员会)?)第[^,;。]{{1,12}}会议(?:审议)?通过"
)
_SESSION = re.compile("第.{1,4}届")
_ISSUED_BY = re.compile(r"\(([^(),]{3,40}?)(?:发布|印发|公布|制定)[,)]")


@dataclass(frozen=True, slots=True)
class Issuers:
    """Names in the order printed; where they were read."""

    names: tuple[str, ...]
    span: Span | None
    how: str


def find_issuers(head: Head, title: Title, number: DocumentNumber | None) -> Issuers:
    """Cover of a standard → site field 发文机关 → title → signature → 题注 → order's name → 发文机关标志 → site's 发布机构 → table
    of codes (if unambiguous).
    """
    signature = _in_signature(head)
    for found in (
        _on_cover(head),
        *_in_fields(head, ISSUER_FIELDS),
        _in_title(head, title, signature),
        signature,
        _in_note(head, number),
        _of_order(number),
        _in_mark(head),
        *_in_fields(head, SITE_FIELDS),
        _of_code(title, number),
    ):
        if found and found.names:
            return found
    return Issuers((), None, "")


def split_names(value: str) -> tuple[str, ...]:
    """Names of bodies in a run of text; empty where a part is not the name of a body."""
    names: list[str] = []
    for token in _SEPARATORS.split(_AND_OTHERS.sub("", _SEAL.sub("", value).strip())):
        names += [name for name in _unglued(_FORMER.sub("", _AND_OTHERS.sub("", token))) if name]
    return tuple(names) if names and all(_BODY.fullmatch(fold(name)) for name in names) else ()


def _unglued(token: str) -> Iterator[str]:
    token = _PARTY_AND_GOVERNMENT.sub(r"\1 ", token)
    for part in _OFFICE.sub(" ", token).split(" "):
        yield from _split_at_repeated_place(part)


def _split_at_repeated_place(token: str) -> Iterator[str]:
    """广州市甲局广州市乙局: the second name begins with the place of the first."""
    place = PLACE.match(token)
    # The pattern takes 广州市甲局广州市 for a city in a city.
    prefix = ((place["province"] or "") + (place["city"] or "") or place[0]) if place else ""
    if len(prefix) < 2:
        yield token
        return
    start = 0
    while (at := token.find(prefix, start + len(prefix))) > 0 and _BODY.fullmatch(token[start:at]):
        yield token[start:at]
        start = at
    yield token[start:]


def _in_fields(head: Head, labels: Sequence[str]) -> Iterator[Issuers]:
    for field in head.labelled(*labels):
        yield Issuers(split_names(field.span.of(head.text)), field.span, f"站点字段“{field.label}”")


def _on_cover(head: Head) -> Issuers | None:
    spans = head.cover.issuers if head.cover else ()
    return _on_lines(head, spans, COVER) if spans else None


def _on_lines(head: Head, spans: Sequence[Span], how: str) -> Issuers | None:
    """Names on lines of their own; the span goes from the first name to the last."""
    read = [(span, names) for span in spans if (names := split_names(span.of(head.text)))]
    if not read:
        return None
    names = dict.fromkeys(name for _, names in read for name in names)
    return Issuers(tuple(names), Span(read[0][0].start, read[-1][0].end), how)


def _in_title(head: Head, title: Title, signature: Issuers | None) -> Issuers | None:
    """甲局等4部门关于…: the signature names all of them."""
    match = _BEFORE_SUBJECT.match(title.text or "")
    names = split_names(match[1]) if match else ()
    if not names or not match:
        return None
    if _AND_OTHERS.search(match[1]) and signature and len(signature.names) > len(names):
        return signature
    return Issuers(names, _place_of_names(head, title.span, names), "标题")


def _place_of_names(head: Head, span: Span | None, names: Sequence[str]) -> Span | None:
    """From the first name to the last, where the title prints them without a line break; else the title."""
    if span is None:
        return None
    start = head.text.find(names[0], span.start, span.end)
    last = head.text.rfind(names[-1], span.start, span.end)
    return Span(start, last + len(names[-1])) if 0 <= start <= last else span


def _in_signature(head: Head) -> Issuers | None:
    """Lines above the first date below the text, or the words before the date on the same line."""
    for index, span in enumerate(head.closing):
        line = head.fold(span)
        if not closes(line):
            continue
        begin = index
        same_line = re.sub(f"{DATE}.*", "", line).rstrip(" (") if not is_date(line) else ""
        spans = [Span(span.start, span.start + len(same_line))] if same_line else []
        while begin > 0 and is_signature(head.fold(head.closing[begin - 1])) and _touches(head, begin):
            begin -= 1
            spans.insert(0, head.closing[begin])
        return _on_lines(head, spans, "落款")
    return _in_undated_signature(head)


def _in_undated_signature(head: Head) -> Issuers | None:
    spans = [
        span
        for span, below in zip_longest(head.closing, head.closing[1:])
        if is_authority(head.fold(span)) and not (below and printed_without_office(head.fold(below)))
    ]
    return _on_lines(head, spans, "落款")


def _in_mark(head: Head) -> Issuers | None:
    """发文机关标志: 青禾县财政局文件; of a joint issue the other bodies stand above."""
    for index, span in enumerate(head.above):
        if not (mark := _MARK.fullmatch(head.fold(span))):
            continue
        spans = [Span(span.start, span.start + mark.end(1))]
        for other in reversed(head.above[:index]):
            if not split_names(other.of(head.text)):
                break
            spans.insert(0, other)
        return _on_lines(head, spans, "发文机关标志")
    return None


def _touches(head: Head, index: int) -> bool:
    """No other clause stands between two closing lines."""
    between = head.text[head.closing[index - 1].end : head.closing[index].start]
    return not between.strip()


def _in_note(head: Head, number: DocumentNumber | None) -> Issuers | None:
    for span in head.above:
        line = head.fold(span)
        if not is_bracketed(line):
            continue
        if passed := _PASSED.search(line):
            place = Span(span.start + passed.start("body"), span.start + passed.end("body"))
            return Issuers((_SESSION.sub("", passed["body"]),), place, NOTE)
        if match := _ISSUED_BY.match(line):
            return Issuers(split_names(match[1]), Span(span.start + match.start(1), span.start + match.end(1)), NOTE)
        if number and span.contains(number.span):
            before = head.folded[span.start : number.span.start]
            dated = list(re.finditer(DATE, before))
            if dated and (names := split_names(before[dated[-1].end() :].strip(" 、").removesuffix("令"))):
                names = (*names, *_names_of_order(number))
                return Issuers(names, Span(span.start + dated[-1].end(), number.span.start), NOTE)
    return None


def _of_order(number: DocumentNumber | None) -> Issuers | None:
    names = _names_of_order(number) if number else ()
    return Issuers(names, number.span, "令号") if number and names else None


def _names_of_order(number: DocumentNumber) -> tuple[str, ...]:
    """The code of an order or announcement is the name of its issuer."""
    if number.kind not in ("order", "announce"):
        return ()
    if number.code == "主席令":
        return ("中华人民共和国主席",)
    return split_names(re.sub("(?:令|公告|通告)$", "", number.code))


def _of_code(title: Title, number: DocumentNumber | None) -> Issuers | None:
    rows = issuer_of(number) if number and not number.masked else ()
    if not number or len(rows) != 1 or rows[0].ambiguous or contradicts(title.text, rows):
        return None
    return Issuers((rows[0].name,), number.span if "from_filename" not in number.flags else None, "文号代字推断")
