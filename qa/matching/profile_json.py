"""A profile as JSON, both ways. What cannot be understood is refused, and the error names the field in Chinese."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from ingest.document import Span
from ingest.errors import PolicyError
from ingest.measures.conditions_numbers import exact, unit_of
from ingest.normalize import fold
from ingest.numerals import find_quantities
from qa.matching.profile import DEGREES, FIGURES, KINDS, LABELS, SCALES, STAGES, TALENT_CLASSES, Figure, Profile, Trait

LONGEST = 200  # characters of one answer, and most entries of a list
_NUMBER = re.compile(r"-?\d{1,15}(?:,\d{3}){0,4}(?:\.\d{1,8})?")
_OTHER_UNIT = re.compile(
    r"(?P<number>\d{1,15}(?:\.\d{1,8})?)\s?(?P<scale>[万亿])?(?P<unit>[千兆]瓦时?|吨(?:标准煤)?|度|[a-zA-Z]{1,8})"
)
_HIGHEST = Decimal(10) ** 15
_CHOICES = {"kind": KINDS, "scale": tuple(SCALES), "degree": DEGREES, "talent_class": TALENT_CLASSES,
            "project_stage": STAGES}  # fmt: skip
_TRAITS = ("sizes", "qualifications", "project_kinds", "statements")
_AGAIN = {"首次": False, "重新": True, "是": None}


class ProfileError(PolicyError):
    """A field of a profile is unusable: ``营业收入：看不懂“约1亿”``."""


def profile_from_json(text: str | bytes) -> Profile:
    """Raises ProfileError."""
    try:
        given = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise ProfileError("画像不是合法的 JSON", "请检查引号、逗号和括号") from error
    if not isinstance(given, Mapping):
        raise ProfileError("画像须是一个 JSON 对象", '例如 {"region": "清河区", "revenue": "1.2亿"}')
    return profile_of(given)


def profile_of(given: Mapping[str, Any]) -> Profile:
    """A profile of plain values; names of fields as in ``Profile`` or as their Chinese labels. Raises ProfileError."""
    names = {label: name for name, label in LABELS.items()}
    values: dict[str, Any] = {}
    for key, value in given.items():
        name = names.get(key, key)
        if name not in LABELS:
            raise ProfileError(f"没有“{str(key)[:20]}”这一项", f"可填：{'、'.join(LABELS.values())}")
        if name in values:
            raise ProfileError(f"{LABELS[name]}：填了两次")
        if value is not None and value != "":
            values[name] = _value(name, value)
    return Profile(**values)


def profile_to_json(profile: Profile) -> dict[str, Any]:
    """What is filled in, as ``profile_of`` takes it."""
    result: dict[str, Any] = {}
    for each in fields(Profile):
        value = getattr(profile, each.name)
        if value != each.default:
            result[each.name] = _plain(value, each.name)
    return result


def _plain(value: object, name: str) -> object:
    if name in _TRAITS:
        words = {None: True, False: "首次", True: "重新"}
        return {trait.name: words[trait.again] if trait.held else False for trait in value}
    if name == "figures":
        return {words: _plain_figure(figure) for words, figure in value}
    if isinstance(value, Figure):
        return _plain_figure(value)
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _plain_figure(figure: Figure) -> dict[str, str]:
    given = {"value": str(figure.value), "unit": figure.unit, "period": figure.period}
    for name in ("previous", "peak"):
        if (value := getattr(figure, name)) is not None:
            given[name] = str(value)
    return given


def _value(name: str, value: object) -> object:
    label = LABELS[name]
    if name in FIGURES:
        return _figure(label, FIGURES[name], value)
    if name in _TRAITS:
        return _traits(label, value)
    if name == "figures":
        if not isinstance(value, Mapping) or len(value) > LONGEST:
            raise ProfileError(f"{label}：须是“名称: 数额”的形式")
        return tuple((_words(label, key), _figure(_words(label, key), None, each)) for key, each in value.items())
    if name in ("industries", "titles"):
        return tuple(_words(label, each) for each in _list(label, value))
    if name in ("no_other_qualifications", "full_time"):
        return _yes(label, value)
    if name == "founded":
        return _date(label, value)
    if name == "age":
        return _age(label, value)
    words = _words(label, value)
    return _choice(label, words, _CHOICES[name]) if name in _CHOICES else words


def _words(label: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
        raise ProfileError(f"{label}：须是不超过{LONGEST}字的文字")
    return " ".join(value.split())


def _list(label: str, value: object) -> list[Any]:
    values = re.split("[、,，;；]", value) if isinstance(value, str) else value
    if not isinstance(values, list | tuple) or len(values) > LONGEST:
        raise ProfileError(f"{label}：须是文字或文字的列表")
    return [each for each in values if each != ""]


def _choice(label: str, words: str, choices: tuple[str, ...]) -> str:
    """A short form of one choice stands for it (中小微 for 中小微企业)."""
    found = [c for c in choices if c == words] or [c for c in choices if c.startswith(words)]
    if len(found) != 1:
        raise ProfileError(f"{label}：没有“{words[:20]}”", f"可填：{'、'.join(choices)}")
    return found[0]


def _yes(label: str, value: object) -> bool:
    answers = {True: True, False: False, "是": True, "否": False}
    if not isinstance(value, bool | str) or value not in answers:
        raise ProfileError(f"{label}：须填“是”或“否”")
    return answers[value]


def _date(label: str, value: object) -> date:
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", value) if isinstance(value, str) else None
    try:
        if found:
            return date(*map(int, found.groups()))
    except ValueError:
        pass
    raise ProfileError(f"{label}：看不懂“{str(value)[:20]}”", "请写成 2020-05-18")


def _age(label: str, value: object) -> int:
    digits = str(value).removesuffix("周岁").removesuffix("岁")
    if isinstance(value, bool) or not digits.isdecimal() or not 14 <= int(digits[:4]) <= 120:
        raise ProfileError(f"{label}：须是 14 至 120 之间的整数")
    return int(digits)


def _traits(label: str, value: object) -> tuple[Trait, ...]:
    """``["高新技术企业"]``, or ``{"高新技术企业": "首次", "瞪羚企业": false}``."""
    if not isinstance(value, Mapping):
        return tuple(Trait(_words(label, each)) for each in _list(label, value))
    traits = []
    for key, state in value.items():
        name = _words(label, key)
        if isinstance(state, bool) or state in ("是", "否"):
            traits.append(Trait(name, _yes(label, state)))
        elif state in _AGAIN:
            traits.append(Trait(name, True, _AGAIN[state]))
        else:
            raise ProfileError(f"{label}：“{name}”须填 是、否、首次 或 重新")
    return tuple(traits)


def _figure(label: str, unit: str | None, value: object) -> Figure:
    if not isinstance(value, Mapping):
        return Figure(*_amount(label, unit, value))
    unknown = set(value) - {"value", "unit", "period", "previous", "peak"}
    if unknown or "value" not in value:
        raise ProfileError(f"{label}：须有 value，另可有 unit、period、previous、peak")
    printed = value.get("unit")
    amount, own = _amount(label, unit if printed is None else str(printed)[:LONGEST], value["value"])
    if unit is not None and own != unit and not (unit == "元" and own == "USD"):
        raise ProfileError(f"{label}：单位须是{unit or '%'}")
    others = {n: _amount(label, own, value[n])[0] for n in ("previous", "peak") if value.get(n) is not None}
    period = value.get("period") or ""
    return Figure(amount, own, _words(label, period) if period else "", **others)


def _amount(label: str, unit: str | None, value: object) -> tuple[Decimal, str]:
    """Value and unit of ``1.2亿``, ``3000万元``, ``12%``, ``120人`` or a bare number in the field's own unit."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise ProfileError(f"{label}：须是数字，或 1.2亿、3000万元 这样的写法")
    text = fold(value.strip()) if isinstance(value, str) else str(value)
    if len(text) > LONGEST:
        raise ProfileError(f"{label}：太长")
    if not isinstance(value, str) or _NUMBER.fullmatch(text):
        amount = _decimal(label, text.replace(",", ""))
        if unit == "" and abs(amount) > 1:
            raise ProfileError(f"{label}：“{text[:20]}”是百分之几？", "请写成 12% 或 0.12")
        return _within(label, amount, unit or ""), unit or ""
    sign, text = (-1, text[1:]) if text.startswith("-") else (1, text)
    found = find_quantities(text)
    whole = found[0] if len(found) == 1 and found[0].span == Span(0, len(text)) else None
    other = _OTHER_UNIT.fullmatch(text) if unit is None and whole is None else None
    if other:
        scale = {"万": 10**4, "亿": 10**8}.get(other["scale"], 1)
        return _within(label, _decimal(label, other["number"]) * sign * scale, other["unit"]), other["unit"]
    if whole is None or whole.comparator or whole.approximate:
        raise ProfileError(f"{label}：看不懂“{text[:20]}”", "请写成准确的数，例如 1.2亿、3000万元、12%、120人")
    own = unit_of(whole.unit)
    amount = _decimal(label, str(exact(whole.value))) * sign
    amount, own = _converted(amount, own, unit)
    if unit is not None and own != unit and not (unit == "元" and own == "USD"):
        raise ProfileError(f"{label}：“{text[:20]}”的单位不对，须是{unit or '%'}")
    return _within(label, amount, own), own


def _converted(amount: Decimal, own: str, unit: str | None) -> tuple[Decimal, str]:
    """Units that count the same: 名 and 人, 项 and 件 of patents, 年 and 个月."""
    if (own, unit) == ("年", "个月"):
        return amount * 12, "个月"
    if own in ("名", "位", "个", "项", "件") and unit in ("人", "件"):
        return amount, unit
    return amount, own


def _decimal(label: str, text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation as error:
        raise ProfileError(f"{label}：看不懂“{text[:20]}”") from error
    if not amount.is_finite() or abs(amount) > _HIGHEST:
        raise ProfileError(f"{label}：数额超出范围")
    return amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount


def _within(label: str, amount: Decimal, unit: str) -> Decimal:
    if amount < 0 and unit:  # only a rate of growth falls below nought
        raise ProfileError(f"{label}：不能是负数")
    return amount
