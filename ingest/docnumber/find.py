"""Find file numbers in running text, in every form that real files print.

Four finders, each a generator over one pattern, run in order of certainty; a later one never takes characters that an earlier
one has taken. Everything is matched on a plain copy of the same length, so spans are spans of the original.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ingest.docnumber.lexicon import HEXAGONAL, MASKS, OPENERS, PLAIN, ROUND, SPELLED_OUT_ORGAN, government_of, issuers
from ingest.docnumber.trim import code_before, issuer_before
from ingest.document import DocumentNumber, Span
from ingest.numerals import chinese_to_int

_CHINESE_DIGITS = "一二三四五六七八九十百零〇"
_SERIAL = rf"(?P<serial>\d{{1,4}}|[{_CHINESE_DIGITS}]{{1,6}})"

_BRACKETED = re.compile(
    rf"""
  (?P<open>〔)\s{{0,6}}
  (?P<year>
      (?:19|2[0OoQ])\s{{0,2}}[0-9OolI]\s{{0,2}}[0-9OolI]   # 2021, with letters that OCR takes for digits; broken over lines
    | (?:19|20)[0-9{MASKS}]{{1,2}}                   # 202x 20××
    | [{MASKS}]{{2,4}}                               # XXXX
    | [二一][〇○零0O九][〇○零O一二三四五六七八九]{{2}}    # 二〇二一
    | [0-9]{{2}}                                     # 98
    | (?=\s*〕)                                      # 〔 〕: not yet numbered
  )\s{{0,3}}年?(?:度)?\s{{0,4}}
  (?P<close>〕)\s{{0,4}}
  (?P<zi>字)?\s{{0,2}}(?P<di>第)?\s{{0,3}}
  (?P<serial>
      (?:[0-9OolI]\s{{0,2}}){{1,5}}
    | [{MASKS}…]{{1,6}}
    | [{_CHINESE_DIGITS}]{{1,6}}
    | (?=号)
  )\s{{0,4}}
  (?P<hao>号)?
