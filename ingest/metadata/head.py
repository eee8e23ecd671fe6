"""Where a file tells of itself: the site's metadata table, the lines around the title, signature and notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.clauses.forms import is_addressee, is_field
from ingest.document import Clause, SourceText, Span
from ingest.metadata.cover import Cover, read_cover
from ingest.normalize import fold

NUMBER_FIELDS = ("发文字号", "文号", "文件编号")
TITLE_FIELDS = ("标题", "名称", "文件名称", "信息名称", "title")
ISSUER_FIELDS = ("发文机关", "制发机关", "制定机关", "发文单位")
# 作者: of a page that collects regulations.
SITE_FIELDS = ("发布机构", "发布机关", "发布单位", "公开责任部门", "作者", "author")
ISSUED_FIELDS = ("成文日期", "生成日期", "生成时间", "发文日期", "制发日期")
PRINTED_FIELDS = ("印发日期",)
PUBLISHED_FIELDS = ("发布日期", "发布时间", "公布日期", "公开日期", "发表时间")
VALIDITY_FIELDS = ("有效性", "时效性", "时效", "有效状态", "文件状态", "效力状态", "效力")
EFFECTIVE_FIELDS = ("施行日期", "实施日期", "生效日期")
EXPIRY_FIELDS = ("失效日期", "废止日期", "有效期至")

_MARKDOWN = re.compile(r"(?:#{1,6} +|[-*•>] +)?(?:\*\*|__)?")
# The value of a number or a date may stand on the line below its label.
_TALL_FIELDS = frozenset((*NUMBER_FIELDS, *ISSUED_FIELDS, *PRINTED_FIELDS, *PUBLISHED_FIELDS))


@dataclass(frozen=True, slots=True)
class Labelled:
    """A field of the site's table: ``span`` is its value."""

    label: str
    span: Span


@dataclass(frozen=True, slots=True)
class Head:
    """``front``: lines from the start to the first clause that is text; ``above``: those of them above 主送机关 and the
    first sentence, where title and number stand; ``closing``: lines where signature and date may stand, in order;
    ``attached``: the title of the policy that a notice or an order carries right below, or of the annex that the file is.
    """

    text: str
    folded: str
    fields: tuple[Labelled, ...]
    front: tuple[Span, ...]
    above: tuple[Span, ...]
    closing: tuple[Span, ...]
    attached: Span | None = None
    cover: Cover | None = None

    def labelled(self, *labels: str) -> Iterator[Labelled]:
        """Fields with one of these labels, in the order of ``labels``; empty values left out."""
        for label in labels:
            yield from (f for f in self.fields if f.label == label and f.span.of(self.text).strip(" -—"))

    def fold(self, span: Span) -> str:
        return span.of(self.folded)


def read_head(source_text: SourceText, clauses: Sequence[Clause]) -> Head:
    """Collect the lines that metadata are read from."""
    text = source_text.text
    folded = fold(text)
    front: list[Span] = []
    for clause in clauses:
        if clause.kind != "front":
            break
        front.append(_trimmed(text, clause.span))
    own_fields = [Labelled(label, span) for label, span in source_text.fields]
    known = {field.label for field in own_fields}
    own_fields += [f for f in _labelled_lines(folded, front) if f.label not in known]
    lines = [span for span in front if not is_field(span.of(folded))]
    above = _above_text(folded, lines)
    backs = [_trimmed(text, c.span) for c in clauses if c.kind == "back"]
    closing = tuple(sorted({*lines[len(above) :], *backs}, key=lambda span: span.start))
    return Head(
        text, folded, tuple(own_fields), tuple(front), tuple(above), closing, _attached(text, clauses), read_cover(text)
    )


def _attached(text: str, clauses: Sequence[Clause]) -> Span | None:
    """The title of the policy below the front; of a file that is an annex, that of the annex (without its label)."""
    below = _below_notice(clauses)
    if below is None or not below.heading:
        return None
    if below.kind == "annex" and below is clauses[0]:
        start = text.find(below.heading[:4], below.span.start + len(below.marker), below.span.end)
        return _trimmed(text, Span(start, below.span.end)) if start >= 0 else None
    return _trimmed(text, below.span) if below.kind == "heading" and not below.path else None


def _below_notice(clauses: Sequence[Clause]) -> Clause | None:
    """The first clause below the front, or below the signature of a notice that has a text of its own."""
    first = next((i for i, clause in enumerate(clauses) if clause.kind != "front"), len(clauses))
    for index in range(first, len(clauses)):
        clause = clauses[index]
        if clause.path or clause.marker or clause.kind == "heading":
            return clause if index == first or clauses[index - 1].kind == "back" else None
    return clauses[first] if first < len(clauses) else None


def _above_text(folded: str, lines: Sequence[Span]) -> list[Span]:
    above = []
    for span in lines:
        line = span.of(folded)
        if is_addressee(line) or ("。" in line and not line.startswith("(")):
            break
        above.append(span)
    return above


def _labelled_lines(folded: str, lines: Sequence[Span]) -> Iterator[Labelled]:
    for index, span in enumerate(lines):
        line = span.of(folded)
        if not is_field(line):
            continue
        label, _, value = line.partition(":")
        start = span.end - len(value.lstrip())
        label = label.replace(" ", "")
        if value.strip():
            yield Labelled(label, Span(start, span.end))
        elif label in _TALL_FIELDS and index + 1 < len(lines) and not is_field(lines[index + 1].of(folded)):
            yield Labelled(label, lines[index + 1])


def _trimmed(text: str, span: Span) -> Span:
    """The paragraph itself, without blank lines and Markdown."""
    raw = span.of(text)
    start = span.start + len(raw) - len(raw.lstrip())
    end = start + len(raw.strip())
    mark = _MARKDOWN.match(text, start, end)
    return Span(mark.end() if mark and mark.end() < end else start, end)
