"""责任分工 of a file: which department has what to do, in which role, and what is left without one (未标明)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import get_args

from ingest.document import Clause, PolicyDocument, Span
from ingest.measures.model import Department
from ingest.measures.terms_departments import Role, read_departments, read_rest
from ingest.normalize import fold
from ingest.rows import Row, table_rows
from qa.answer import Citation
from qa.evidence import Shelf
from qa.framework.sections import Tree, by_parent, cited, headed, headline, leaves, tasks
from qa.injection import instructs

_MAY_NAME = re.compile("单位|部门|负责|牵头|配合|参与|协同|指导|由")
_LABEL_LINE = re.compile(r"[ \n(]*(?:责任|牵头|主办|承办|实施|落实|主管|配合|协办)(?:责任)?(?:单位|部门)\s?[:]")
_LONGEST_LINE = 200
# 由市发展改革委牵头，市财政局配合; who explains the file, or is asked about it, does none of its work.
_IN_TEXT = re.compile(
    r"由(?P<said>(?P<who>[^,。;:\n\t()由]{2,60}?)(?P<duty>牵头|负责)(?!解释|人)(?:[^,。;:\n\t()]{0,12},(?:会同)?(?P<with>[^,。;:\n\t()]{2,60}?)(?:配合|参与|协同))?)"
)
_COLUMN = re.compile(r"(?P<role>责任|牵头|主办|主责|承办|实施|落实|主管|配合|协办)(?:责任)?(?:单位|部门)")
_ROLES: Mapping[str, Role] = {"牵头": "牵头", "主办": "牵头", "主责": "牵头", "配合": "配合", "协办": "配合"}
# 市财政局负责资金保障: a body at the start of a sentence, whose duty the sentence says.
_OWN_DUTY = re.compile(
    r"(?<![^。;:,\n])(?:第[^\s条]{1,6}条\s*|\([一二三四五六七八九十\d]+\)\s*|\d{1,2}[.、]\s*)?(?P<said>(?P<who>[^,。;:\n\t()由]{2,40}?(?:局|委|办|厅|部|中心|政府|部门|单位|街道办事处|管委会))(?:按照职责分工|依职责|具体|统一)?(?P<duty>负责|牵头)(?!解释|人|的?同志|的?领导|干部))"
)
_PART_END = re.compile(r"[。;\n]|\Z")
_PART = re.compile("[^,;。]*")
_OWN_WORD = re.compile("指导|参与|协同")
_NUMBER = re.compile("序号|编号|类别|完成时|时限|备注")
_BRACKETS = str.maketrans("〔〕[]", "()()")  # 各县〔市、区〕人民政府
_AND_OTHERS = re.compile("等[和及与](?=各|[^等]{2,}政府)")
_NAMES = re.compile(r"[、,;/\s]+")
ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True, slots=True)
class Item:
    """What is to be done: the heading or first sentence of a clause, or a cell of a table."""

    citation: Citation

    @property
    def text(self) -> str:
        return " ".join(self.citation.quote.split())


@dataclass(frozen=True, slots=True)
class Duty:
    """``citation``: the words that name the department; ``inherited``: they stand at a heading above, or hold for the rest.
    ``printed``: the role, in the file's own word where that says something else (指导, 参与).
    """

    item: Item
    role: Role
    citation: Citation
    inherited: bool
    printed: str


@dataclass(frozen=True, slots=True)
class DepartmentDuties:
    """``name`` as printed, first at ``named``: 区经信局 and 区经济和信息化局 are not made one."""

    name: str
    duties: tuple[Duty, ...]
    named: Citation


@dataclass(frozen=True, slots=True)
class Responsibilities:
    """``unassigned``: tasks of which the file names no department (未标明)."""

    departments: tuple[DepartmentDuties, ...]
    unassigned: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class _Named:
    """``words``: the bracket, cell or part of a sentence that names it. ``does``: the words that say its duty, where it has its own."""

    department: Department
    words: Span
    does: Span | None = None


@dataclass(frozen=True, slots=True)
class _Said:
    """Departments of a clause in spans of the document's text."""

    clause: Clause
    item: Span
    departments: tuple[_Named, ...]
    inherited: bool = False


