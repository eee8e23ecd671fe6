"""Titles in 书名号, and the key by which two printings of one title are recognised."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ingest.document import Span

_LONGEST_TITLE = 200
_LONGEST_KEYED = 400  # a heading may be longer than a citation; nothing is gained by reading further

_PARTNERS = {"》": "《", "〉": "〈", ">": "<", "＞": "＜"}
_BRACKETS = re.compile("[《》〈〉<>＜＞]")
_NOT_IN_TITLE = re.compile("[。；;]")
# A certificate or a form to fill in: printed in 《》, but no file that could be in force.
_FORM = re.compile(
    r"(?:证|证明|表|合同|协议|(?<!议定)(?<!白皮)(?<!蓝皮)书|回执|记录|执照|卡|簿|名册|记册|[知报请记回存]单)"
    r"\s?(?:[（(][^（()）]{1,12}[）)])?\Z"
)

MARK = re.compile(
    r"[（(\[【](?P<mark>试行|暂行|征求意见稿|(?:19|20)\d{2}年?版?|(?:(?:19|20)\d{2}年)?修[订正改](?:版|本|稿)?|[\d.]+版)[）)\]】]"
)
_SITE_MARK = re.compile(r"^\s*【[^】]{2,8}】")
_ORGAN = r"(?:省委|市委|区委|县委|人民政府|办公厅|办公室|管委会|委员会|领导小组|[局厅部委院行会署](?:等.{1,6}部门)?)"
_ISSUER = re.compile(rf"^[\u4e00-\u9fffxX×*、 ]{{2,80}}?{_ORGAN}\s?(?=(?:关于|印发|转发|批转|发布))")
_PREFIX = re.compile("^(?:关于)?(?:印发|转发|批转|发布|公布)?(?:关于)?")
_CARRIES = re.compile("印发|转发|批转|发布|公布")
_CARRIER = re.compile("的(?:通知|意见|通告|公告|批复|函|决定)$")
_PUNCTUATION = re.compile(r"[^\w]|_")
_FULL_WIDTH = {0xFF01 + i: chr(0x21 + i) for i in range(94)}


@dataclass(frozen=True, slots=True)
class Title:
    """A title in 《》: where it stands, brackets included, and the titles inside it."""

    span: Span
    text: str
    inner: tuple[Span, ...] = ()


def find_titles(text: str) -> list[Title]:
    """Outermost 《》 pairs. A bracket that is never closed, or not within 200 characters, takes nothing with it."""
    open_brackets: list[tuple[str, int]] = []
    waiting = dict.fromkeys(_PARTNERS.values(), 0)
    pairs: list[tuple[str, Span]] = []
    for match in _BRACKETS.finditer(text):
        partner = _PARTNERS.get(match[0])
        if partner is None:
            open_brackets.append((match[0], match.start()))
            waiting[match[0]] += 1
        elif waiting[partner]:
            while True:
                bracket, start = open_brackets.pop()
                waiting[bracket] -= 1
                if bracket == partner:
                    break
            if 4 <= match.end() - start <= _LONGEST_TITLE and not _NOT_IN_TITLE.search(text, start, match.end()):
                pairs.append((bracket, Span(start, match.end())))
    return _outermost(text, pairs)


def _outermost(text: str, pairs: list[tuple[str, Span]]) -> list[Title]:
    titles: list[Title] = []
    for bracket, span in sorted(pairs, key=lambda pair: (pair[1].start, -pair[1].end)):
        if titles and titles[-1].span.contains(span):
            titles[-1] = replace(titles[-1], inner=(*titles[-1].inner, span))
        elif bracket == "《":
            titles.append(Title(span, in_one_line(text[span.start + 1 : span.end - 1])))
    return titles


def in_one_line(title: str) -> str:
    """A title that runs over a line break, in one line."""
    return re.sub(r"\s*\n\s*", "", title)


def is_form(title: str) -> bool:
    """A certificate (证), a form to fill in (申请表) or a contract is no file that could be in force; a 议定书 is."""
    return _FORM.search(title) is not None


def title_key(title: str) -> tuple[str, tuple[str, ...]]:
    """What two printings of one title share, and its version marks (试行, 修订, 2021年修订, 2.0版), which must be equal too.

    The issuer, 关于, a wrapper (关于印发〈…〉的通知: the inner title counts), 的通知 and punctuation are dropped.

    >>> title_key("安徽省人民政府办公厅关于印发《支持企业发展若干政策（试行）》的通知")
    ('支持企业发展若干政策', ('试行',))
    """
    title = title[:_LONGEST_KEYED].translate(_FULL_WIDTH)
    marks: list[str] = []
    while (inner := _wrapped(title)) is not None:
        marks += [mark["mark"] for mark in MARK.finditer(title.replace(inner, "", 1))]
        title = inner
    marks += [mark["mark"] for mark in MARK.finditer(title)]
    base = "".join(MARK.sub("", _SITE_MARK.sub("", title)).split())
    base = _PREFIX.sub("", _ISSUER.sub("", base, count=1), count=1)
    return _PUNCTUATION.sub("", _CARRIER.sub("", base, count=1)).casefold(), tuple(sorted(set(marks)))


def issuer_in_title(title: str) -> str:
    """The body that a title begins with (``安徽省人民政府办公厅``关于印发…); empty where it begins with its subject."""
    match = _ISSUER.match(title[:_LONGEST_KEYED].strip())
    return match[0].strip() if match else ""


def _wrapped(title: str) -> str | None:
    """The title inside a wrapper that only carries it (印发, 转发)."""
    opening = re.search("[《〈<]", title)
    end = max(title.rfind(closing) for closing in "》〉>")
    if opening is None or end <= opening.end() or not _CARRIES.search(title, 0, opening.start()):
        return None
    return title[opening.end() : end]
