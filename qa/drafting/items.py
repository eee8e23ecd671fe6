"""The support items of a draft: for each point the proposed clause with its basis, and what is to be looked at in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from index.measures import MeasureRecord
from ingest.document import LEVEL_NAMES, Span
from qa.calculation.figures import figures
from qa.comparison import Row, compare
from qa.drafting.against import ban_against, figures_against
from qa.drafting.figures import forbidden
from qa.drafting.model import NO_BASIS, UNDECIDED, Origin, Remark
from qa.drafting.provisions import COMING, Finder, Provision
from qa.drafting.request import Point
from qa.drafting.sources import Sources
from qa.drafting.text import one_line
from qa.drafting.wording import Worded, basis, closed, worded
from qa.evidence import DEAD
from qa.matching import match
from qa.matching.doubles import same
from qa.passage import trimmed

A_POINT = 8  # proposed clauses of one point; a broader one is for the drafter to divide
RELATED = 2  # clauses that come near a point on which nothing was found
HIGHER = 4  # provisions of other levels shown beside a proposed clause
_UNSTATED = "未标明"
DELEGATED = "授权下级制定或细化"
_WHOSE = ("industry", "project_kind", "type")
_LEFT_OPEN = re.compile("(?:标准|办法|额度)(?:由[^。；]{1,20})?另行(?:制定|确定)")  # grants nothing by itself


@dataclass(frozen=True, slots=True)
class Item:
    """One proposed clause. ``basis``: what it is worded from (``None``: nothing was found); ``others``: the same support at other
    levels. ``text`` has neither heading nor departments.
    """

    topic: str
    worded: Worded
    origin: Origin
    basis: Provision | None
    others: tuple[Provision, ...]
    remarks: tuple[Remark, ...]

    @property
    def departments(self) -> str:
        return "、".join(self.worded.departments) or UNDECIDED

    @property
    def text(self) -> str:
        """As a clause of a policy: heading, statement, departments."""
        return f"{self.worded.heading}。{self.worded.text}（责任单位：{self.departments}）"

    @property
    def marks(self) -> tuple[int, ...]:
        return self.worded.marks

    @property
    def table(self) -> Row | None:
        """Its parts verbatim: 支持标准, 上限, 申报条件 …"""
        return compare([(self.basis.record, self.basis.document)]).rows[0] if self.basis else None


class Items:
    """Makes the items of all points; a provision is used once."""

    def __init__(self, finder: Finder, sources: Sources) -> None:
        self.finder, self.sources = finder, sources
        self.notices: list[str] = []
        self._used: set[tuple[str, object]] = set()

    def of(self, points: Sequence[Point]) -> tuple[tuple[str, tuple[Item, ...]], ...]:
        """(topic, items) in the order of the points; without points those of the industry, by type of support."""
        groups = [(point.topic, tuple(self._of_point(point))) for point in points] or self._of_industry()
        return tuple((topic, items) for topic, items in groups if items)

    def _of_point(self, point: Point) -> Iterator[Item]:
        found = self.finder.provisions(point.topic)
        usable = [(p, w) for p in found if (w := self._worded(p, point.topic)) and p.key not in self._used]
        usable = [
            (p, w) for p, w in usable if p.row is None
        ] or usable  # a row is of one case, of which its table has many
        nearest = max((p.rank for p, _ in usable), default=None)
        level = [(p, w) for p, w in usable if p.rank == nearest]
        level = [(p, w) for p, w in level if not _LEFT_OPEN.search(p.words)] or level
        if len(level) > A_POINT and not point.proposed:
            self.notices.append(
                f"“{point.topic}”在本级共有{len(level)}条现行规定，草稿列出{A_POINT}条，可把事项分细后再起草"
            )
        chosen = self._for_the_company(level)[: 1 if point.proposed else A_POINT]
        if not chosen:
            if not any(p.key in self._used for p in found) or point.proposed:
                yield self._without_basis(point, found)
            return
        types = {benefit.type for p, _ in chosen for benefit in p.record.measure.benefits}
        beside = [p for p in found if p.rank != nearest and types & {b.type for b in p.record.measure.benefits}]
        for at, (provision, words) in enumerate(chosen):
            self._used.add(provision.key)
            leading = at == 0
            yield self._item(point, provision, words, beside if leading else (), leading)

    def _for_the_company(self, level: list[tuple[Provision, Worded]]) -> list[tuple[Provision, Worded]]:
        """Without those of other projects and industries, where some are of the company's own."""
        company = self.finder.request.company
        if company is None or len(level) < 2:
            return level
        every = match(company, [p.record for p, _ in level], self.finder.shelf.as_of).current
        open_ones = {
            m.record.measure.id: sum(d.verdict != "met" for d in m.decisions if d.need.sort in _WHOSE) for m in every
        }
        least = min(open_ones.values(), default=0)
        return [(p, w) for p, w in level if open_ones.get(p.record.measure.id, least) == least]

    def _of_its_industry(self, found: Iterable[Provision]) -> Iterator[Provision]:
        """Without those of an industry of which it is not known that the company belongs to it, where its own was told."""
        company = self.finder.request.company
        for provision in found:
            matched = match(company, [provision.record], self.finder.shelf.as_of).current if company else ()
            decisions = (d for each in matched for d in each.decisions if d.need.sort == "industry")
            if company is None or not company.industries or all(d.verdict == "met" for d in decisions):
                yield provision

    def _unmet(self, provision: Provision) -> Iterator[Remark]:
        """What of it the company does not meet, as far as it was told."""
        company = self.finder.request.company
        for found in match(company, [provision.record], self.finder.shelf.as_of).current if company else ():
            for decision in found.decisions:
                if decision.verdict == "not_met" and decision.benefit is None and decision.need.sort != "place":
                    reason = decision.reason(provision.document.text)
                    yield Remark("contradicts", f"企业情况与本条不符：{reason}", (basis(provision, self.sources),))

    def _of_industry(self) -> list[tuple[str, tuple[Item, ...]]]:
        groups: dict[str, list[Item]] = {}
        told: list[MeasureRecord] = []
        for provision in self.finder.everything():
            if _LEFT_OPEN.search(provision.words) or any(same(provision.record, record) for record in told):
                continue
            topic = provision.record.measure.benefits[0].type
            words = self._worded(provision, topic)
            if words and provision.key not in self._used:
                self._used.add(provision.key)
                told.append(provision.record)
                groups.setdefault(topic, []).append(self._item(Point(topic), provision, words, (), False))
        return [(topic, tuple(items)) for topic, items in groups.items()]

    def _worded(self, provision: Provision, topic: str) -> Worded | None:
        """``None`` where no sentence of it that grants something can stand outside of its file."""
        own = provision.record.card.level == self.finder.request.level
        words = worded(provision, self.sources, topic, own, self.finder.request.kind == "measures")
        return words if words.proofs and words.text else None

    def _item(
        self, point: Point, provision: Provision, words: Worded, beside: Iterable[Provision], leading: bool
    ) -> Item:
        """``leading``: the first of its point, which carries what files say of the point as a whole."""
        alike = {p.key: p for p in chain(self.finder.alike(provision, point.topic), beside) if p.key != provision.key}
        every = sorted(self._of_its_industry(alike.values()), key=lambda p: p.rank)
        others = tuple(every[:HIGHER])
        if len(every) > HIGHER:
            self.notices.append(
                f"“{point.topic}”另有{len(every) - HIGHER}条其他级别的规定没有列入对照表，可把事项分细后再起草"
            )
        left = self.finder.delegations(f"{point.topic} {words.heading}", (provision, *others))
        left = tuple(dict.fromkeys((*left, *(self.finder.delegations_on(point.topic) if leading else ()))))
        remarks = [*self._validity(provision), *self._left_out(provision, words), *map(self._delegated, left)]
        origin: Origin = "source" if words.departments else "open"
        if point.proposed:
            words = replace(words, text=self._opening(provision, words, point.proposed), proofs=())
            marks = tuple(dict.fromkeys((*words.marks, *(basis(p, self.sources) for p in others))))
            words, origin = replace(words, marks=marks), "given"
            remarks += self._against(point, (provision, *others))
        remarks += [
            *self._forbidden(point, (provision, *others)),
            *self._unmet(provision),
            *self._ended(self.finder.ended(provision)),
        ]
        return Item(point.topic, words, origin, provision, others, tuple(remarks))

    def _opening(self, provision: Provision, words: Worded, proposed: str) -> str:
        """The drafter's standard, for those whom the source supports where he does not say for whom."""
        proposed, said = closed(proposed), {figure.kind for figure in figures(proposed)}
        if proposed.startswith(("对", "凡")) or not words.text.startswith(("对", "凡")):
            return proposed
        granted = "".join(provision.record.measure.benefits[0].span.of(provision.document.text).split())
        at = words.text.find(granted)
        opening = ""
        for piece in re.findall("[^，]+，?", words.text[:at] if at > 0 else words.text.split("，")[0] + "，"):
            if opening and said & {figure.kind for figure in figures(piece)}:
                break
            opening += piece
        return f"{opening}{proposed}"

    def _without_basis(self, point: Point, found: Sequence[Provision]) -> Item:
        text = closed(point.proposed) if point.proposed else f"支持对象、条件和标准{UNDECIDED}。"
        remark = Remark("no_basis", f"库内没有查到现行文件对“{point.topic}”的支持规定，须补充依据后再行研究")
        related = dict.fromkeys((*(p for p in found if p.key not in self._used), *self.finder.near(point.topic)))
        ended = self._ended(self.finder.ended_on(point.topic))
        words = Worded(point.topic, f"{text.removesuffix('。')}{NO_BASIS}。", (), (), ())
        origin: Origin = "given" if point.proposed else "open"
        return Item(point.topic, words, origin, None, (), (remark, *map(self._related, [*related][:RELATED]), *ended))

    def _related(self, provision: Provision) -> Remark:
        text = f"相近规定，是否适用由起草人判断：{self._label(provision)}规定“{one_line(provision.words)}”"
        return Remark("no_basis", text, (basis(provision, self.sources),))

    def _validity(self, provision: Provision) -> Iterator[Remark]:
        record = provision.record
        if record.status.state == _UNSTATED:
            text = f"{self._label(provision)}没有标明有效期，引用前须核实是否仍有效"
            yield Remark("not_in_force", text, (basis(provision, self.sources),))
        if record.card.level != self.finder.request.level:
            level = LEVEL_NAMES.get(record.card.level or "", "级别未标明")
            text = (
                f"本级没有查到同类规定，本条用语来自{level}文件{self._label(provision)}，须改为本级的资金来源和责任单位"
            )
            yield Remark("delegated", text, (basis(provision, self.sources),))

    def _left_out(self, provision: Provision, words: Worded) -> Iterator[Remark]:
        """What the source says besides and cannot be said outside of it."""
        if words.left_out:
            said = "".join(words.left_out)
            text = f"{self._label(provision)}另有“{said}”，因指向该文件的其他部分没有写入本条，须对照后改写"
            yield Remark("left_out", text, (basis(provision, self.sources),))

    def _delegated(self, sentence: tuple[str, Span]) -> Remark:
        mark = self.sources.mark(*sentence)
        citation = self.sources.citation(mark)
        text = f"{citation.source}{citation.path}{DELEGATED}：“{one_line(citation.quote)}”"
        return Remark("delegated", text, (mark,))

    def _against(self, point: Point, provisions: Sequence[Provision]) -> Iterator[Remark]:
        """Where the drafter's figures are above a file's, or other than those of his own level."""
        for provision in provisions:
            own = provision.record.card.level == self.finder.request.level
            cited = self.sources.citation(basis(provision, self.sources))
            yield from figures_against(point.proposed, provision.record.measure, provision.document.text, cited, own)

    def _forbidden(self, point: Point, provisions: Sequence[Provision]) -> Iterator[Remark]:
        """What one of these clauses forbids and the drafter asks for."""
        wanted, subject = (point.proposed, point.topic) if point.proposed else (point.topic, "")
        for provision in provisions:
            ban = forbidden(wanted, provision.clause.text, subject)
            if ban:
                start = provision.clause.span.start
                at = trimmed(Span(start + ban.start, start + ban.end), provision.document.text)
                cited = self.sources.citation(self.sources.mark(provision.document.id, at))
                yield from ban_against(wanted, subject, cited.quote, cited)

    def _ended(self, provisions: Sequence[Provision]) -> Iterator[Remark]:
        for provision in provisions[:2]:
            state = provision.record.status.state
            kind = "ended" if state in DEAD else "not_in_force"
            assert state in DEAD or state == COMING
            text = f"供参考，不作依据：{self._label(provision)}（{state}）规定“{one_line(provision.words)}”"
            yield Remark(kind, text, (basis(provision, self.sources),))

    def _label(self, provision: Provision) -> str:
        citation = self.sources.citation(basis(provision, self.sources))
        return f"{citation.source}{citation.path}"
