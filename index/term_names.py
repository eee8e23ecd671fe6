"""The name in front of a definition: how far it reaches to the left, and whether it is one."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ingest.document import Span
from ingest.normalize import fold

LONGEST, LONGEST_SHORT = 30, 16  # characters of a name; of one that only its place makes one
REACH = 90  # … with what stands in brackets behind it and 本办法所称 before it
_CALLED = re.compile(r".*(?:所(?:称|谓|指)(?:的|之)?|第[一二三四五六七八九十百零\d]+[条款项]规定的)")
_QUOTED = re.compile(r'"[^"\n]{1,30}"')
_SEVERAL = re.compile(r'(?:"[^"\n]{1,30}"[、和与及或]?){2,6}')
_LEADING = re.compile(
    r"(?:其中|这里的?|此处的?|上述|文中的?|[前上][款述项]|本[\u4e00-\u9fff]{1,6}中的?|我[国省市区县](?=\")|答|问|注|\*|(?:将|把)(?=.))[, :]{0,1}"
)
_TRAILING = re.compile(r"(?:主要|一般|通常|具体|特|均|就|分别|则|[,: \t-])+$")
_BOUNDS = re.compile(
    r'(?:"?(?:以[上下内外前后]|不[足满超][过]?|超过|低于|高于|不低于|不少于|大于|小于|届满|日|元|年|月)"?[、和与及或]?)+'
)
_NOT_FIRST = re.compile(
    r"(?:其|该|此|这|那|上述|以下|如|若|对(?!外|口|标)|凡|当(?!地|事|量|年)|应(?!急|届|用|收|付|税)|须|在(?!校|职|建|籍|读|线|产|册)|从(?!业|事)|由|按|根据|依|为"
    r"|或|和|与|及|并(?!购|网)|但|也|不(?!动产|良|可抗|合格|予|动|法|正当|饱|透|溶)|可(?!再生|研|行|比|吸|回|持|燃|追|信|转|用)|要(?!约|素)|所(?!有|得)|有的|都|均|主要|具体|之|的|因|除(?!尘|险|冰)|只|仅"
    r"|到(?!期|位|岗)|至|把|将(?!军)|使(?!用|领)|让|给|向|我们?|他|她|它|你|哪|什么|是|分别|认为|规定|鼓励|支持|通过|经(?!济|营|办|费|纪|销|理|办|贸|开)|于|组织(?!者|部)|编制(?!人)|制定|责令|采取|提供|符合|属于|采用|任何|第[一二三四五六七八九十\d]+[条款项个]|本(?:办法|条例|规定|细则|通知|意见|方案|措施|标准|规范|规则|指南|文件|公告|通告|条|款|法|项|章)$)"
)
_NOT_WITHIN = re.compile(
    r"[《》?!。;\n]|应当|不得|可以|必须|是否|按照|根据|或者|以及|[是为]指|有下列|下列|什么|哪些|如何"
)
_NOT_LAST = re.compile(
    r"(?:的|[^同适即实小课工及届定限准到]时|之?后|不|等|了|是|(?<![行作])为|[高掌端所食拇]|即|和|与|及|或|而|者是"
    "|也|都|应|可|内容|方面|规定|意思|含义|解释)$"
)
_SPEAKS = re.compile(r"[\u3007\u4e00-\u9fffA-Za-z]")
_BRACKET = re.compile(r"\(([^()]{1,60})\)")
_ALSO = re.compile(
    r"(?:以下)?(?:简|统|又|也|亦|下)称(?:为|:)?|英文(?:缩写|简称|名称)?(?:为|:)?|(?:缩写|简写)(?:为|:)?|即"
)
_ENGLISH = re.compile(r"(?<=[\u4e00-\u9fff)\"]) *([A-Za-z][A-Za-z0-9 ,.'/()-]{2,60})$")
_STOPS = ",;:。!?\n\t"


@dataclass(frozen=True, slots=True)
class Name:
    """``text`` as printed, without quotation marks; ``called``: 所称 stands before it."""

    text: str
    span: Span
    variants: tuple[str, ...] = ()
    called: bool = False

    def also(self, variant: str | None) -> Name:
        return replace(self, variants=(*self.variants, variant)) if variant else self


def key_of_name(name: str) -> str:
    """What equal names have in common: “1+1+N” and 1＋1＋n."""
    return re.sub(r'[\s"\'“”‘’]', "", fold(name)).lower()


def are_bounds(names: str) -> bool:
    """以上、以下、以内: words of comparison, which files define together."""
    return _BOUNDS.fullmatch(names.replace(" ", "")) is not None


def names_before(text: str, plain: str, start: int, at: int, short: bool) -> tuple[Name, ...]:
    """The names (“红闪光灯”、“绿闪光灯”) that end before ``at``, not reaching left of ``start``; mostly one, or none.

    ``short``: nothing but its place tells that it is a name.
    """
    end = at
    while end > start and plain[end - 1] in " ,:\t-":
        end -= 1
    if at - end > 3 or end == start:
        return ()
    left = left_of(plain, start, end)
    called = _CALLED.match(plain[left:end])
    if called:
        left += called.end()
    spans = [Span(left, end)]
    if _SEVERAL.fullmatch(plain[left:end]):
        spans = [Span(left + m.start(), left + m.end()) for m in _QUOTED.finditer(plain[left:end])]
    names = [read_name(text, span, certain=called is not None) for span in spans]
    return tuple(
        replace(name, called=called is not None)
        for name in names
        if name and not (short and len(name.text) > LONGEST_SHORT)
    )


def left_of(plain: str, start: int, end: int, reach: int = REACH) -> int:
    """Where the words that end at ``end`` begin: behind the last stop that is not in brackets or quotation marks."""
    at, least = end, max(start, end - reach)
    while at > least:
        char = plain[at - 1]
        pair = {")": "(", '"': '"'}.get(char)
        if char in _STOPS:
            break
        if pair:
            opening = plain.rfind(pair, least, at - 1)
            if opening < 0 or re.fullmatch(r"\([一二三四五六七八九十\d]{1,3}\)", plain[opening:at]):
                break
            at = opening
        elif char == "(":
            break
        else:
            at -= 1
    return at


def read_name(text: str, span: Span, certain: bool = False) -> Name | None:
    """The words of the span as a name; ``None`` where they are none. ``certain``: 所称 or quotation marks say that they are."""
    raw = fold(span.of(text))
    start, end = 0, len(raw)
    while (lead := _LEADING.match(raw, start)) and lead.end() < end:
        start = lead.end()
    if tail := _TRAILING.search(raw, start):
        end = tail.start()
    variants: list[str] = []
    while (end > start) and (match := _last_bracket(raw, start, end)):
        inner = _ALSO.sub("", match[1], count=1).strip(' "')
        if _SPEAKS.search(inner) and len(inner) <= LONGEST and not re.search(r"[,。;]|[含注]", inner):
            variants.append(inner)
        end = match.start()
    if english := _ENGLISH.search(raw, start, end):
        variants.append(english[1].strip())
        end = english.start()
    certain = certain or _QUOTED.fullmatch(raw, start, end) is not None
    if certain and raw[start:end].endswith("的"):
        end -= 1
    while start < end and raw[start] in ' "-':
        start += 1
    while end > start and raw[end - 1] in ' "':
        end -= 1
    words = Span(span.start + start, span.start + end)
    name = words.of(text)
    return Name(_unquoted(name), words, tuple(variants)) if _is_name(raw[start:end], certain) else None


def _last_bracket(raw: str, start: int, end: int) -> re.Match[str] | None:
    opening = raw.rfind("(", start + 1, end)
    match = _BRACKET.match(raw, opening, end) if opening > start else None
    return match if match and match.end() == end else None


def _unquoted(name: str) -> str:
    return re.sub('[“”"„]', "", name)


def _is_name(raw: str, certain: bool) -> bool:
    if not 2 <= len(raw) <= LONGEST or not _SPEAKS.search(raw):
        return False
    if certain:
        return not re.search("[《》?!。;\\n]|下列|[是系]指", raw)
    if are_bounds(raw) and raw[:2] in ("以上", "以下", "以内", "以外", "不满", "超过", "不足"):
        return True
    return not (_NOT_FIRST.match(raw) or _NOT_WITHIN.search(raw) or _NOT_LAST.search(raw))