def responsibilities(shelf: Shelf, document_id: str) -> Responsibilities:
    """Departments with the most to do first. Raises PolicyError when the file is unknown."""
    document = shelf.document(document_id)
    said, without = find_duties(document)
    found: dict[str, list[Duty]] = {}
    printed: dict[str, Span] = {}
    for each in said:
        for named in each.departments:
            item = Item(cited(shelf, document_id, named.does or each.item))
            name = "".join(named.department.span.of(document.text).split())
            word = _printed(document.text, named)
            duty = Duty(item, named.department.role, cited(shelf, document_id, named.words), each.inherited, word)
            found.setdefault(name, []).append(duty)
            printed.setdefault(name, named.department.span)
    ordered = sorted(found.items(), key=lambda pair: -len(pair[1]))
    return Responsibilities(
        tuple(
            DepartmentDuties(name, tuple(duties), cited(shelf, document_id, printed[name])) for name, duties in ordered
        ),
        tuple(Item(cited(shelf, document_id, span)) for span in without),
    )


def _printed(text: str, named: _Named) -> str:
    """The word behind the names of one part of a bracket: A牵头，B参与，C指导."""
    behind = _PART.match(fold(text[named.department.span.end : named.words.end]))
    word = _OWN_WORD.search(behind[0]) if behind else None
    return word[0] if word and named.department.role == "配合" else named.department.role


def find_duties(document: PolicyDocument) -> tuple[list[_Said], list[Span]]:
    """Who does what, and the tasks that nobody is named for."""
    flat = fold(document.text).translate(_BRACKETS)
    tree = by_parent(document)
    own: dict[str, _Said] = {}
    for before, clause in zip((None, *document.clauses), document.clauses, strict=False):
        if clause.kind in ("front", "back", "table_row") or not _MAY_NAME.search(
            flat, clause.span.start, clause.span.end
        ):
            continue
        departments = _read(flat, clause)
        if departments and not instructs(clause.text):
            target = before if before and _is_label_line(clause, flat) else clause
            known = own.get(target.id)
            kept = (*(known.departments if known else ()), *departments)
            own[target.id] = _Said(target, headline(document, target), _once(kept))
    by_id = {clause.id: clause for clause in document.clauses}
    wanted = [leaf for section in _with_safeguards(document) for leaf in leaves(tree, section)]
    rest = list(read_rest(flat)) if "以下" in flat else []
    said: list[_Said] = []
    without: list[Span] = []
    assigned = set(own)
    for leaf in wanted:
        if leaf.id in own or any(clause.id in assigned for clause in _below(tree, leaf)):
            continue
        inherited = _from_above(leaf, own, by_id)
        if inherited:
            said.append(_Said(leaf, headline(document, leaf), inherited, True))
        else:
            without.append(headline(document, leaf))
    said += own.values()
    ids = {clause.id for clause in wanted}
    heads = {clause.parent for clause in wanted} - ids  # what stands at a heading was given to the tasks below it
    said = [each for each in said if each.clause.id not in heads]
    said = [replace(each, departments=_once((*each.departments, *_rest_of(rest, each.clause)))) for each in said]
    said += _in_tables(document)
    return sorted(said, key=lambda each: each.item.start), without


def _with_safeguards(document: PolicyDocument) -> tuple[Clause, ...]:
    found = tasks(document)
    return (*found, *headed(document, "safeguards")) if found else ()


def _read(flat: str, clause: Clause) -> tuple[_Named, ...]:
    """What brackets, a label or sentences (由…牵头) of the clause say."""
    found: list[_Named] = []
    start = clause.span.start
    while start < clause.span.end:
        departments, words = read_departments(flat, Span(start, clause.span.end))
        if not departments or words is None:
            break
        found += (_Named(part, words) for department in departments for part in _parts(department))
        start = max(words.end, start + 1)
    for match in _IN_TEXT.finditer(flat, clause.span.start, clause.span.end):
        said = Span(*match.span("said"))
        found += (_Named(department, said) for department in _said_to_act(match, ("who", "with")))
    own = [*_OWN_DUTY.finditer(flat, clause.span.start, clause.span.end)]
    for match, following in zip_longest(own, own[1:]):
        said = Span(*match.span("said"))
        end = _PART_END.search(flat, said.end, clause.span.end).start()  # type: ignore[union-attr]
        does = Span(said.start, min(end, following.start("said") - 1) if following else end)
        found += (_Named(department, said, does) for department in _said_to_act(match, ("who",)))
    return _once(found)


