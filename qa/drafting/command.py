"""``python -m qa draft --request FILE.json``: a draft on the terminal, as JSON, or as a file (Word, Markdown, plain text)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from index.library import Library
from ingest.errors import SettingsError
from ingest.settings import Settings
from qa.command_line import Parser, plain, read, write
from qa.drafting.compose import draft
from qa.drafting.draft_json import draft_dict
from qa.drafting.model import Draft
from qa.drafting.request import Request, RequestError, request_from_json
from qa.drafting.text import draft_text
from qa.llm import language_model
from qa.render.drafts import draft_markdown, draft_plain

SUFFIXES = (".docx", ".md", ".txt")


def main(arguments: Sequence[str]) -> int:
    """Exit status 0. Raises PolicyError for a request that cannot be understood or a file that cannot be written."""
    parser = Parser(prog="python -m qa draft", description="按库内文件起草政策文稿，逐段注明依据")
    parser.add_argument("--request", required=True, help="起草要求 JSON 文件；写 - 则从标准输入读取")
    parser.add_argument("--out", help="写到这个文件，按后缀为 Word（.docx）、Markdown（.md）或纯文本（.txt）")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    options = parser.parse_args(arguments)
    said = drafted(
        Settings.from_environment(), options.request, Path(options.out) if options.out else None, options.json
    )
    print(said)
    return 0


def drafted(settings: Settings, place: str, target: Path | None, as_json: bool) -> str:
    """Drafts what the file at ``place`` asks for, writes it to ``target``, and gives what is to be printed. Raises PolicyError."""
    if target and target.suffix.lower() not in SUFFIXES:
        raise SettingsError(f"不能写成“{target.suffix or target.name}”格式", f"可用 {'、'.join(SUFFIXES)}")
    request = requested(read(place, "起草要求"))
    with Library.open(settings) as library:
        library.catch_up()
        made = draft(library, request, request.as_of or date.today(), language_model(settings))
    if target:
        write(target, content_of(made, target.suffix.lower()))
    if as_json:
        return plain(draft_dict(made))
    return _told(made, target) if target else draft_plain(made)


def _told(made: Draft, target: Path) -> str:
    return "\n".join((f"已导出 {target}", *(f"提示：{notice}" for notice in made.notices)))


def requested(content: bytes) -> Request:
    """Raises RequestError."""
    try:
        return request_from_json(json.loads(content))
    except (ValueError, RecursionError) as error:
        raise RequestError("起草要求不是合法的 JSON", "请检查引号、逗号和括号") from error


def content_of(made: Draft, suffix: str) -> bytes:
    """The draft in the format of ``suffix``."""
    if suffix == ".docx":
        from qa.word import word  # python-docx, only where a Word file is wanted

        return word(made)
    text = draft_markdown(made) if suffix == ".md" else draft_text(made)
    return text.encode()
