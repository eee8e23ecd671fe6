"""Where does the issuer begin? A code or an issuer's name stands unspaced behind running text: ``根据皖政``, ``…的通知穗府办规``.

Every suffix of the run of characters before the number is scored by what it looks like and by what stands before it; the
best wins if it is good enough. The run is bounded, so the cost of a number does not depend on the length of the text.
"""

from __future__ import annotations

import re

from ingest.docnumber.lexicon import (
    ENDINGS,
    FOREIGN_TO_CODE,
    HEAD,
    LEAD_CHARS,
    LEAD_ENDING,
    LEAD_WORDS,
    LOCAL_GOVERNMENT,
    MASKS,
    MINISTRY,
    NOT_A_CODE,
    NOT_AN_ENDING,
    ORGAN_SUFFIX,
    PROVINCE_CHARS,
    PROVINCES,
    SHAPED,
    SPELLED_OUT_ORGAN,
    issuers,
)

_LONGEST_RUN = 24
_LONGEST_CODE = 8
_NAME_MASKS = "xX×"  # XX省人民政府令; * and □ before a name are marks of a list
_LONGEST_NAMES = 60  # several issuers in a row: 财政部 税务总局 海关总署公告2023年第7号
_MOST_SPACES = 4
_ENOUGH, _ENOUGH_IF_STRICT = 20.0, 25.0

_DAY = re.compile(r"[0-9一二三四五六七八九十]")
_SERIAL_END = re.compile(rf"[0-9一二三四五六七八九十{MASKS}]")
_MASK = re.compile(f"[{MASKS}]+")
_MASKED_ENDING = re.compile(r"[发办函字规秘政府委令厅]$")
_HARD_EDGE = frozenset("、，,；;（(：:》〉>\n\r\t| 〔〕0123456789")
_ISSUER_NAME = re.compile(r"(?:人民政府|委员会|改革委|主席|总局|[部局委行署厅会院国]|政府)$")
_OFFICE_OF_A_COMMITTEE = re.compile("[省市区县](?:委|政府)办公[厅室]")
_FORMER = re.compile("原(?![政府办发委]).{2}")  # 原清政〔2019〕3号 is what a repeal calls 清政〔2019〕3号
_END_OF_A_NUMBER = re.compile("号(?:文件?)?(?:和|与|以?及|暨)?")
_AFTER_A_DATE = re.compile(r"^.*[日月年](?=[\u4e00-\u9fff]{2,}[部局委会院府]$)")


def code_before(text: str, end: int, strict: bool) -> tuple[str, int] | None:
    """The 机关代字 that ends at ``end`` (spaces apart) and where it starts; None where nothing there looks like one.

    ``text`` is the plain copy. ``strict``: the brackets prove nothing, so the code itself must be convincing.
    """
    run, start = _run_before(text, end, MASKS, _LONGEST_RUN)
    if not run:
        return None
    return _code_in(text, run, start, strict) or _broken_code(text, run, start)


def _broken_code(text: str, run: str, start: int) -> tuple[str, int] | None:
    """A known code that is broken over two lines: 皖政 | 办〔2021〕12号."""
    if text[start - 1 : start] != "\n":
        return None
    above, begin = _run_before(text, start, "", _LONGEST_CODE)
    for at in range(len(above)):
        if (code := above[at:] + run) in issuers():
            return code, begin + at
    return None


def _code_in(text: str, run: str, start: int, strict: bool) -> tuple[str, int] | None:
    bounded = start == 0 or len(run) < _LONGEST_RUN
    skipped = _glued_in_front(run, text[start - 1 : start])
    run, start = run[skipped:], start + skipped
    if _MASK.search(run):
        return _masked_code(run, start, strict)
    return _spelled_out(run, start) or _best_suffix(text, run, start, bounded, strict)


def _run_before(text: str, end: int, others: str, longest: int) -> tuple[str, int]:
    """Chinese characters and ``others`` right before ``end`` (a few spaces apart), at most ``longest``, and their start."""
    last = end
    while last > 0 and end - last <= _MOST_SPACES and text[last - 1] in " \t\r\n":
        last -= 1
    start = last
    if end - last <= _MOST_SPACES:
        while start > 0 and last - start < longest and _is_part(text[start - 1], others):
            start -= 1
    return text[start:last], start


def _is_part(char: str, others: str) -> bool:
    return "\u4e00" <= char <= "\u9fff" or char in others


def _glued_in_front(run: str, before: str) -> int:
    """How much of the run is the end of a date (9月2日交海发), of a number (12号和示政办), a ministry's name (交通部交公路发)."""
    after_day = run.startswith("日") and _DAY.match(before)
    skipped = 1 if after_day or (_FORMER.match(run) and run not in issuers()) else 0
    ended = _END_OF_A_NUMBER.match(run) if _SERIAL_END.match(before) else None
    if ended:
        skipped = 1 if run[1:] in issuers() else ended.end()
    ministry = MINISTRY.match(run, skipped)
    if ministry and _is_code_after_ministry(run, ministry.end()) and run[skipped:] not in issuers():
        skipped = ministry.end()
    return skipped


def _is_code_after_ministry(run: str, position: int) -> bool:
    rest = run[position:]
    return len(rest) >= 2 and rest not in NOT_A_CODE and HEAD.match(rest) is not None


