"""``wenhao match``, ``measures`` and ``compare``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cli.terminal import AsOf, Json, Levels, Regions, States, app, day_of, filters_of, opened, print_json, save_table


@app.command()
def match(
    profile: Annotated[str, typer.Option(help="画像 JSON 文件；写 - 则从标准输入读取")],
    as_of: AsOf = "",
    out: Annotated[Path | None, typer.Option(help="把结果存为 .xlsx 或 .docx 文件")] = None,
    as_json: Json = False,
) -> None:
    """按企业或个人画像匹配支持措施：逐项条件判定，附出处和测算。"""
    from qa.command_line import read
    from qa.export_tables import matches_table
    from qa.matching import command, profile_from_json

    day, asker = day_of(as_of) or date.today(), profile_from_json(read(profile, "画像文件"))
    with opened() as library:
        found = command.matched(library, asker, day)
        documents = command.documents_of(library, found)
        if out:
            save_table(matches_table(found, documents), out, quiet=as_json)
        if as_json or not out:
            print(command.report(found, documents, as_json))


@app.command()
def measures(
    level: Levels = None,
    region: Regions = None,
    validity: States = None,
    kind: Annotated[list[str] | None, typer.Option("--type", help="只看某支持类型，如 资金奖补；可重复")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="最多显示几项")] = 50,
    as_json: Json = False,
) -> None:
    """列出从文件中读出的支持措施。"""
    from qa.measure_search import listed
    from qa.render.measures_plain import measure_brief_dict, measures_text

    with opened() as library:
        found = listed(library, filters_of(level, region, None, validity), kind or (), date.today())
        shown = [(record, library.document(record.card.id)) for record in found[:limit]]
    if as_json:
        print_json([measure_brief_dict(*each) for each in shown])
    else:
        print(measures_text(shown, len(found)))


@app.command()
def compare(
    wanted: Annotated[str, typer.Argument(help="话题（如 技术改造补助），或措施编号（见 wenhao measures）")],
    as_of: AsOf = "",
    out: Annotated[Path | None, typer.Option(help="把比对存为 .xlsx 或 .docx 文件")] = None,
    as_json: Json = False,
) -> None:
    """同类支持措施在省、市、区各文件中的规定并列，标出不同和可能冲突之处。"""
    from qa.export_tables import comparison_table
    from qa.measure_search import comparison_of, measure_meant
    from qa.render.measures_plain import comparison_dict, comparison_text

    day = day_of(as_of) or date.today()
    with opened() as library:
        comparison = comparison_of(library, measure_meant(library, wanted, day), day)
        documents = {row.record.card.id: library.document(row.record.card.id) for row in comparison.rows}
    if out:
        save_table(comparison_table(comparison, documents), out, quiet=as_json)
    if as_json:
        print_json(comparison_dict(comparison, documents))
    elif not out:
        print(comparison_text(comparison, documents))
