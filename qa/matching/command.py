"""``python -m qa match --profile FILE.json``: the measures that apply to a profile, on the terminal or as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from index.library import Library
from ingest.document import PolicyDocument
from ingest.settings import Settings
from qa.command_line import Parser, read
from qa.given import day_given
from qa.matching.kept import matched
from qa.matching.match import Matches
from qa.matching.next_question import next_question
from qa.matching.profile_json import profile_from_json
from qa.render import matches_dict, matches_text


def main(arguments: Sequence[str]) -> int:
    """Exit status 0. Raises PolicyError for a profile that cannot be understood."""
    parser = Parser(prog="python -m qa match", description="按企业或个人画像匹配支持措施")
    parser.add_argument("--profile", required=True, help="画像 JSON 文件；写 - 则从标准输入读取")
    parser.add_argument("--as-of", help="时效以哪一天为准，如 2025-06-30；默认今天")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    options = parser.parse_args(arguments)
    day = day_given(options.as_of)
    profile = profile_from_json(read(options.profile, "画像文件"))
    with Library.open(Settings.from_environment()) as library:
        library.catch_up()
        found = matched(library, profile, day)
        print(report(found, documents_of(library, found), options.json))
    return 0


def documents_of(library: Library, found: Matches) -> dict[str, PolicyDocument]:
    """The files of all that was matched."""
    shown = (*found.current, *found.retold, *found.ended, *found.coming)
    return {id_: library.document(id_) for id_ in dict.fromkeys(m.record.card.id for m in shown)}


def report(found: Matches, documents: Mapping[str, PolicyDocument], as_json: bool) -> str:
    """What is printed."""
    following = next_question(found.current)
    if as_json:
        return json.dumps(matches_dict(found, following, documents), ensure_ascii=False, indent=1)
    return matches_text(found, following, documents)