""",
    re.VERBOSE,
)
_ORDER = re.compile(
    rf"令\s{{0,3}}〔?\s{{0,2}}(?:(?P<year>(?:19|20)\d{{2}})\s?年)?\s{{0,2}}(?:第|NO\.?|No\.?|№)?\s{{0,2}}{_SERIAL}\s{{0,2}}号"
)
_ANNOUNCEMENT = re.compile(
    r"(?P<form>公告|通告|令)\s{0,3}〔?\s{0,2}(?P<year>(?:19|20)\d{2})\s?年\s{0,2}第\s{0,2}(?P<serial>\d{1,4})\s{0,2}号"
)
_FORM_LAST = re.compile(  # 第37号令, 2011年第9号令, 2023年第7号公告
    rf"(?:(?P<year>(?:19|20)\d{{2}})\s?年\s?)?第\s{{0,2}}{_SERIAL}\s{{0,2}}号(?P<form>令|公告)(?![牌第])"
)
_ANNOUNCEMENT_BY_SESSION = re.compile(  # 安徽省第十三届人民代表大会常务委员会公告(第十五号): numbered through its years
    rf"(?<=委员会)(?P<form>公告)\s{{0,3}}〔?\s{{0,2}}第\s{{0,2}}{_SERIAL}\s{{0,2}}号"
)
_LOST_CLOSING = re.compile(r"〔\s{0,2}(?P<year>(?:19|20)\d{2})\s{0,2}(?P<serial>\d{1,4})\s{0,2}号")  # 皖发〔20229号
_LOST_OPENING = re.compile(
    r"(?<=[\u4e00-\u9fff])[CcLlIf|]?(?P<year>(?:19|20)\d{2})\s{0,2}〕\s{0,2}(?P<serial>\d{1,4})\s{0,2}号"
)
_LOST_BRACKETS = re.compile(  # 皖政办2021年12号; in file names and addresses 甘区政办发201756号
    r"(?<=[\u4e00-\u9fff])(?P<year>(?:19[5-9]|20[0-4])\d)(?:\s{0,2}年?\s{0,2}|[-_－—])第?(?P<serial>[1-9]\d{0,3})\s{0,2}号"
    r"(?![楼院线路店铺门栋仓库机台风桥])"
)
_NEXT_SERIAL = re.compile(
    r"\s{0,2}[、，,和及与]\s{0,2}(?:〔\s{0,2}(?P<year>(?:19|20)\d{2})\s{0,2}〕\s{0,2})?第?(?P<serial>\d{1,4})\s{0,2}号"
)
_SHARED_HAO = re.compile(r"(?:\s{0,2}[、，,]\s{0,2}\d{1,4}){1,8}\s{0,2}号")  # 〔2021〕12、13号
_RANGE = re.compile(r"\s?[-—–~～至]\s?(?P<serial>\d{1,4})\s{0,2}号")  # 〔2021〕12—15号: the two that are printed

_OPENER_OR_HAO = re.compile(f"[号號{re.escape(OPENERS)}]")

_OCR_DIGITS = str.maketrans("OoQlI", "00011")
_NOT_AFTER_BARE = "年月日期页个项台套名人家万亿元%-./"  # 〔2021〕12万吨 is an amount, not a number that lost its 号
_LABEL_OF_OTHER_NUMBERS = re.compile(r"(?:编号|序号|证号?|[案备批]号|合同号|室|图|表|页|期|楼|[A-Za-z])$")
_DOUBT = {
    "ocr_year": 0.2, "ocr_serial": 0.2, "two_digit_year": 0.2, "no_hao": 0.2, "round": 0.05, "unknown_code": 0.1,
    "masked_year": 0.1, "masked_code": 0.1, "masked_serial": 0.1, "blank_year": 0.3, "blank_serial": 0.3,
}  # fmt: skip
_MASKED_NAME = re.compile("[xX×某]")
_NAME_WITHOUT_PLACE = re.compile("(?:[省市区县州盟旗]|自治[区州县旗])?(?:人民)?政府")
_SHORT_NAMES = {"国": "国务院"}
_STATE = re.compile("(?:^|(?<= ))中华人民共和国(?=.{2})")


def find_numbers(text: str) -> tuple[DocumentNumber, ...]:
    """All 发文字号 in ``text`` in order, with disjoint spans; ``printed == text[span]``. Time grows with the length only.

    A list that shares a code (财税〔2016〕36号、〔2018〕32号) gives one number each. Unknown digits stay masked.

    >>> [n.canonical for n in find_numbers("根据皖政[2021]5号、8号文件和公平竞争审查条例（国务院令第783号）")]
    ['皖政〔2021〕5号', '皖政〔2021〕8号', '国务院令第783号']
    """
    if not _OPENER_OR_HAO.search(text):
        return ()
    plain = text.translate(PLAIN)
    taken = bytearray(len(text))
    found: list[DocumentNumber] = []
    for finder in (_announcements, _orders, _bracketed, _damaged) if "号" in plain else (_bracketed,):
        for number in finder(plain, text):
            span = number.span
            if not any(taken[span.start : span.end]):
                taken[span.start : span.end] = b"\1" * (span.end - span.start)
                found.append(number)
    return tuple(sorted(found, key=lambda number: number.span.start))


def _announcements(plain: str, text: str) -> Iterator[DocumentNumber]:
    for match in _ANNOUNCEMENT.finditer(plain):
        yield from _issued(text, match, issuer_before(plain, match.start()), match["form"])
    for match in _FORM_LAST.finditer(plain):
        if match["form"] == "公告" and match["year"]:
            yield from _issued(text, match, issuer_before(plain, match.start()), "公告")
    for match in _ANNOUNCEMENT_BY_SESSION.finditer(plain):
        yield from _issued(text, match, issuer_before(plain, match.start()), "公告")


def _orders(plain: str, text: str) -> Iterator[DocumentNumber]:
    for pattern in (_ORDER, _FORM_LAST):
        for match in pattern.finditer(plain):
            if match.groupdict().get("form", "令") == "令":
                yield from _issued(text, match, issuer_before(plain, match.start()), "令")


def _issued(text: str, match: re.Match[str], issuer: tuple[str, int] | None, form: str) -> Iterator[DocumentNumber]:
    """An order or announcement, named by its issuer. Orders are mostly numbered through the years and then print none."""
    if issuer is None:
        return
    name, start = issuer
    masked = _MASKED_NAME.search(name) is not None
    name = _STATE.sub("", name)
    code = re.sub("[X×]", "x", _name_of_orders(name) if form == "令" else name) + form
    year, serial = int(match.groupdict().get("year") or 0) or None, chinese_to_int(match["serial"])
    canonical = f"{code}{f'{year}年' if year else ''}第{serial}号"
    span = Span(start, match.end())
    kind: Literal["nocode", "order", "announce"] = "order" if form == "令" else "announce"
    if _NAME_WITHOUT_PLACE.fullmatch(code.removesuffix(form)):  # 省政府令第5号: every province has one
        kind = "nocode"
    flags = ("masked_code",) if masked else ()
    yield DocumentNumber(
        code, year, serial, canonical, span.of(text), span, kind, masked, flags, 0.9 if masked else 1.0
    )


def _name_of_orders(name: str) -> str:
    """国 → 国务院, 粤府 → 广东省人民政府: an order bears its issuer's name."""
    return _SHORT_NAMES.get(name) or government_of(name) or name


