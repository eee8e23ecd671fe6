"""The tables in ``README.md`` beside this file: each stands between two marks and is written by the benchmark it belongs to."""

from __future__ import annotations

import re
from pathlib import Path

README = Path(__file__).with_name("README.md")


def shown(name: str, path: Path = README) -> str:
    """What stands between the marks of ``name``. Raises ValueError where they are missing."""
    text = path.read_text("utf-8")
    start, end = _between(name, text)
    return text[start:end].removesuffix("\n")


def put(name: str, table: str, path: Path = README) -> None:
    """Puts ``table`` between the marks of ``name``. Raises ValueError where they are missing."""
    text = path.read_text("utf-8")
    start, end = _between(name, text)
    path.write_text(f"{text[:start]}{table}\n{text[end:]}", "utf-8")


def _between(name: str, text: str) -> tuple[int, int]:
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- end of {name} -->", text, re.DOTALL)
    if not found:
        raise ValueError(f"README.md has no marks for {name}")
    return found.span(1)
