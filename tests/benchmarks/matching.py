"""How long it takes to hold 200 profiles against 1,000, 5,000 and 20,000 measures.

::

    python -m tests.benchmarks.matching [--profiles 200] [--seed 7] [--one-place]

The measures are those of ``corpus`` with other thresholds and sums, in files of a province, its cities and districts; with
``--one-place`` all are of the asker's own district, which is the worst case. Every profile is a company or a person with some
fields filled in. Times are of ``match`` with the measures made ready before (``Offers``), which is timed apart.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from index.card import DocumentCard, Identity, entry_of
from index.measures import MeasureRecord
from ingest.measures import find_measures
from ingest.measures.model import Amount, Measure
from ingest.validity import Status
from qa.matching import Offers, Profile, match, next_question, profile_of
from tests.benchmarks.proofs import CORPUS, documents

SIZES = (1_000, 5_000, 20_000)
DAY = date(2026, 3, 1)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
PLACES = [
    ("province", "安山省"),
    *(("city", f"安山省{a}") for a in ("云澜市", "江海市", "平川市")),
    *(("district", f"安山省云澜市{d}") for d in ("清河区", "东湖区", "南山区", "北塘县")),
]
HOME = "安山省云澜市清河区"
INDUSTRIES = ("C36", "C39", "I65", "E47", "汽车零部件", "C14", "F52", "人工智能")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--profiles", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--one-place", action="store_true")
    given = parser.parse_args()
    chance = random.Random(given.seed)
    seeds = list(_sample())
    profiles = [_profile(chance) for _ in range(given.profiles)]
    print(
        "| measures | requirements | made ready s | shown | p50 ms | p95 ms | longest ms | p95 CPU ms | next question p95 ms |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for size in SIZES:
        records = list(_records(seeds, size, chance, given.one_place))
        started = time.perf_counter()
        offers = Offers(records)
        ready = time.perf_counter() - started
        times, busy, asking, shown = [], [], [], []
        for profile in profiles:
            started, worked = time.perf_counter(), time.process_time()
            found = match(profile, offers, DAY)
            times.append(1000 * (time.perf_counter() - started))
            busy.append(1000 * (time.process_time() - worked))
            started = time.perf_counter()
            next_question(found.current)
            asking.append(1000 * (time.perf_counter() - started))
            shown.append(len(found.current))
        print(
            f"| {size} | {len(offers.requirements)} | {ready:.2f} | {statistics.median(shown):.0f} | {statistics.median(times):.0f} "
            f"| {_p95(times):.0f} | {max(times):.0f} | {_p95(busy):.0f} | {_p95(asking):.0f} |"
        )


def _p95(times: list[float]) -> float:
    return sorted(times)[int(0.95 * (len(times) - 1))]


def _sample() -> Iterator[tuple[Measure, DocumentCard]]:
    for document in documents([CORPUS]):
        card = entry_of(document, Identity.of(document), 1, NOW).card
        yield from ((measure, card) for measure in find_measures(document))


def _records(
    seeds: list[tuple[Measure, DocumentCard]], size: int, chance: random.Random, one_place: bool
) -> Iterator[MeasureRecord]:
    granting = [pair for pair in seeds if pair[0].benefits]
    for number in range(size):
        measure, card = granting[number % len(granting)]
        level, region = ("district", HOME) if one_place else PLACES[number // len(granting) % len(PLACES)]
        copy = replace(card, id=f"{card.id}/{number // len(granting)}", level=level, region=region)
        factor = Decimal(chance.choice((1, 2, 3, 5, 8, 13, 20))) * chance.randint(1, 60)
        yield MeasureRecord(replace(_scaled(measure, factor), id=f"{copy.id}#{number}"), copy, Status("有效", ""))


def _scaled(part: object, factor: Decimal) -> object:
    """The same with every sum in 元 multiplied."""
    if isinstance(part, Amount):
        return replace(part, value=part.value * factor / 30) if part.unit == "元" else part
    if isinstance(part, tuple):
        return tuple(_scaled(each, factor) for each in part)
    if is_dataclass(part) and not isinstance(part, type):
        changed = {each.name: _scaled(getattr(part, each.name), factor) for each in fields(part)}
        return replace(part, **changed)
    return part


def _profile(chance: random.Random) -> Profile:
    def money() -> str:
        return f"{chance.choice((50, 200, 800, 1500, 3000, 9000, 20000, 120000))}万元"

    person = chance.random() < 0.2
    every: dict[str, object] = {
        "kind": "个人" if person else "企业",
        "industries": [chance.choice(INDUSTRIES)],
        "scale": chance.choice(("中小微企业", "大型企业", "小微企业")),
        "revenue": {"value": money(), "period": "上年度", "peak": money()},
        "equipment_investment": money(),
        "fixed_investment": money(),
        "total_investment": money(),
        "rd": {"value": money(), "period": "上年度", "previous": money()},
        "qualifications": {"高新技术企业": chance.choice((True, False, "首次"))},
        "project_kinds": {"新引进": chance.choice((True, False)), "技改": chance.choice((True, False))},
        "project_stage": chance.choice(("开工", "投产")),
        "degree": chance.choice(("博士", "硕士", "本科")),
        "talent_class": chance.choice(("B类", "D类")),
        "full_time": True,
        "figures": {"展位费": money(), "租金": money()},
    }
    kept = {name: value for name, value in every.items() if name == "kind" or chance.random() < 0.6}
    return profile_of({**kept, "region": HOME})


if __name__ == "__main__":
    main()
