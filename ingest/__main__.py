"""``python -m ingest FILE…``: what was understood of each file, and every problem.

``python -m ingest measures FILE…``: the support measures of each; without a file those of the clauses on standard input.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date

from ingest.account import account
from ingest.corpus import walk
from ingest.document import LEVEL_NAMES, RELATION_NAMES, PolicyDocument, Reference
from ingest.errors import PolicyError
from ingest.measures.report import of_clauses, of_files
from ingest.readers import ACCEPTED
from ingest.sandbox import Sandbox
from ingest.validity import status

_FAILED = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 when every file was read, 2 when at least one was not."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    if words[:1] == ["measures"]:
        parser = _measures_parser()
        options = parser.parse_args(words[1:])
        if options.files:
            return of_files(options.files, options.json)
        if sys.stdin.isatty():
            parser.error("没有给出文件，标准输入也没有内容")
        return of_clauses(sys.stdin)
    options = _parser().parse_args(words)
    failed = False
    with Sandbox() as sandbox:
        for item in walk(options.files):
            if isinstance(item, tuple):
                path, problem = item
                _print_problem(path, problem, options.json)
                failed = True
                continue
            try:
                document = sandbox.parse(item)
            except PolicyError as error:
                _print_problem(item.path, error, options.json)
                failed = True
                continue
            print(json.dumps(as_json(document), ensure_ascii=False) if options.json else "\n".join(_lines(document)))
    return _FAILED if failed else 0


def as_json(document: PolicyDocument) -> dict[str, object]:
    """The document as plain data. Dates are ``YYYY-MM-DD``; what is unknown is null. ``validity`` is as of today."""
    metadata, terms = document.metadata, document.terms
    number = metadata.document_number
    return {
        "path": document.path,
        "title": metadata.title,
        "document_number": number.canonical if number else None,
        "aliases": list(metadata.aliases),
        "issuers": list(metadata.issuers),
        "level": metadata.level,
        "region": metadata.region,
        "kind": metadata.kind,
        "issued_on": _iso(metadata.issued_on),
        "printed_on": _iso(metadata.printed_on),
        "published_on": _iso(metadata.published_on),
        "effective_on": _iso(terms.effective_on),
        "expires_on": _iso(terms.expires_on),
        "validity": status(terms, date.today(), (), metadata.site_validity).state,
        "references": [_reference(reference) for reference in document.references],
        "clauses": [
            {
                "id": clause.id,
                "path": clause.path,
                "marker": clause.marker,
                "heading": clause.heading,
                "text": clause.text,
                "page": clause.page,
                "kind": clause.kind,
            }
            for clause in document.clauses
        ],
        "pages": [{"number": p.number, "source": p.source, "problem": p.problem} for p in document.pages],
        "account": asdict(account(document)),
        "warnings": list(document.warnings),
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ingest",
        description="读取政策文件，显示识别出的标题、文号、日期、条款、引用，以及遇到的每个问题。不写入任何库。",
        epilog="例：python -m ingest 某某办法.pdf 政策文件夹 --json；支持措施：python -m ingest measures 某某政策.pdf",
        add_help=False,
    )
    parser.add_argument("files", nargs="+", metavar="文件", help=f"文件、文件夹或压缩包（{ACCEPTED}）")
    parser.add_argument("--json", action="store_true", help="每个文件输出一行 JSON")
    parser.add_argument("-h", "--help", action="help", help="显示本说明")
    return parser


def _measures_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ingest measures",
        description="列出文件中的支持措施：对象、条件、标准、上限、叠加、责任单位、申报时间。"
        "不给文件时，从标准输入逐行读取 JSON（id、text），逐行输出识别结果。",
        epilog="例：python -m ingest measures 若干政策.docx；python -m ingest measures < 条款.jsonl",
        add_help=False,
    )
    parser.add_argument("files", nargs="*", metavar="文件", help=f"文件、文件夹或压缩包（{ACCEPTED}）")
    parser.add_argument("--json", action="store_true", help="每条措施输出一行 JSON")
    parser.add_argument("-h", "--help", action="help", help="显示本说明")
    return parser


def _print_problem(path: str, error: PolicyError, as_data: bool) -> None:
    if as_data:
        print(json.dumps({"path": path, "error": str(error), "hint": error.hint}, ensure_ascii=False))
        return
    print(f"错误：{error}", file=sys.stderr)
    if error.hint:
        print(f"建议：{error.hint}", file=sys.stderr)


def _reference(reference: Reference) -> dict[str, object]:
    return {
        "title": reference.title,
        "number": reference.numbers[0].canonical if reference.numbers else None,
        "relation": reference.relation,
        "quote": reference.quote,
    }


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _lines(document: PolicyDocument) -> Iterator[str]:
    metadata, terms = document.metadata, document.terms
    today = date.today()
    state = status(terms, today, (), metadata.site_validity)
    number = metadata.document_number
    yield f"■ {document.path}"
    for label, value in (
        ("标题", metadata.title),
        ("发文字号", "".join(number.printed.split()) if number else None),
        ("并列文号", "、".join(metadata.aliases)),
        ("发文机关", "、".join(metadata.issuers)),
        ("级别", LEVEL_NAMES[metadata.level] if metadata.level else None),
        ("地区", metadata.region),
        ("文种", f"{metadata.kind or '未标明'}（由{metadata.carrier}印发）" if metadata.carrier else metadata.kind),
        ("主送机关", metadata.addressees),
        ("成文日期", _iso(metadata.issued_on)),
        ("印发日期", _iso(metadata.printed_on)),
        ("发布日期", _iso(metadata.published_on)),
        ("施行日期", _iso(terms.effective_on)),
        ("有效期至", _iso(terms.expires_on)),
        ("时效", f"{state.state}（截至{today.isoformat()}，{state.reason}）" if state.reason else state.state),
    ):
        if value or label in ("标题", "发文字号"):
            yield f"  {label}：{value or '未标明'}"
    yield f"  条款（{len(document.clauses)}）："
    for clause in document.clauses:
        mark = "（补）" if clause.restored else ""
        shown = " ".join(clause.text.split())
        yield f"    {'  ' * clause.depth}[{clause.path or clause.id.rpartition('#')[2]}]{mark} {shown[:60]}"
    yield f"  引用（{len(document.references)}）："
    for reference in document.references:
        relation = RELATION_NAMES[reference.relation] if reference.relation else "提及"
        yield f"    {relation}：{' '.join(reference.quote.split())}"
    read = account(document)
    if read.summary:
        yield f"  读取情况：{read.summary}"
    for remark in (*read.pages_unread, *read.page_remarks):
        yield f"  {remark}"
    for warning in document.warnings:
        yield f"  注意：{warning}"


def _run() -> int:
    """``main``, ended quietly where the reader of its output (``| head``) has seen enough."""
    try:
        status_code = main()
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the interpreter flushes once more as it ends
        return 0
    return status_code


if __name__ == "__main__":
    sys.exit(_run())
