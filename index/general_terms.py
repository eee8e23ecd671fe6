"""The general glossary: what policy words usually mean, in words of ours. No file says it, and it is never shown as if one did."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from index.term_names import key_of_name
from ingest.vocabulary import table

GENERAL_SOURCE = "通用解释，非文件原文"
LOCAL_REMARK = "这一说法各地所指不同，只以所在文件的原文为准，没有通用解释"
_LOCAL_SCOPES = frozenset(("本区", "市级"))
_OF_ONE_PROVINCE = re.compile("安徽(?!/通用)")
_OF_ONE_FILE = "某区"  # the row was written after one district's file
_FIGURE = re.compile(r"\d|[一二三四五六七八九十百千万亿]+(?:元|年|家|名|个百分点)")


@dataclass(frozen=True, slots=True)
class General:
    """What the general glossary says of a term, without its figures: those are shown only from a file. ``text`` is empty where
    nothing is left; where the meaning is local (``is_local``) it says so. ``verified``: read in a public file.
    """

    name: str
    aliases: tuple[str, ...]
    text: str
    kind: str
    is_local: bool
    verified: bool


@cache
def general_terms() -> tuple[General, ...]:
    """The general glossary: what is usually meant, in words of ours."""
    return tuple(map(_general, table("glossary")))


def _general(row: Mapping[str, str]) -> General:
    is_local = row["scope"] in _LOCAL_SCOPES or _OF_ONE_FILE in row["definition"]
    parts = re.findall("[^。；]+[。；]?", row["definition"])
    place = f"（只是{row['scope']}的说法，别处所指可能不同）" if _OF_ONE_PROVINCE.match(row["scope"]) else ""
    return General(
        name=row["term"],
        aliases=tuple(alias.strip("“”") for alias in row["aliases"].replace(",", " ").split()),
        text=LOCAL_REMARK if is_local else place + "".join(p for p in parts if not _FIGURE.search(p)).rstrip("；"),
        kind=row["kind"],
        is_local=is_local,
        verified=row["verified"] == "seen",
    )


def general_of(name: str) -> General | None:
    """The row of the general glossary for a term, under its name or an alias."""
    return by_key().get(key_of_name(name))


@cache
def by_key() -> Mapping[str, General]:
    """Rows by the key of each name and alias."""
    rows = general_terms()
    return {key_of_name(a): r for r in rows for a in r.aliases} | {key_of_name(r.name): r for r in rows}
