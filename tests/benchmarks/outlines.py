"""Clause trees of real files against outlines that were read by eye (``tests/golden_outlines``).

::

    python -m tests.benchmarks.outlines FOLDER                 compare every golden with the file of the same name
    python -m tests.benchmarks.outlines FOLDER --differences   … and print the clauses that differ
    python -m tests.benchmarks.outlines FOLDER --write FILE    draft a golden from the current parse; correct it by hand

FOLDER holds the real files; they are not part of the project. A golden holds facts derived from a file, no text of it
beyond a few opening characters. It is a table with tabs: first the file (``FileFacts``), then one clause a row
(``ClauseFacts``). ``*`` after the kind: the number is restored.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from difflib import SequenceMatcher
from pathlib import Path

from ingest.corpus import source_file
from ingest.document import Clause, PolicyDocument
from ingest.errors import ReadError
from ingest.parse import parse
from ingest.readers import read

GOLDEN = Path(__file__).resolve().parent.parent / "golden_outlines"
_TITLE, _HEADING, _BEGINNING = 20, 12, 6
_SHORT_NAME = 24


@dataclass(frozen=True, slots=True)
class FileFacts:
    """``title``: its first characters; ``table_rows``: number of clauses that are one. Unknown is empty."""

    file: str
    sha256: str
    title: str
    document_number: str
    issued_on: str
    table_rows: int


@dataclass(frozen=True, slots=True)
class ClauseFacts:
    """``characters`` and ``beginning`` (the first six) leave white space out; together they fix the extent."""

    kind: str
    path: str
    marker: str
    heading: str
    page: str
    characters: int
    beginning: str

    @property
    def identity(self) -> tuple[str, str, str, int, str]:
        return self.kind, self.path, self.marker, self.characters, self.beginning


@dataclass(frozen=True, slots=True)
class Outline:
    facts: FileFacts
    clauses: tuple[ClauseFacts, ...]

    def lines(self) -> Iterator[str]:
        for row in (self.facts, *self.clauses):
            yield "\t".join(map(str, astuple(row)))


@dataclass(frozen=True, slots=True)
class Comparison:
    """``matched`` clauses agree in kind, path, marker and extent; of these ``same`` agree in heading and page too."""

    expected: int
    found: int
    matched: int
    same: int
    wrong_facts: tuple[str, ...]
    differences: tuple[str, ...]


def outline_of(document: PolicyDocument, file: str, content: bytes) -> Outline:
    metadata = document.metadata
    number = metadata.document_number
    facts = FileFacts(
        file,
        hashlib.sha256(content).hexdigest(),
        _plain(metadata.title or "")[:_TITLE],
        number.canonical if number else "",
        metadata.issued_on.isoformat() if metadata.issued_on else "",
        sum(clause.kind == "table_row" for clause in document.clauses),
    )
    return Outline(facts, tuple(map(_clause_facts, document.clauses)))


def read_outline(path: Path) -> Outline:
    first, *rows = (line.split("\t") for line in path.read_text("utf-8").splitlines())
    clauses = (ClauseFacts(*row[:5], int(row[5]), row[6]) for row in rows)
    return Outline(FileFacts(*first[:5], int(first[5])), tuple(clauses))


def compare(golden: Outline, current: Outline) -> Comparison:
    expected, found = golden.clauses, current.clauses
    matcher = SequenceMatcher(None, [c.identity for c in expected], [c.identity for c in found], autojunk=False)
    pairs = [
        (expected[block.a + i], found[block.b + i])
        for block in matcher.get_matching_blocks()
        for i in range(block.size)
    ]
    return Comparison(
        len(expected),
        len(found),
        len(pairs),
        sum(a == b for a, b in pairs),
        tuple(_wrong_facts(golden.facts, current.facts)),
        tuple(_differences(matcher, expected, found)),
    )


def compare_file(golden: Outline, folder: Path) -> Comparison:
    """Raises ReadError where the file is absent, is another version, or cannot be read."""
    path = folder / golden.facts.file
    if not path.is_file():
        raise ReadError(f"没有这个文件：{path}")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != golden.facts.sha256:
        raise ReadError(f"文件与标注时的版本不同：{path}")
    return compare(golden, _current(path, golden.facts.file, content))


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    if not options.folder.is_dir():
        print(f"没有这个文件夹：{options.folder}（真实文件不随项目提供，请给出存放它们的文件夹）", file=sys.stderr)
        return 2
    if options.write:
        return _write(options.folder, options.write)
    goldens = [read_outline(path) for path in sorted(GOLDEN.glob("*.tsv"))]
    return _report(goldens, options.folder, options.differences)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.outlines", description="条款结构与人工标注对照")
    parser.add_argument("folder", type=Path, help="存放真实文件的文件夹")
    parser.add_argument("--differences", action="store_true", help="列出不一致的条款（- 标注，+ 当前）")
    parser.add_argument("--write", type=Path, metavar="FILE", help="按当前解析结果起草一个文件的标注，供人工修改")
    return parser.parse_args(arguments)


def _current(path: Path, file: str, content: bytes) -> Outline:
    source = source_file(path.name, content)
    return outline_of(parse(source, read(source)), file, content)


def _write(folder: Path, path: Path) -> int:
    file = path.resolve().relative_to(folder.resolve()).as_posix()
    outline = _current(path, file, path.read_bytes())
    target = GOLDEN / f"{file.split('/')[0]}__{path.name.removesuffix(path.suffix)[:_SHORT_NAME]}{path.suffix}.tsv"
    target.write_text("".join(f"{line}\n" for line in outline.lines()), "utf-8")
    print(target)
    return 0


def _report(goldens: Iterable[Outline], folder: Path, differences: bool) -> int:
    results = []
    for golden in goldens:
        try:
            result = compare_file(golden, folder)
        except ReadError as error:
            print(f"{golden.facts.file}：{error}")
            result = Comparison(len(golden.clauses), 0, 0, 0, (), ())
        else:
            print(f"{golden.facts.file}：{_figures(result)}{''.join(f'；{fact}' for fact in result.wrong_facts)}")
        results.append(result)
        if differences:
            print("".join(f"    {line}\n" for line in result.differences), end="")
    total = Comparison(
        *(sum(getattr(result, name) for result in results) for name in ("expected", "found", "matched", "same")),
        tuple(fact for result in results for fact in result.wrong_facts),
        (),
    )
    print(f"合计 {len(results)} 个文件：{_figures(total)}；文件信息不符 {len(total.wrong_facts)} 处")
    return int(total.matched < max(total.expected, total.found) or bool(total.wrong_facts))


def _figures(result: Comparison) -> str:
    recall, precision = (f"{result.matched / (count or 1):.1%}" for count in (result.expected, result.found))
    return (
        f"条款 {result.matched}/{result.expected} 一致（查全 {recall}，查准 {precision}），"
        f"其中标题、页码也一致 {result.same}"
    )


def _wrong_facts(golden: FileFacts, current: FileFacts) -> Iterator[str]:
    for name in ("title", "document_number", "issued_on", "table_rows"):
        expected, found = getattr(golden, name), getattr(current, name)
        if expected != found:
            yield f"{name} 应为“{expected}”，现为“{found}”"


def _differences(
    matcher: SequenceMatcher[tuple[str, str, str, int, str]],
    expected: Sequence[ClauseFacts],
    found: Sequence[ClauseFacts],
) -> Iterator[str]:
    for tag, a, a_end, b, b_end in matcher.get_opcodes():
        if tag == "equal":
            pairs = zip(expected[a:a_end], found[b:b_end], strict=True)
            rows = [row for left, right in pairs if left != right for row in (("-", left), ("+", right))]
        else:
            rows = [*(("-", row) for row in expected[a:a_end]), *(("+", row) for row in found[b:b_end])]
        yield from (f"{sign} {'  '.join(map(str, astuple(row)))}" for sign, row in rows)


def _clause_facts(clause: Clause) -> ClauseFacts:
    text = "".join(clause.text.split())
    return ClauseFacts(
        clause.kind + "*" * clause.restored,
        clause.path,
        clause.marker,
        _plain(clause.heading)[:_HEADING],
        str(clause.page or ""),
        len(text),
        text[:_BEGINNING],
    )


def _plain(text: str) -> str:
    return "".join(text.split())


if __name__ == "__main__":
    sys.exit(main())
