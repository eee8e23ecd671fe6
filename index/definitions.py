"""Terms (用语) that a file defines itself, each with the sentence that does so.

本办法所称X，是指…；X指…；“X”，即…；“X”（…）；将…定义为X; and lists headed 名词解释, 用语的含义, 术语和定义. A short name (以下简称X) is
no definition and is told apart. What a file only uses it does not define. Linear in the length of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Literal

from index.term_names import Name, are_bounds, left_of, names_before, read_name
from ingest.document import Clause, PolicyDocument, Span
from ingest.normalize import fold

TermKind = Literal["所称", "是指", "指", "是", "即", "包括", "定义为", "统称", "分述", "释义", "括注", "简称"]

# 指导, 指定, 指标 …: the character belongs to another word; 指定期…, 指标准… may be a definition.
_NOT_POINTING = "(?![导挥令引派向示出数纹认控点望明甲责南使关骨缝尖战教摘]|定(?!期(?![间限])|[向额量点制价])|标(?!准|注|识|的物|明|示|记)|中心)"
_NOT_LEADING = "(?![挥令派南]|导(?!致|游|演)|定(?!期(?![间限])|[向额量点制])|标(?!准|注|识|的物|明|示|记))"
_SAYS = re.compile(
    rf"(?P<is>(?:主要|一般|通常|具体|就|即|均|分别|特|泛|统)*(?:[是系]指{_NOT_LEADING}|指的是|[特泛专]指{_NOT_POINTING}))|(?P<points>指){_NOT_POINTING}"
)
_NAME = r'(?P<name>(?:"[^"\n]{1,30}"|\([^()\n]{0,40}\)|[^,。;:"()\n\t]){1,40}?)'
_CALLED = re.compile(
    rf'所(?:称|谓)(?:的|之)?{_NAME}[, ]?(?P<verb>均?(?:不?包[括含]|不?含)|(?<=[,"])即为?(?![将日使便时刻])|(?<![行作认])为(?!了|主|具体)|是(?!指|否)|由)'
)
_QUOTED = re.compile(
    r'"(?P<name>[^"\n]{1,30})"(?P<rest>[^,。;:"()\n\t]{0,8})(?P<verb>,即(?![将日可使便时刻])|即[:"]|(?:主要)?包括|\((?P<gloss>[^()\n]{4,80})\))'
)
_BRACKETED = re.compile(r"(?:(?<=\")\(即|\((?:指|[是系]指))[^()\n]{3,120}\)")
_DEFINED = re.compile(r"(?P<as>(?:定义|界定|界定义)为)|的定义(?:[为是:]|如下)")
_SUM = re.compile(r"是(?:对)?[^。;:\n]{2,60}?(?:统称|总称|合称|简称|概括)")
_IS = re.compile(r'"(?P<name>[^"\n]{2,20})"是(?:一[种类项个]|以[^。\n]{4,200}?的|由[^。\n]{2,100}?(?:组成|构成))')
# “1+1+N”产业体系。其中，第一个“1”为节能环保首位产业，第二个“1”为…
_PARTS = re.compile(
    r'"(?P<name>[^"\n]{2,20})"(?P<rest>[^。;:"()\n]{0,20})[。:](?:其中[,:]?)?(?=第一个"[^"\n]{1,10}"[是为指])'
)
_KIND_OF = re.compile(
    r"(?P<name>[^,。;:\"()\n是为不]{2,16})是(?![指否我])(?:(?!的,)[^。;:\n]){6,200}?的(?P<head>[\u4e00-\u9fff]{2,6})(?=[。;]|$)"
)
_HEADS = frozenset(("组织", "行为", "权利", "制度", "协议", "法人", "活动", "机制", "模式"))
_SHORT = re.compile(
    r'(?:(?:以下|下)[统简合并通均]{0,2}|(?<=\()[统简合并])称(?:作|为|:)?(?:"(?P<quoted>[^"\n]{2,20})"|(?P<bare>[^"()《》,。;:、\n]{2,30})(?=[),。;、]|或))'
)
_FILE_BEFORE = re.compile(r"》(?:\([^()\n]{0,60}\)){0,3}[(,]?[^()\n]{0,40}$")
LONGEST_FULL = 200  # characters of what a short name stands for
_HAS_CUE = re.compile(r'指|第一个"|所[称谓]|即|包括|定义|界定|称|概括|"[^"\n]{0,40}\(')
_SENTENCE = re.compile(r"[^。！？!?\n]*[。！？!?\n]?[”』」）)]*")
_ANSWER = re.compile(r"\s*(?:答|问):")
_MARKER = re.compile(
    r"[#\s]*(?:第[零〇一二三四五六七八九十百千\d]+[条章节](?:之[一二三四五六七八九十])?|[一二三四五六七八九十]+、|\([一二三四五六七八九十\d]+\)"
    r"|\d{1,2}(?:\.\d{1,2})*(?:[.、](?!\d)|(?= ))|\d{1,2}\.\d{1,2}(?:\.\d{1,2})?(?=[^\d.%])|[①-⑳]|\*)?\s*"
)
_LIST_HEAD = re.compile(
    r"名词(?:术语)?(?:解释|释义|注释|说明)|术语|用语的?(?:含义|定义|解释)|释义$|词语解释|概念(?:界定|说明|解释)|有关定义|^定义$"
)
_LIST_LEAD = re.compile(
    r"(?:用语|术语|名词|词语|概念|缩略语|定义)[^。;:\n]{0,20}(?:含义|定义|解释|释义|是指|意义|如下|适用)[^。;\n]{0,20}:?\s*$|下列(?:术语|用语|名词)[^。\n]{0,30}:\s*$"
)
_LISTED = re.compile(
    r'(?P<name>(?:"[^"\n]{1,40}"|\([^()\n]{1,60}\)|[^,。;:"()\n\t]){2,60}?)[ ,]?(?P<verb>:|--|\t|是(?!指|否)|为(?!了))'
    r"(?=[^\n]{3})(?=[^\n]{0,12}[\u4e00-\u9fff])"
)
_ENTRY = re.compile(r"[\u3007\u4e00-\u9fffA-Za-z0-9(][^,。;:\n\t]{1,60}")
_GLOSS_NOT = re.compile(
    r"^(?:以下|下称|简称|详?见|附件?|含|不含|不包括|试行|暂行|注|如|例如|包括|第|共|责任|牵头|配合|由|限|原|最高|每|合计)|[局委办部](?:牵头|负责)?$|负责$|《|\d{4}"
)


@dataclass(frozen=True, slots=True)
class Term:
    """A defined term. ``span``: the defining sentence, within the clause ``clause_id``; ``meaning``: the words of it that say what
    the term means; ``items``: the clauses that these introduce (下列情形：); ``name_span``: where the term is printed.

    ``variants``: other forms that the sentence gives it. ``kind`` 简称: a short name, with its full form as the meaning.
    """

    name: str
    variants: tuple[str, ...]
    kind: TermKind
    span: Span
    meaning: Span
    name_span: Span
    clause_id: str
    items: tuple[Span, ...] = ()

    @property
    def is_alias(self) -> bool:
        return self.kind == "简称"


def terms_of(document: PolicyDocument, plain: str | None = None) -> tuple[Term, ...]:
    """The terms that the document defines, and its short names, in the order of the text; a term defined twice is there twice.

    ``plain``: the folded text, where the caller has it.
    """
    reading = _Reading(document, plain or fold(document.text))
    found: dict[tuple[str, int], Term] = {}
    for clause in document.clauses:
        for term in reading.terms(clause):
            found.setdefault((term.name, term.span.start), term)
    return tuple(sorted(found.values(), key=lambda term: (term.span.start, term.name_span.start)))


class _Reading:
    """One document while its terms are looked for."""

    def __init__(self, document: PolicyDocument, plain: str) -> None:
        self.plain = plain
        self.text = document.text
        self._children: dict[str | None, list[Clause]] = {}
        self._place: dict[str, int] = {}
        self._clauses = document.clauses
        for clause in document.clauses:
            siblings = self._children.setdefault(clause.parent, [])
            self._place[clause.id] = len(siblings)
            siblings.append(clause)
        self._listed = self._list_clauses()

    def terms(self, clause: Clause) -> Iterator[Term]:
        """The terms of one clause; those of a more certain form first."""
        start = _MARKER.match(self.plain, clause.span.start, clause.span.end).end()  # type: ignore[union-attr]
        if clause.id in self._listed:
            yield from self._of_list(clause, start)
        kind_of = _KIND_OF.match(self.plain, start, clause.span.end)
        if not kind_of and not _HAS_CUE.search(self.plain, start, clause.span.end):
            return
        for match in _PARTS.finditer(self.plain, start, clause.span.end):
            if name := read_name(self.text, Span(match.start("name"), match.end("name"))):
                yield self._in_parts(clause, start, match, name)
        for sentence in _SENTENCE.finditer(self.text, start, clause.span.end):
            begins = _ANSWER.match(self.plain, sentence.start(), sentence.end())
            span = _trimmed(self.plain, begins.end() if begins else sentence.start(), sentence.end())
            asks = span.end - span.start <= 5 or self.plain[span.end - 1] == "?"
            if not asks and (kind_of or _HAS_CUE.search(self.plain, span.start, span.end)):
                yield from self._apart(self._of_sentence(clause, span))

    def _of_sentence(self, clause: Clause, span: Span) -> Iterator[Term]:
        plain, (start, end) = self.plain, (span.start, span.end)
        for match in _CALLED.finditer(plain, start, end):
            for name in self._called(match):
                # 均包括本数 and 不包括本数 say the opposite: the verb belongs to what is said.
                says = match.start("verb") if "含" in match["verb"] or "包" in match["verb"] else match.end("verb")
                yield self._term(clause, span, "所称", name, says)
        for match in _SAYS.finditer(plain, start, end):
            if re.match("[:, ]?(?:什么|哪|啥|怎)", plain[match.end() : match.end() + 3]):
                continue
            for name in self._names_before(match.start(), start, short=match["points"] is not None):
                kind = "所称" if name.called else "是指" if match["is"] else "指"
                yield self._term(clause, span, kind, name, match.end())
        for match in _QUOTED.finditer(plain, start, end):
            found = read_name(self.text, Span(match.start("name"), match.end("name")))
            denied = match["rest"].endswith("不")
            if found and not denied and (match["gloss"] is None or self._is_gloss(match)):
                kind = "括注" if match["gloss"] else "包括" if "包括" in match["verb"] else "即"
                whole = f"{found.text}{match['rest']}" if match["rest"] else None
                at = {"括注": match.end("rest") + 1, "即": match.end("verb")}.get(kind, match.end("rest"))
                yield self._term(clause, span, kind, found.also(whole), at)
        for match in _BRACKETED.finditer(plain, start, end):
            for name in self._names_before(match.start(), start, short=True):
                yield self._term(clause, span, "括注", name, match.start() + 1, match.end() - 1)
        yield from self._rarer(clause, span)

    def _in_parts(self, clause: Clause, start: int, match: re.Match[str], name: Name) -> Term:
        first = self.plain.rfind("。", start, match.start()) + 1 or start
        last = self.plain.find("。", match.end(), clause.span.end) + 1 or clause.span.end
        span = _trimmed(self.plain, first, last)
        whole = name.text + match["rest"] if match["rest"] and match["rest"][0] not in "是,、" else None
        return self._term(clause, span, "分述", name.also(whole), match.end())

    def _apart(self, terms: Iterator[Term]) -> Iterator[Term]:
        """What one term means ends where the next one of the sentence begins (甲是指…；乙是指…)."""
        found = sorted(terms, key=lambda term: term.name_span.start)
        starts = [term.name_span.start for term in found if term.kind in ("是指", "指", "所称")]
        for term in found:
            start, end = term.meaning.start, term.meaning.end
            after = bisect_right(starts, start)
            following = starts[after] if after < len(starts) and starts[after] < end else start
            cut = max(self.plain.rfind(mark, start, following) for mark in ";,")
            yield replace(term, meaning=_trimmed(self.plain, start, cut)) if cut > start else term

    def _rarer(self, clause: Clause, span: Span) -> Iterator[Term]:
        plain, (start, end) = self.plain, (span.start, span.end)
        for match in _DEFINED.finditer(plain, start, end):
            for name in self._names_before(match.start(), start, short=False):
                yield self._term(clause, span, "定义为", name, match.end())
        for match in _SUM.finditer(plain, start, end):
            for name in self._names_before(match.start(), start, short=True):
                yield self._term(clause, span, "统称", name, match.start() + 1)
        kind_of = _KIND_OF.match(plain, start, end)
        if kind_of and _repeats(kind_of["name"], kind_of["head"]):
            name = read_name(self.text, Span(kind_of.start("name"), kind_of.end("name")))
            if name:
                yield self._term(clause, span, "是", name, kind_of.end("name") + 1)
        is_one = _IS.match(plain, start, end)
        if is_one and (name := read_name(self.text, Span(is_one.start("name"), is_one.end("name")))):
            yield self._term(clause, span, "是", name, is_one.end("name") + 2)
        for match in _SHORT.finditer(plain, start, end):
            group = "quoted" if match["quoted"] else "bare"
            name = read_name(self.text, Span(match.start(group), match.end(group)))
            full = self._full_form(start, match.start())
            if name and full:
                yield Term(name.text, name.variants, "简称", span, full, name.span, clause.id)

    def _term(self, clause: Clause, span: Span, kind: TermKind, name: Name, start: int, end: int | None = None) -> Term:
        stop = end or span.end
        if kind == "括注" and end is None:
            stop = self.plain.index(")", start)
        meaning = _trimmed(self.plain, start, stop, ' ,:-"')
        if meaning.start >= meaning.end:  # the items say it
            meaning = span
        items = () if self.plain[span.end - 1] != ":" else tuple(c.span for c in self._introduced(clause))
        return Term(name.text, name.variants, kind, span, meaning, name.span, clause.id, items)

    def _called(self, match: re.Match[str]) -> Iterator[Name]:
        """The names in 所称“以上”、“以下”，均包括本数 one by one."""
        span = Span(match.start("name"), match.end("name"))
        if "含" in match["verb"] and not are_bounds(match["name"]):
            return
        quoted = list(re.finditer(r'"([^"\n]{1,30})"', match["name"]))
        parts = [Span(span.start + m.start(1), span.start + m.end(1)) for m in quoted]
        if not parts and are_bounds(match["name"]):
            parts = [
                Span(span.start + m.start(), span.start + m.end()) for m in re.finditer("[^、和与及]+", match["name"])
            ]
        for part in parts if len(parts) > 1 else (span,):
            name = read_name(self.text, part, certain=True)
            if name:
                yield name

    def _names_before(self, at: int, start: int, short: bool) -> tuple[Name, ...]:
        return names_before(self.text, self.plain, start, at, short)

    def _is_gloss(self, match: re.Match[str]) -> bool:
        """Whether the bracket behind “双招双引” spells it out: 招商引资、招才引智."""
        gloss, name = match["gloss"], match["name"]
        if _GLOSS_NOT.search(gloss) or match["rest"]:
            return False
        shared = sum(char in gloss for char in name)
        return shared >= 2 and 2 * shared >= len(name) and len(gloss) > len(name)

    def _full_form(self, start: int, at: int) -> Span | None:
        """The words that a short name stands for: from the last comma to the bracket. A file's title is no term."""
        if _FILE_BEFORE.search(self.plain, max(start, at - 200), at):
            return None
        end = at
        while end > start and self.plain[end - 1] in "( ,":
            end -= 1
        span = _trimmed(self.plain, left_of(self.plain, start, end, LONGEST_FULL), end)
        return span if span.end > span.start else None

    def _introduced(self, clause: Clause) -> Sequence[Clause]:
        """The clauses that a clause ending in a colon introduces: below it, or the items after it."""
        below = self._children.get(clause.id)
        if below or clause.marker:
            return below or ()
        siblings = self._children[clause.parent]
        after = (siblings[at] for at in range(self._place[clause.id] + 1, len(siblings)))
        return tuple(takewhile(lambda other: bool(other.marker), after))

    def _list_clauses(self) -> frozenset[str]:
        """Clauses that stand in a list of terms (名词解释)."""
        listed: set[str] = set()
        entries: set[str] = set()  # a term alone on its line: what stands below is what it means
        for clause in self._clauses:
            plain = self.plain[clause.span.start : clause.span.end].strip()
            heads = bool(clause.heading) and len(clause.heading) < 30 and _LIST_HEAD.search(clause.heading)
            if clause.parent in listed:
                if clause.marker or clause.parent not in entries:
                    listed.add(clause.id)
            elif heads or (len(plain) < 80 and _LIST_LEAD.search(plain)):
                listed.update(below.id for below in self._introduced(clause))
            if clause.id in listed and _ENTRY.fullmatch(_MARKER.sub("", plain, count=1)):
                entries.add(clause.id)
        return frozenset(listed)

    def _of_list(self, clause: Clause, start: int) -> Iterator[Term]:
        """X：…, X——…, or X alone on its line with the meaning below it."""
        span = _trimmed(self.plain, start, clause.span.end)
        match = _LISTED.match(self.plain, span.start, span.end)
        name = read_name(self.text, Span(match.start("name"), match.end("name"))) if match else None
        if match and name:
            yield self._term(clause, span, "释义", name, match.end("verb"))
        elif _ENTRY.fullmatch(self.plain, span.start, span.end) and not _SAYS.search(self.plain, span.start, span.end):
            below = self._introduced(clause) or self._next_paragraph(clause)
            entry = read_name(self.text, span)
            if entry and below and not below[0].heading and below[0].kind == "body":
                said = _trimmed(self.plain, below[0].span.start, below[0].span.end)
                if said.end - said.start > 5:
                    items = tuple(other.span for other in below[1:])
                    yield Term(entry.text, entry.variants, "释义", said, said, entry.span, below[0].id, items)

    def _next_paragraph(self, clause: Clause) -> Sequence[Clause]:
        at = self._place[clause.id] + 1
        return tuple(other for other in self._children[clause.parent][at : at + 1] if not other.marker)


def _repeats(name: str, head: str) -> bool:
    """买卖合同是…的合同, 法人是…的组织: the sentence ends in the word for what the thing is."""
    return head in _HEADS or (len(name) > 2 and name.endswith(head[-2:]))


def _trimmed(plain: str, start: int, end: int, also: str = "") -> Span:
    """Without white space, and without the signs ``also`` in front."""
    while start < end and (plain[start].isspace() or plain[start] in also):
        start += 1
    while end > start and plain[end - 1].isspace():
        end -= 1
    return Span(start, end)
