"""``python -m index add | remove | status | search | lineage | rebuild | move-register | evaluate``: the library from the command line."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import date
from types import FrameType

from index.library import Library
from index.lineage_report import described
from index.query import understand
from ingest.corpus import OUTCOME_NAMES, FileReport, IngestReport
from ingest.errors import PolicyError
from ingest.settings import Settings


def main(argv: Sequence[str]) -> int:
    """Runs one subcommand. Exit code: 0 done, 1 nothing came of it, 2 a PolicyError (message and hint on stderr)."""
    if argv[:1] == ["evaluate"]:
        from index import evaluation  # here: it has options of its own and is needed by no other subcommand

        return evaluation.main(list(argv[1:]))
    arguments = _parser().parse_args(argv)
    try:
        with Library.open(Settings.from_environment()) as library:
            return arguments.run(library, arguments)
    except PolicyError as error:
        print(error, error.hint, sep="\n", file=sys.stderr)
        return 2


def _leave_in_order(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(143)  # so that the library is closed: Chroma killed while it writes must be built again


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m index", description="文件库：收录、移除、检索（数据文件夹由 POLICY_DATA 指定）"
    )
    commands = parser.add_subparsers(required=True, metavar="命令")

    def command(
        name: str, run: Callable[[Library, argparse.Namespace], int], description: str
    ) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=description, description=description)
        sub.set_defaults(run=run)
        return sub

    command("add", _add, "收录文件或文件夹").add_argument("paths", nargs="+", metavar="PATH")
    command("remove", _remove, "移除文件及其全部版本").add_argument(
        "ids", nargs="+", metavar="ID", help="文件编号，见 status"
    )
    command("status", _status, "查看已收录的文件和索引状况")
    search = command("search", _search, "检索条款")
    search.add_argument("text", nargs="+", metavar="词语")
    search.add_argument("--limit", type=int, default=10, metavar="N", help="最多显示多少条（默认 10）")
    lineage = command("lineage", _lineage, "查看一份文件引用了哪些文件、被哪些文件引用")
    lineage.add_argument("id", metavar="ID", help="文件编号，见 status")
    lineage.add_argument("--json", action="store_true", help="输出 JSON")
    command("rebuild", _rebuild, "重建文字索引和向量索引")
    move = command("move-register", _move, "把登记库从数据文件夹移到 PostgreSQL（原文件保留）")
    move.add_argument(
        "--to", required=True, metavar="ADDRESS", help="postgresql+psycopg://用户:口令@主机/库名，一个空的数据库"
    )
    commands.add_parser("evaluate", help="用标注集评测检索效果", add_help=False)
    return parser


def _add(library: Library, arguments: argparse.Namespace) -> int:
    report = library.add(arguments.paths, _print_file)
    _print_summary(report)
    for notice in library.notices():
        print(f"注意：{notice}")
    return 1 if all(file.outcome == "failed" for file in report.files) else 0


def _print_file(report: FileReport, done: int, total: int) -> None:
    counted = f"，{report.clauses} 条" if report.clauses else ""
    print(
        f"[{done}/{total}] {OUTCOME_NAMES[report.outcome]} {report.path}（{report.seconds:.1f} 秒{counted}）",
        flush=True,
    )
    if report.outcome in ("new_version", "conflict", "failed"):
        print(f"    {report.message}{f'；{report.hint}' if report.hint else ''}")
    for remark in report.remarks:
        print(f"    注意：{remark}")


def _print_summary(report: IngestReport) -> None:
    taken_in = [file for file in report.files if file.outcome not in ("unchanged", "failed")]
    failed = sum(file.outcome == "failed" for file in report.files)
    print(
        f"共 {len(report.files)} 个文件：收录 {len(taken_in)} 个（{sum(file.clauses for file in taken_in)} 条），"
        f"已在库中 {len(report.unchanged)} 个，未能读取 {failed} 个；用时 {report.seconds:.1f} 秒"
    )


def _remove(library: Library, arguments: argparse.Namespace) -> int:
    for document_id in arguments.ids:
        title = library.card(document_id).title
        library.remove(document_id)
        print(f"已移除《{title}》（{document_id}）")
    print("如须立即抹去索引文件中的残留字节，请再运行 python -m index rebuild")
    if library.settings.register:
        print(
            "PostgreSQL 的数据文件中的残留字节由 VACUUM 清理；如须立即抹去，请由管理员运行 VACUUM FULL，并处理其归档和备份"
        )
    return 0


def _status(library: Library, _arguments: argparse.Namespace) -> int:
    status = library.status()
    print(f"数据文件夹：{status.folder.absolute()}")
    if library.settings.register:
        print(f"登记库：{status.register}")
    print(f"文件 {status.documents} 个，条款 {status.clauses} 条，最近变更 {status.last_change}")
    for leg in status.legs:
        state = f"还有 {leg.behind} 个文件待更新" if leg.behind else "已是最新"
        print(f"{leg.name}：{f'{leg.problem}。{leg.hint}' if leg.problem else state}")
    for card in library.documents():
        print(f"  {card.id}  《{card.title}》  {card.clauses} 条  {card.file}")
    return 0


def _search(library: Library, arguments: argparse.Namespace) -> int:
    hits = library.search(understand(" ".join(arguments.text), limit=arguments.limit))
    for hit in hits:
        card = library.card(hit.chunk.document_id)
        page = f" 第{hit.chunk.page}页" if hit.chunk.page else ""
        print(
            f"{hit.rank}. 《{card.title}》（{card.document_number or '文号未标明'}）{page}\n   {' '.join(hit.chunk.text.split())[:120]}"
        )
    for notice in library.notices():
        print(f"注意：{notice}", file=sys.stderr)
    return 0 if hits else 1


def _lineage(library: Library, arguments: argparse.Namespace) -> int:
    print("\n".join(described(library, arguments.id, date.today(), as_json=arguments.json)))
    return 0


def _rebuild(library: Library, _arguments: argparse.Namespace) -> int:
    library.rebuild(lambda name, done, total: print(f"{name}：{done}/{total}", flush=True))
    print("重建完成")
    return 0


def _move(library: Library, arguments: argparse.Namespace) -> int:
    library.move_register(arguments.to, lambda table, rows: print(f"{table}：{rows} 行", flush=True))
    print(
        "登记库已移到 PostgreSQL。请把 POLICY_REGISTER 设为该地址再启动；原来的 register.sqlite 不再使用，确认无误后自行删除"
    )
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _leave_in_order)
    sys.exit(main(sys.argv[1:]))