def _bracketed(plain: str, text: str) -> Iterator[DocumentNumber]:
    for match in _BRACKETED.finditer(plain):
        number = _read_bracketed(plain, text, match)
        if number is not None:
            yield number
            yield from _continued(plain, text, match, number)


def _read_bracketed(plain: str, text: str, match: re.Match[str]) -> DocumentNumber | None:
    opening, closing = text[match.start("open")], text[match.start("close")]
    is_round = opening in ROUND and closing in ROUND
    hexagonal = opening in HEXAGONAL or closing in HEXAGONAL
    if not match["hao"] and not (hexagonal and _may_lack_hao(plain, match)):
        return None
    year, serial = _year(match["year"]), _serial(match["serial"])
    if year is None or serial is None:
        return None
    flags = [flag for flag in (year.flag, serial.flag) if flag]
    flags += ["leading_zero"] * match["serial"].startswith(("0", "O", "o"))
    flags += ["zi"] * bool(match["zi"]) + ["di"] * bool(match["di"]) + ["no_hao"] * (not match["hao"])
    flags += ["round"] if is_round else ["bracket"] * (opening not in HEXAGONAL)
    flags += ["space"] * bool(re.search(r"\s", match[0].strip()))
    strict = is_round or (not hexagonal and opening not in "[［【")
    core = _Core(year, serial, Span(*match.span()), tuple(flags))
    found = code_before(plain, match.start(), strict)
    return _with_code(text, core, *found) if found else _without_code(plain, text, core)


def _may_lack_hao(plain: str, match: re.Match[str]) -> bool:
    if _RANGE.match(plain, match.end()):
        return True
    after = plain[match.end() : match.end() + 1]
    return bool(match["serial"]) and not after.isdigit() and (not after or after not in _NOT_AFTER_BARE)


@dataclass(frozen=True, slots=True)
class _Part:
    """Year or serial: ``value`` (None: masked or blank), how the canonical form shows it, what was odd about it."""

    value: int | None
    shown: str
    flag: str


@dataclass(frozen=True, slots=True)
class _Core:
    """The part of a number behind the code: 〔2021〕12号."""

    year: _Part
    serial: _Part
    span: Span
    flags: tuple[str, ...]

    @property
    def masked(self) -> bool:
        return self.year.value is None or self.serial.value is None

    @property
    def shown(self) -> str:
        return f"〔{self.year.shown}〕{self.serial.shown}号"


def _year(raw: str) -> _Part | None:
    """None where it is no year that a file can have."""
    raw = re.sub(r"\s", "", raw)
    if not raw:
        return _Part(None, "    ", "blank_year")
    digits = raw.translate(_OCR_DIGITS)
    if re.fullmatch(r"\d{2}|\d{4}", digits):
        year = int(digits) if len(digits) == 4 else (1900 if int(digits) >= 49 else 2000) + int(digits)
        flag = "two_digit_year" if len(digits) == 2 else "ocr_year" * (digits != raw)
    elif re.fullmatch("[二一][〇○零九O0].+", raw):
        year, flag = chinese_to_int(re.sub("[○O0]", "〇", raw)), "cn_year"
    else:
        return _Part(None, re.sub(f"[{MASKS}]", "x", raw), "masked_year")
    return _Part(year, str(year), flag) if 1949 <= year <= 2049 else None


def _serial(raw: str) -> _Part | None:
    """None where it is no serial (0)."""
    printed = re.sub(r"\s", "", raw)
    digits = printed.translate(_OCR_DIGITS)
    if not printed:
        return _Part(None, "", "blank_serial")
    if digits.isdecimal():
        value, flag = int(digits), "ocr_serial" * (digits != printed)
    elif re.fullmatch(f"[{_CHINESE_DIGITS}]+", printed):
        value, flag = chinese_to_int(printed), "cn_serial"
    else:
        return _Part(None, "x", "masked_serial")
    return _Part(value, str(value), flag) if value else None