def _masked_code(run: str, start: int, strict: bool) -> tuple[str, int] | None:
    """x办发, ××政办: from the first placeholder on. 皖××: the placeholder is the tail, so the province stays."""
    first = _MASK.search(run)
    assert first is not None
    begin = first.start()
    if not _MASK.sub("", run[begin:]) and begin > 0 and run[begin - 1] in PROVINCE_CHARS:
        begin -= 1
    code = run[begin:]
    convincing = not strict or begin < first.start() or _MASKED_ENDING.search(code)
    return (code, start + begin) if len(code) <= 8 and convincing else None


def _spelled_out(run: str, start: int) -> tuple[str, int] | None:
    """The full name in place of the code: 安徽省人民政府〔2021〕12号."""
    begin = 0 if _OFFICE_OF_A_COMMITTEE.fullmatch(run) else _lead_length(run)
    if len(run) - begin < 5 or not SPELLED_OUT_ORGAN.search(run):
        return None
    begin = max([begin, *(run.rfind(province, begin) for province in PROVINCES)])
    return run[begin:], start + begin


def _lead_length(run: str) -> int:
    """Length of the lead words in front, at least two characters being left."""
    length = 0
    while True:
        word = next((w for w in (*LEAD_WORDS, *LEAD_CHARS) if run.startswith(w, length)), "")
        if not word or len(run) - length - len(word) < 2:
            return length
        length += len(word)


def _best_suffix(text: str, run: str, start: int, bounded: bool, strict: bool) -> tuple[str, int] | None:
    scored = [(score, -at) for at in range(len(run)) if (score := _score(run[at:], run[:at], bounded)) is not None]
    if not scored:
        return None
    score, at = max(scored)
    code, begin = run[-at:], start - at
    if score < (_ENOUGH_IF_STRICT if strict else _ENOUGH):
        return None
    if code in issuers() or (code[-1] in ENDINGS and len(code) >= 2):
        return code, begin
    at_hard_edge = begin == start and (start == 0 or text[start - 1] in _HARD_EDGE) and len(code) <= 10
    return (code, begin) if not strict and (code[-1] in ENDINGS or HEAD.match(code) or at_hard_edge) else None


def _score(code: str, before: str, bounded: bool) -> float | None:
    """How well ``code`` reads as a 机关代字 after ``before``; None: impossible. The weights were fitted to real numbers."""
    if code in NOT_A_CODE or len(code) > 14 or FOREIGN_TO_CODE.search(code) or NOT_AN_ENDING.search(code):
        return None
    at_edge = bounded and not before
    after_lead = before.endswith(LEAD_WORDS) or LEAD_ENDING.search(before) is not None
    after_lead_char = before[-1:] in LEAD_CHARS
    score = 30.0 if at_edge and len(code) <= 10 else 0.0
    if after_lead:
        score += 25
    elif after_lead_char:
        score += 20 if before[-1] in "按据见" else 12
    elif len(before) >= 2 and ORGAN_SUFFIX.search(before):
        score += 15
    score += _shape(code) - _penalty(code)
    if len(code) == 1 and not (code in issuers() and (at_edge or after_lead or after_lead_char)):
        score -= 30
    return score


def _shape(code: str) -> float:
    """A code that is listed, or is built as codes are."""
    score = 0.0
    if code in issuers():
        score += 40
    elif SHAPED.fullmatch(code):
        score += 25
    elif HEAD.match(code):
        score += 10
    if len(code) >= 3 and code[0] in PROVINCE_CHARS and code[1:] in issuers():
        score += 20  # 川财税 is Sichuan's; it must not be cut to the state's 财税
    return score


def _penalty(code: str) -> float:
    """A suffix that took in what stands before the code."""
    penalty = 1.5 * max(0, len(code) - 8)
    if code.startswith(LEAD_WORDS):
        penalty += 40
    ministry = MINISTRY.match(code)
    if ministry and _is_code_after_ministry(code, ministry.end()):
        penalty += 45
    if code not in issuers() and len(code) >= 4 and code[0] in LEAD_CHARS and HEAD.match(code, 1):
        penalty += 15  # 和政 (和县) is short and stays; 和合政办 loses its 和
    return penalty


def issuer_before(text: str, end: int) -> tuple[str, int] | None:
    """The body whose order or announcement ends at ``end``, or several (``财政部 税务总局``), and where they start."""
    run, run_start = _run_before(text, end, f" 、{_NAME_MASKS}", _LONGEST_NAMES)
    if local := LOCAL_GOVERNMENT.search(run):
        return local[0], run_start + local.start()
    names: list[tuple[str, int]] = []
    for part in reversed(list(re.finditer("[^ 、]+", run))):
        if not _ISSUER_NAME.search(part[0]):
            break
        names.insert(0, (part[0], run_start + part.start()))
    if not names:
        return None
    first, start = _without_lead(*names[0])
    if not 2 <= len(first) <= 24 and first != "国":
        return None
    return " ".join([first, *(name for name, _ in names[1:])]), start


def _without_lead(name: str, start: int) -> tuple[str, int]:
    """Drop a date and lead words: 2025年2月28日国家市场监督管理总局, 根据财政部."""
    dated = _AFTER_A_DATE.match(name)
    begin = dated.end() if dated else 0
    while name[begin:] not in issuers():
        word = next((w for w in (*LEAD_WORDS, *LEAD_CHARS) if name.startswith(w, begin)), "")
        if not word or begin + len(word) >= len(name):
            break
        begin += len(word)
    return name[begin:], start + begin
