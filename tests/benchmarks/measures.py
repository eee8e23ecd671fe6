"""How many fields of measures are read as people read them: ``python -m tests.benchmarks.measures cases.jsonl [--show]``.

Each line of the table is a clause with what it says (``expect``). A field counts once for a case in which it is expected, and
once for a case in which something was read that is not there. A figure whose digits do not stand at its span is invented.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from ingest.measures import read_measure
from ingest.measures.model import Amount
from ingest.measures.schema import to_case
from ingest.numerals import find_quantities

GROUPS = ("type", "industry", "size", "qualification", "project_kind", "person", "exclude")
WHOLE = (
    "conditions", "logic", "caps", "stacking", "channel", "platform", "dept", "apply_window", "clawback", "funding_split",
    "quota", "discretion", "risk_flags",
)  # fmt: skip
FIGURES = (
    "value",
    "rate",
    "max",
    "min",
    "rate_min",
    "rate_max",
    "points",
    "tiers",
    "schedule",
    "step",
    "stages",
    "shares",
)
_WORDS = ("全额", "减半", "免", "半", "零", "亿", "等额", ":", "1:1", "全部")


def main() -> None:
    """Prints the table and every case that is not right."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", type=Path)
    parser.add_argument(
        "--show", action="store_true", help="print what was read and what is expected, where they differ"
    )
    options = parser.parse_args()
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    whole = cases = figures = invented = 0
    for line in options.cases.read_text("utf-8").splitlines():
        case = json.loads(line)
        measure = read_measure(case["text"])
        got = to_case(measure)
        wrong = []
        for name, is_right, found, expected in compared(got, case["expect"]):
            total[name] += 1
            right[name] += is_right
            if not is_right:
                wrong.append((name, found, expected))
        amounts = list(amounts_of(measure))
        absent = [amount for amount in amounts if not stands(case["text"], amount)]
        figures, invented, cases, whole = figures + len(amounts), invented + len(absent), cases + 1, whole + (not wrong)
        if wrong or absent:
            print(f"{case['id']}: {', '.join(name for name, _, _ in wrong)} {absent or ''}")
            if options.show:
                print(f"   {case['text']}")
                for name, found, expected in wrong:
                    print(f"   {name}\n     read     {shown(found)}\n     expected {shown(expected)}")
    for name in total:
        print(f"{name:28} {right[name]:4} / {total[name]:4}")
    print(
        f"fields {sum(right.values())} / {sum(total.values())} = {sum(right.values()) / max(1, sum(total.values())):.1%}"
    )
    print(f"cases without a difference {whole} / {cases}; figures {figures}, invented {invented}")


def compared(got: dict[str, Any], expected: dict[str, Any]) -> Iterator[tuple[str, bool, object, object]]:
    """Every field that one of the two has: name, alike, what was read, what is expected. Order is no difference."""
    for group in GROUPS:
        yield from _alike(
            f"beneficiary.{group}", got["beneficiary"].get(group), expected.get("beneficiary", {}).get(group)
        )
    for name in WHOLE:
        if name == "logic" and not expected.get("logic"):
            continue  # with several conditions the table says 且 in some cases only
        yield from _alike(name, got.get(name), expected.get(name))
    read, wanted = got["benefits"], expected.get("benefits", [])
    for part in ("type", "form"):
        yield from _alike(f"benefits.{part}", [b[part] for b in read], [b[part] for b in wanted])
    figures = [[{name: b[name] for name in FIGURES if name in b} for b in benefits] for benefits in (read, wanted)]
    yield from _alike("benefits.figures", *figures)
    yield from _alike("benefits", read, wanted)


def _alike(name: str, found: object, expected: object) -> Iterator[tuple[str, bool, object, object]]:
    if found or expected:
        yield name, shown(found) == shown(expected), found, expected


def shown(value: object) -> str:
    """The value as text that does not depend on order, or on 1 being written as 1.0."""
    if isinstance(value, list):
        return "[" + ", ".join(sorted(map(shown, value))) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {shown(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{float(value):g}"
    return str(value) if value else ""


def amounts_of(value: object) -> Iterator[Amount]:
    """Every figure of a measure."""
    if isinstance(value, Amount):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from amounts_of(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from amounts_of(getattr(value, field.name))


def stands(text: str, amount: Amount) -> bool:
    """The digits of the figure are printed at its span, or a word that says it (减半, 全额)."""
    words = amount.span.of(text)
    if not words:
        return False
    around = text[max(0, amount.span.start - 1) : amount.span.end + 24]
    digits = {_digits(Decimal(repr(quantity.value))) for quantity in find_quantities(around)}
    printed = "".join(char for char in words if char.isdecimal() or char == ".")
    if printed.replace(".", "", 1).isdecimal():
        digits.add(_digits(Decimal(printed)))
    return _digits(amount.value) in digits or any(word in words for word in _WORDS)


def _digits(value: Decimal) -> str:
    return "".join(map(str, value.normalize().as_tuple().digits)).strip("0") or "0"


if __name__ == "__main__":
    main()