def _with_code(text: str, core: _Core, code: str, start: int) -> DocumentNumber:
    masked_code = re.search(f"[{MASKS}]", code) is not None
    code = re.sub("[X×]", "x", code)
    marks = {
        "masked_code": masked_code,
        "unknown_code": code not in issuers(),
        "code_is_org": len(code) >= 5 and SPELLED_OUT_ORGAN.search(code) is not None,
    }
    flags = (*core.flags, *(flag for flag, is_so in marks.items() if is_so))
    span = Span(start, core.span.end)
    kind: Literal["std", "order"] = "order" if code.endswith("令") else "std"
    canonical = code + core.shown
    if kind == "order":  # 农业部令〔2013〕第2号 is 农业部令2013年第2号
        code = _name_of_orders(code.removesuffix("令")) + "令"
        canonical = f"{code}{core.year.shown}年第{core.serial.shown}号"
    return DocumentNumber(
        code, core.year.value, core.serial.value, canonical, span.of(text), span,
        kind, masked_code or core.masked, flags, _confidence(1.0, flags),
    )  # fmt: skip


def _without_code(plain: str, text: str, core: _Core) -> DocumentNumber | None:
    """《…意见》〔2021〕12号: a number whose code is missing. Only where brackets, 号 and all digits are there."""
    before = re.search(r"[\u4e00-\u9fffA-Za-z×*]+\Z", plain[max(0, core.span.start - 12) : core.span.start])
    of_something_else = before is not None and _LABEL_OF_OTHER_NUMBERS.search(before[0])
    if core.masked or "round" in core.flags or "no_hao" in core.flags or of_something_else:
        return None
    confidence = _confidence(0.3 if before else 0.4, core.flags)
    return DocumentNumber(
        "", core.year.value, core.serial.value, core.shown, core.span.of(text), core.span, "nocode", False, core.flags, confidence
    )  # fmt: skip


def _confidence(base: float, flags: tuple[str, ...]) -> float:
    return round(max(base - sum(_DOUBT.get(flag, 0.0) for flag in flags), 0.1), 2)


def _continued(plain: str, text: str, match: re.Match[str], first: DocumentNumber) -> Iterator[DocumentNumber]:
    """The further numbers of a list: 〔2021〕12、13号 or 5号、8号 or 36号、〔2018〕32号."""
    if first.serial is None or not first.code:
        return
    end = match.end()
    if not match["hao"] and (through := _RANGE.match(plain, end)):
        yield _sibling(text, first, None, int(through["serial"]), Span(through.start("serial"), through.end()))
        end = through.end()
    elif not match["hao"] and (shared := _SHARED_HAO.match(plain, end)):
        for digits in re.finditer(r"\d{1,4}", shared[0]):
            start = end + digits.start()
            yield _sibling(text, first, None, int(digits[0]), Span(start, start + len(digits[0])))
        end = shared.end()
    while following := _NEXT_SERIAL.match(plain, end):
        start = plain.find("〔", following.start(), following.end()) if following["year"] else following.start("serial")
        year = int(following["year"]) if following["year"] else None
        yield _sibling(text, first, year, int(following["serial"]), Span(start, following.end()))
        end = following.end()


def _sibling(text: str, first: DocumentNumber, year: int | None, serial: int, span: Span) -> DocumentNumber:
    """Same code, and same year unless the list names another."""
    shown = first.canonical[len(first.code) + 1 : first.canonical.index("〕")]
    masked = first.masked and (year is None or "masked_code" in first.flags)
    canonical = f"{first.code}〔{year or shown}〕{serial}号"
    confidence = min(0.85, first.confidence)
    return DocumentNumber(
        first.code, year or first.year, serial, canonical, span.of(text), span, "std", masked, ("list",), confidence
    )


def _damaged(plain: str, text: str) -> Iterator[DocumentNumber]:
    """Numbers that lost brackets. Their year and serial may be cut in the wrong place: never a key."""
    for pattern, flag, confidence in (
        (_LOST_CLOSING, "lost_close", 0.6),
        (_LOST_OPENING, "lost_open", 0.6),
        (_LOST_BRACKETS, "no_bracket", 0.5),
    ):
        for match in pattern.finditer(plain):
            found = code_before(plain, match.start(), strict=True)
            if found is None:
                continue
            code, start = found
            if flag == "no_bracket" and code not in issuers() and code[-1] not in "发办函字规秘府政":
                continue
            year, serial, span = int(match["year"]), int(match["serial"]), Span(start, match.end())
            canonical = f"{code}〔{year}〕{serial}号"
            yield DocumentNumber(
                code, year, serial, canonical, span.of(text), span, "damaged", False, (flag,), confidence
            )  # fmt: skip