def _parts(department: Department) -> Iterator[Department]:
    """商务部等和各省级人民政府 are two."""
    joined = _AND_OTHERS.search(department.name)
    if joined is None:
        yield department
        return
    start, end = department.span.start, department.span.end
    yield replace(department, name=department.name[: joined.start()], span=Span(start, start + joined.start()))
    yield replace(department, name=department.name[joined.end() :], span=Span(start + joined.end(), end))


def _said_to_act(match: re.Match[str], groups: Iterable[str]) -> Iterator[Department]:
    """As in a bracket, which names only bodies: （市发展改革委牵头，市财政局配合）."""
    for group in groups:
        duty = match["duty"] if group == "who" else "配合"
        if match[group]:
            words = f"({match[group]}{duty})"
            departments, _ = read_departments(words, Span(0, len(words)))
            by = match.start(group) - 1
            yield from (replace(d, span=Span(d.span.start + by, d.span.end + by)) for d in departments)


def _once(named: Iterable[_Named]) -> tuple[_Named, ...]:
    return tuple({(each.department.name, each.department.role): each for each in named}.values())


def _is_label_line(clause: Clause, flat: str) -> bool:
    """（责任单位：…） as a paragraph of its own is of the clause before it."""
    short = clause.span.end - clause.span.start < _LONGEST_LINE and not clause.marker
    return short and _LABEL_LINE.match(flat, clause.span.start, clause.span.end) is not None


def _below(tree: Tree, above: Clause) -> Iterator[Clause]:
    for clause in tree.get(above.id, ()):
        yield clause
        yield from _below(tree, clause)


def _from_above(leaf: Clause, own: Mapping[str, _Said], by_id: Mapping[str, Clause]) -> tuple[_Named, ...]:
    above = by_id.get(leaf.parent or "")
    while above is not None:
        if above.id in own:
            return own[above.id].departments
        above = by_id.get(above.parent or "")
    return ()


def _rest_of(rest: Sequence[tuple[int, Department]], clause: Clause) -> tuple[_Named, ...]:
    return tuple(_Named(department, department.span) for at, department in rest if at <= clause.span.start)


def _in_tables(document: PolicyDocument) -> Iterator[_Said]:
    """Rows of a table with a column 责任单位, 牵头部门 or 配合单位."""
    if not any(clause.kind == "table_row" for clause in document.clauses):
        return
    clauses = {clause.id: clause for clause in document.clauses}
    for clause_id, row in table_rows(document).items():
        departments = _once(_of_row(document, row))
        item = _item_of(document, row, clauses[clause_id])
        if departments and item:
            yield _Said(clauses[clause_id], item, departments)


def _of_row(document: PolicyDocument, row: Row) -> Iterator[_Named]:
    if row.is_head:
        return
    for cell, names in zip(row.cells, row.names, strict=True):
        column = next((m for name in names if (m := _COLUMN.search(fold(name.span.of(document.text))))), None)
        if column is None:
            continue
        start = cell.span.start
        words = fold(cell.span.of(document.text))
        for cut in [*_NAMES.finditer(words), None]:
            end = cell.span.start + (cut.start() if cut else len(words))
            name = document.text[start:end].strip("()（）")
            if 2 <= len(name) <= 30:
                department = Department(name, _ROLES.get(column["role"], "责任"), Span(start, end))
                yield _Named(department, cell.span)
            start = cell.span.start + (cut.end() if cut else 0)


def _item_of(document: PolicyDocument, row: Row, clause: Clause) -> Span | None:
    """The longest cell of the row that is no number and names no department: what is to be done."""
    cells = [
        cell.span
        for cell, names in zip(row.cells, row.names, strict=True)
        if cell.clause.id == clause.id
        and not any(_NUMBER.search(n.span.of(document.text)) or _COLUMN.search(n.span.of(document.text)) for n in names)
    ]
    filled = [span for span in cells if span.end - span.start > 1]
    return filled[0] if filled else None
