"""File numbers typed so that they are no numbers any more: 皖政办[2023]12, 国办发19年6号, 皖政办12号文, 卫生部35号令, 2023年12号文.

Such a thing is only believed where the library has a file that fits (``PartNumber.choose``): the code or the issuer that
stands before must be its own; without any, year and serial must fit one file and no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from index.titles import Known
from ingest.docnumber import find_numbers
from ingest.docnumber.lexicon import issuers
from ingest.normalize import fold
from ingest.numerals import chinese_to_int

LONGEST_WHO = 16  # characters before a number that may be its code or issuer
SHORTEST_WHO = 2
PARTS = 4  # part numbers that are looked up for one question

_YEAR = r"(?P<year>(?:19|20)\d\d|(?:二[〇○零0o]|一九)[〇○零一二三四五六七八九]{2}|(?<!\d)\d\d(?=\s*[年\]]))"
_SERIAL = r"(?P<serial>\d{1,4}|[一二三四五六七八九十百]{1,5})(?![\d一二三四五六七八九十百])"
_NUMBER = re.compile(
    rf"[\[(]?\s*{_YEAR}\s*[\])]?\s*年?[-—/_.\s]*第?\s*{_SERIAL}\s*(?P<sign>号(?:文件?|令)?|(?![月年日天%元万个家项人条]))"
)
_SERIAL_ONLY = re.compile(rf"第?\s*{_SERIAL}\s*(?P<sign>号(?:文件?|令)?|(?<=令\d\d)|(?<=令\d\d\d))")
_CANONICAL = re.compile(r"(?P<code>.*?)(?:〔(?P<year>.{4})〕|(?P<of>\d{4})年第|第)(?P<serial>\d+)号")
_LOCAL_ORDER = re.compile("[省市区县]政府令$")
# What may stand between the beginning of a question and the code or the issuer.
_LEAD = re.compile(
    r".*(?:请问|根据|按照|依据|依照|参照|关于|发文|文件|文号|一下|知道|出台|印发|发布|下发|那个|这个|是|[的在和与及或按看查问想要有里中请帮把从依照据凭找读])"
)


@dataclass(frozen=True, slots=True)
class PartNumber:
    """``before``: what stands before the number in the question, at most 16 characters, folded; ``sign``: 号文, 号令, 号 or nothing."""

    before: str
    year: int | None
    serial: int
    sign: str

    @property
    def terms(self) -> list[str]:
        """The terms under which ``part_terms`` files the numbers that may be meant."""
        if self.year:
            return [f"{self.year}/{self.serial}"]
        said = self._said
        orders = [f"令/{self.serial}"] if said.endswith("令") else []
        return [*orders, *(f"{said[i:]}/{self.serial}" for i in range(len(said) - SHORTEST_WHO + 1))]

    def choose(self, files: Sequence[tuple[int, Known]], limit: int) -> list[int]:
        """Keys of the files that are meant; none where none or more than ``limit`` fit."""
        for fits in (self._has_code, self._may_have_code, self._has_issuer):
            keys = [key for key, known in files if fits(known)]
            if keys:
                return keys if len(keys) <= limit else []
        nobody = not self._who and self.sign not in ("", "号")
        return [key for key, _ in files] if nobody and self.year and len(files) == 1 else []

    @property
    def _said(self) -> str:
        """``before`` as a code is written in ``part_terms``; 35号令 is an order, whose code ends in 令."""
        order = "令" if self.sign.endswith("令") and not self.before.endswith("令") else ""
        return _short(self.before) + order

    @property
    def _who(self) -> str:
        return _LEAD.sub("", re.sub(r".*\W", "", self._said))

    def _has_code(self, known: Known) -> bool:
        return any(self._said.endswith(code) for code, *_ in self._own(known) if code != "令")

    def _may_have_code(self, known: Known) -> bool:
        """国办 is short for 国办发 and 国办函; 皖政办 is a code of its own; some write 皖政办发 for it."""
        who = self._who
        if len(who) < SHORTEST_WHO or not self.year:
            return False
        codes = [code for code, *_ in self._own(known) if code != "令"]
        return any(who == f"{code}发" or (who not in issuers() and code.startswith(who)) for code in codes)

    def _has_issuer(self, known: Known) -> bool:
        who = self._who.removesuffix("令")
        own = [part for part in self._own(known) if part[0].endswith("令") == self._said.endswith("令")]
        return bool(own) and len(who) > SHORTEST_WHO and any(_is_short_for(who, _short(name)) for name in known.issuers)

    def _own(self, known: Known) -> Iterator[tuple[str, str | None, int]]:
        for parts in _parts(known):
            if parts[2] == self.serial and (self.year is None or parts[1] == str(self.year)):
                yield parts


def part_terms(known: Known) -> list[str]:
    """The terms under which the lexical index files the numbers of a document: code and serial, year and serial."""
    return list(
        dict.fromkeys(f"{part}/{serial}" for code, year, serial in _parts(known) for part in (code, year) if part)
    )


def find_part_numbers(text: str) -> tuple[PartNumber, ...]:
    """What may be a number in ``text``, but for those that are numbers as they stand."""
    plain = list(fold(text).lower())
    for number in find_numbers(text):
        if number.kind == "std":
            plain[number.span.start : number.span.end] = "，" * (number.span.end - number.span.start)
    return tuple(islice(dict.fromkeys(_part_numbers("".join(plain))), PARTS))


def _part_numbers(plain: str) -> Iterator[PartNumber]:
    taken = 0
    for pattern in (_NUMBER, _SERIAL_ONLY):
        for match in pattern.finditer(plain, 0):
            if pattern is _SERIAL_ONLY and match.start() < taken:
                continue
            year = _year(match["year"]) if pattern is _NUMBER else None
            if pattern is _NUMBER:
                taken = match.end()
            before = re.sub(r"\s", "", plain[max(0, match.start() - 2 * LONGEST_WHO) : match.start()])[-LONGEST_WHO:]
            serial = _integer(match["serial"])
            if serial:
                yield PartNumber(before, year, serial, match["sign"])


def _parts(known: Known) -> Iterator[tuple[str, str | None, int]]:
    """(code, year, serial) of each number of a file, under each way to write its code."""
    for number in known.numbers:
        match = _CANONICAL.fullmatch(number)
        if match:
            code = _short(match["code"].lower())
            local = _LOCAL_ORDER.search(code)
            written_so = (code, local[0] if local else code, "令" if code.endswith("令") else code)
            for written in dict.fromkeys(written_so):
                yield written, match["year"] or match["of"], int(match["serial"])


def _is_short_for(who: str, name: str) -> bool:
    """省政府 is 安徽省政府, 国家安监总局 is 国家安全生产监督管理总局: from its end, or its characters in their order and its last two."""
    letters = iter(name)
    return name.endswith(who) or (who[0] == name[0] and who[-2:] == name[-2:] and all(c in letters for c in who))


def _short(name: str) -> str:
    return name.replace("人民政府", "政府")


def _year(printed: str) -> int:
    if not printed.isdecimal():
        return chinese_to_int(re.sub("[○0o]", "〇", printed))
    return int(printed) if len(printed) == 4 else (1900 if int(printed) >= 49 else 2000) + int(printed)


def _integer(printed: str) -> int:
    return int(printed) if printed.isdecimal() else chinese_to_int(printed)
