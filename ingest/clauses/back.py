"""Where the back matter of a part begins: 附件说明, 署名, 成文日期, 附注, 版记."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.clauses.forms import (
    annex,
    closes,
    is_annex_list,
    is_authority,
    is_back,
    is_bracketed,
    is_colophon,
    is_copies,
    is_note,
    is_office,
    is_signature,
    is_signed_row,
    printed_without_office,
)
from ingest.clauses.lines import Line

_BACK_LINES = 80
_SIGNATURES = 12
_COPIES_LINES = 5
_SHORT_NOTE = 60


def back_start(lines: Sequence[Line], body: int, stop: int) -> int:
    """Index of the first line of 附件说明, 署名, 成文日期, 附注 and 版记 at the end of a part.

    Another bracketed line at the end belongs to it where one of these stands above.
    """
    index = start = stop
    while index > body and stop - index < _BACK_LINES:
        line = lines[index - 1]
        if line.is_row and not is_colophon(line.text):
            break
        if line.marker or annex(line.text):
            above = _annex_list_start(lines, body, index)
            if above is None:
                break
            index = start = above
        elif closes(line.text):
            index = start = _signature_start(lines, body, index - 1)
        elif printed_without_office(line.text) and index - 1 > body and is_office(lines[index - 2].text):
            index = start = index - 2
        elif is_back(line.text) or is_note(line.text) or is_annex_list(line.text) or is_authority(line.text):
            index = start = index - 1
        elif (copies := _copies_start(lines, body, index)) is not None:
            index = start = copies
        elif is_bracketed(line.text) and len(line.text) <= _SHORT_NOTE:
            index -= 1
        else:
            break
    return start


def _copies_start(lines: Sequence[Line], body: int, index: int) -> int | None:
    """Index of the 抄送 whose list of bodies runs over several lines and ends above ``index``."""
    for at in range(index - 2, max(body, index - _COPIES_LINES) - 1, -1):
        line = lines[at]
        if line.marker or line.is_row or line.text.endswith("。"):
            return None
        if is_copies(line.text):
            return at
    return None


def _signature_start(lines: Sequence[Line], body: int, index: int) -> int:
    lowest = max(body, index - _SIGNATURES)
    while index > lowest and not lines[index - 1].marker:
        above = lines[index - 1]
        if not (is_signed_row(above.text) if above.is_row else is_signature(above.text)):
            break
        index -= 1
    return index


def _annex_list_start(lines: Sequence[Line], body: int, index: int) -> int | None:
    """Index of the ``附件:1.…`` (or ``附件1 …``) that begins the list of annexes ending above ``index``."""
    at = index
    while at > body and index - at < 40:
        line = lines[at - 1]
        if is_annex_list(line.text) or (annex(line.text) and not (at - 1 > body and annex(lines[at - 2].text))):
            return at - 1
        if line.is_row or len(line.text) > 80 or "。" in line.text:
            return None
        at -= 1
    return None
