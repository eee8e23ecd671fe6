"""The desk at which a draft is made: its paragraphs and tables in order, and fixed parts in the words of files where they have any."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from ingest.document import LEVEL_NAMES, Span, book_title
from qa.answer import Citation
from qa.drafting.basis import basis_grid, renumbered
from qa.drafting.items import Item, Items
from qa.drafting.model import Draft, Grid, Origin, Paragraph, Remark
from qa.drafting.project import completed
from qa.drafting.provisions import Finder
from qa.drafting.request import Request
from qa.drafting.sources import Sources
from qa.drafting.topics import SPEAKS
from qa.drafting.wording import Worded, adopted
from qa.evidence import Shelf
from qa.passage import topic_share
from qa.question import analyse

_OURS = {"state": "我国", "province": "我省", "city": "我市", "district": "我区", "zone": "我区"}
_OF_A_LEVEL = re.compile(r"[省市县区][）)]?级|[全我本][省市县区]|\d")
_PROVINCE = "(?:[^省]{1,8}省|[^区]{1,8}自治区)?"
_ABOVE = {
    "city": re.compile(f"^{_PROVINCE}(?=.)"),
    "district": re.compile(f"^{_PROVINCE}(?:[^市州盟]{{1,8}}(?:市|自治州|盟))?(?=.)"),
    "zone": re.compile(f"^{_PROVINCE}(?:[^市州盟]{{1,8}}(?:市|自治州|盟))?(?=.)"),
}
_MOST_NAMED = 4  # files named in the sentence of basis; the table has all of them


@dataclass
class Desk:
    """What the kinds of drafts have in common."""

    shelf: Shelf
    request: Request
    blocks: list[Paragraph | Grid] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.request = completed(self.request)
        self.sources = Sources(self.shelf)
        self.finder = Finder(self.shelf, self.request)
        items = Items(self.finder, self.sources)
        self.groups = items.of(self.request.points)
        self.notices += (*self._lacking(), *items.notices)
        self._told: set[str] = set()

    def _lacking(self) -> Iterator[str]:
        """What no draft can rest on, and why."""
        held = self.shelf.library.documents()
        if not held:
            yield "库内还没有文件：草稿只有骨架，没有任何依据，请先收录政策文件再起草"
        unknown = [card for card in held if card.level is None]
        if unknown:
            named = "、".join(book_title(card.title) if card.title else card.file for card in unknown[:_MOST_NAMED])
            more = f"等{len(unknown)}份" if len(unknown) > _MOST_NAMED else f"{len(unknown)}份"
            yield f"没有标明级别的文件未作为依据：{named}{more}；核实并补充级别后可重新起草"

    def _doubtful(self, made: Draft) -> Iterator[str]:
        """Files that nobody can name as a basis as they are."""
        without = {c.document_id: c for c in made.citations if c.document_number is None}
        if without:
            named = "、".join(book_title(c.title) if c.title else c.file for c in without.values())
            yield f"所引文件没有标明文号，不宜单独作为依据，须查明其所依据的文件：{named}"
        cited = {c.document_id: c for c in made.citations if self.shelf.card(c.document_id).masked}
        if cited:
            named = "、".join(c.source for c in cited.values())
            yield f"所引文件的文号或地区有缺字或代替符号，发文前须查原文补全，并确认是本地区的上级文件：{named}"

    @property
    def as_of(self) -> date:
        return self.shelf.as_of

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for _, items in self.groups for item in items)

    @property
    def place(self) -> str:
        """The drafting body's place as a title names it: 清河区 of xx省云澜市清河区."""
        above = _ABOVE.get(self.request.level)
        return above.sub("", self.request.region) if above else self.request.region

    @property
    def ours(self) -> str:
        return _OURS[self.request.level]

    def heading(self, text: str, level: int = 1) -> None:
        self.say(text, level)

    def say(self, text: str, level: int = 0, origin: Origin | None = None, marks: Sequence[int] = (),
            remarks: Sequence[Remark] = ()) -> None:  # fmt: skip
        """``origin``: told by the text where not given."""
        told = origin or ("open" if "【待" in text else "fixed")
        self.blocks.append(Paragraph(self._id("p"), text, level, told, tuple(marks), (), tuple(remarks)))

    def clause(self, item: Item, level: int, agreed: bool = False) -> None:
        """``agreed``: for one company, to whom a general clause applies as it stands."""
        words, text = item.worded, item.text
        if agreed and item.basis and item.origin != "given":
            source = self.sources.citation(words.marks[0])
            text = (
                f"{words.heading}。按照{source.source}{source.path}执行：{words.text}（责任单位：{item.departments}）"
            )
        self.blocks.append(Paragraph(self._id("p"), text, level, item.origin, item.marks, words.proofs, item.remarks))

    def quote(self, words: Worded, level: int = 0, opening: str = "") -> None:
        """A sentence of a file; ``opening``: a heading or frame of ours in front of it."""
        text = f"{opening}{words.text}"
        remarks = tuple(self._unstated(words.marks))
        self.blocks.append(Paragraph(self._id("p"), text, level, "source", words.marks, words.proofs, remarks))

    def _unstated(self, marks: Sequence[int]) -> Iterator[Remark]:
        """That a file does not say until when it is in force, at its first quote."""
        for mark in marks:
            source = self.sources.citation(mark)
            if source.validity == "未标明" and source.document_id not in self._told:
                self._told.add(source.document_id)
                yield Remark("not_in_force", f"{source.source}没有标明有效期，引用前须核实是否仍有效", (mark,))

    def rule(
        self, query: str, patterns: Sequence[str], opening: str, otherwise: str, level: int = 0, about: str = "",
        whole: bool = False,
    ) -> None:  # fmt: skip
        """What a file in force says of it, by the first pattern that finds any, else our own words."""
        every = (found for pattern in patterns for found in self.found(query, pattern, about, whole))
        found = next(every, None)
        if found:
            self.quote(found, level, f"{opening}{self._whose(found)}")
        else:
            self.say(f"{opening}{otherwise}", level)

    def _whose(self, words: Worded) -> str:
        """Where words of another level name a level or a sum: whose words they are."""
        source = self.sources.citation(words.marks[0])
        if source.level == self.request.level or not _OF_A_LEVEL.search(words.text):
            return ""
        return f"{source.source}{source.path}规定："

    def found(self, query: str, pattern: str, about: str = "", whole: bool = False) -> Iterator[Worded]:
        """Clauses in force: of the files that the items are worded from, then those of a search. ``about``: of what they speak;
        ``whole``: all of the clause that may stand outside of its file. None that was said before.
        """
        compiled, topics = re.compile(pattern), analyse(about).topics
        used = sorted((item.basis for item in self.items if item.basis), key=lambda basis: -basis.rank)
        files = dict.fromkeys(basis.document.id for basis in used)
        for document_id, span in self.finder.sentences(query, compiled, first=files):
            if topics and topic_share(topics, self._around(document_id, span)) < SPEAKS:
                continue
            words = adopted(document_id, span, compiled, self.sources, whole)
            if words and not self._said(words.text):
                yield words

    def _around(self, document_id: str, span: Span) -> str:
        """The words with the headings that they stand under."""
        clause = self.shelf.clause_at(document_id, span.start)
        above = (clause, *self.shelf.ancestors(document_id, clause))
        return f"{''.join(c.heading for c in above)}{span.of(self.shelf.document(document_id).text)}"

    def _said(self, text: str) -> bool:
        return any(isinstance(block, Paragraph) and text in block.text for block in self.blocks)

    def grid(self, caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]],
             marks: Sequence[Sequence[int]] = ()) -> None:  # fmt: skip
        made = tuple(tuple(row) for row in rows)
        self.blocks.append(Grid(self._id("g"), caption, tuple(heads), made, tuple(tuple(m) for m in marks)))

    def bases(self) -> tuple[Citation, ...]:
        """One citation of each file that the proposed clauses rest on, the most used ones, highest level first."""
        found: dict[str, Citation] = {}
        uses: Counter[str] = Counter()
        for item in self.items:
            for provision in (item.basis, *item.others):
                if provision:
                    mark = self.sources.mark(provision.document.id, provision.spans[-1])
                    found.setdefault(provision.document.id, self.sources.citation(mark))
                    uses[provision.document.id] += 2 if provision is item.basis else 1
        order = list(LEVEL_NAMES)
        most = [found[document_id] for document_id, _ in uses.most_common(_MOST_NAMED)]
        return tuple(sorted(most, key=lambda c: order.index(c.level) if c.level else len(order)))

    def based_on(self) -> str:
        """根据《…》（文号）、《…》（文号）等文件，; empty where nothing was found."""
        named = self.bases()
        return f"根据{'、'.join(map(_named, named))}等文件，" if named else ""

    def basis_marks(self) -> tuple[int, ...]:
        return tuple(c.mark for c in self.bases())

    def basis_table(self) -> None:
        """Here stands the table of all files cited, which is known when all is said."""
        self.grid("", (), ())

    def draft(self, title: str, status: str = "征求意见稿", addressee: str = "") -> Draft:
        """With its citations in the order in which they are named."""
        made = Draft(self.request.kind, self.request.title or title, tuple(self.blocks), self.sources.citations, self.as_of,
                     status, addressee, tuple(dict.fromkeys(self.notices)))  # fmt: skip
        made = renumbered(made)
        table = basis_grid(made)
        blocks = (replace(table, id=b.id) if isinstance(b, Grid) and not b.heads else b for b in made.blocks)
        return replace(made, blocks=tuple(blocks), notices=(*made.notices, *self._doubtful(made)))

    def _id(self, letter: str) -> str:
        return f"{letter}{1 + sum(block.id.startswith(letter) for block in self.blocks)}"


def _named(citation: Citation) -> str:
    if citation.title is None:
        return citation.source
    return book_title(citation.title) + (f"（{citation.document_number}）" if citation.document_number else "")
