"""Two copies of a text: ``tidy`` makes the one that people read, ``fold`` the one that patterns match.

``fold`` never changes the length, so an offset found in the folded copy is an offset in the text. ``tidy`` is applied
once, by the readers, before any offset exists.

NFKC is used for neither: it turns （），： into ASCII in what is displayed, changes lengths (㈠, ℃), and repairs only
half of the radicals (not ⺠ ⻔ ⻋ ⻓).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

# CJK Radicals Supplement (U+2E80-2EF3). Programs that print PDF through glyph tables write these for ordinary
# characters (⺠ for 民), and a search for the ordinary character then finds nothing. Unicode gives no mapping for most.
_RADICALS_SUPPLEMENT = (
    "⺁厂⺂乙⺅亻⺆冂⺇几⺈刀⺉刂⺊卜⺌小⺍小⺎兀⺏尣⺐尢⺑尢⺒巳⺓幺⺔彑⺕彐⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺪疋"
    "⺫罒⺬示⺭礻⺮竹⺯糹⺰纟⺱罓⺲罒⺳罒⺴罓⺵网⺶羊⺷羊⺸羊⺹耂⺺肀⺻聿⺼月⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶"
    "⻏阝⻐钅⻑長⻒镸⻓长⻔门⻕阜⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞食⻟食⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)
# The Kangxi radical for 户 decomposes to the traditional 戶.
_SIMPLIFIED = {"⼾": "户"}

_CJK = r"\u2e80-\u2fdf\u3005-\u3007\u3400-\u9fff\uf900-\ufaff"
_SPACE = r" \u00a0\u2000-\u200a\u202f\u205f\u3000"
_RADICAL = re.compile(r"[\u2e80-\u2fdf\uf900-\ufaff]")
_LINE_END = re.compile(r"\r\n?|[\u0085\u2028\u2029]")
# Controls, soft hyphens, zero-width marks, direction overrides, tag characters, lone surrogates (SQLite refuses those).
_INVISIBLE = re.compile(
    r"[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]"
    "|[\ud800-\udfff\U000e0000-\U000e007f]"
)
_SPACE_RUN = re.compile(rf"[{_SPACE}]{{2,}}|[^\S \t\n\u3000]")
# As wide as a character: put there to separate. &emsp; is what web pages use for it.
_WIDE_SPACE = re.compile(r"[\u2001\u2003\u3000]")
_EDGE_SPACE = re.compile(rf"(?m)^[{_SPACE}]+|[{_SPACE}]+$")
# 安 徽 省, 总 则, 索 引 号： a character that stands alone between spaces belongs to its neighbour, if that stands alone
# too. Spaces between longer words stay, they separate: 财政局 医保局, 第一条 为了.
_BETWEEN_LONE = re.compile(rf"(?<![{_CJK}])([{_CJK}])[{_SPACE}]+(?=[{_CJK}](?![{_CJK}]))")
_BESIDE_PUNCTUATION = re.compile(rf"[{_SPACE}]+(?=[，。、；：！？）》〉”〔〕])|(?<=[（《〈“〔〕，、；：])[{_SPACE}]+")
# 2023 年 3 月, 50 万元: the number and its unit are one word; 5号 2019年 are two.
_BEFORE_UNIT = re.compile(rf"(?<=\d)[{_SPACE}]+(?=[年月日号万亿元%％])")
_BEFORE_NUMBER = re.compile(rf"(?<=[{_CJK}])(?<![日号条章节]) +(?=\d[\d,.]*[年月日号万亿元%％])")
_MARKS = (
    ("，", ","),
    ("；", ";"),
    ("：", ":"),
    ("（", "("),
    ("）", ")"),
    ("“", '"'),
    ("”", '"'),
)  # stand in nearly every line


def tidy(text: str) -> str:
    """Text for display: radicals repaired, stray spaces between Chinese characters and invisible characters removed,
    line ends as ``\\n``, no space at either end of a line. Tabs stay (they separate table cells). Idempotent.
    """
    text = _INVISIBLE.sub("", _LINE_END.sub("\n", text))
    if _RADICAL.search(text):
        text = text.translate(_radicals())
    # Runs first: the pattern for line edges would go over a long run once for each of its spaces.
    text = _SPACE_RUN.sub(lambda run: "\u3000" if _WIDE_SPACE.search(run[0]) else " ", text)
    text = _EDGE_SPACE.sub("", text)
    text = _BETWEEN_LONE.sub(r"\1", text)
    text = _BESIDE_PUNCTUATION.sub("", text)
    text = _BEFORE_UNIT.sub("", text)
    return _BEFORE_NUMBER.sub("", text)


def fold(text: str) -> str:
    """Copy for matching, of the SAME LENGTH: every character becomes exactly one.

    Full-width letters, digits and punctuation become ASCII; （﹙ → ``(``; 〔［【〖﹝ → ``[``; “”„ → ``"``; ‘’ → ``'``;
    — – － ― → ``-``; ○ → 〇; ≪≫ → 《》; every space → `` ``; radicals and 號發辦 → 号发办. 《》〈〉、。 and letter case stay.
    """
    for mark, plain in _MARKS:
        text = text.replace(mark, plain)
    return text.translate(_folding()) if _folded().search(text) else text


@cache
def _radicals() -> dict[int, str]:
    """Radical or compatibility ideograph → the unified ideograph. U+2F00-2FD5 and U+F900-FAFF have a Unicode mapping."""
    mapping = {}
    for code in (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFAFF)):
        unified = unicodedata.normalize("NFKC", chr(code))
        if len(unified) == 1:
            mapping[code] = unified
    pairs = iter(_RADICALS_SUPPLEMENT)
    mapping.update((ord(radical), unified) for radical, unified in zip(pairs, pairs, strict=True))
    mapping.update((ord(radical), unified) for radical, unified in _SIMPLIFIED.items())
    return mapping


@cache
def _folded() -> re.Pattern[str]:
    """What folding changes, besides the marks that stand everywhere."""
    rare = map(chr, sorted(_folding().keys() - {ord(mark) for mark, _ in _MARKS}))
    return re.compile(f"[{''.join(map(re.escape, rare))}]")


@cache
def _folding() -> dict[int, str]:
    mapping = dict(_radicals())
    mapping.update((code, chr(code - 0xFEE0)) for code in range(0xFF01, 0xFF5F))
    for targets, sources in (
        (" ", "\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"),
        ("[", "〔【〖﹝"), ("]", "〕】〗﹞"), ("(", "﹙"), (")", "﹚"),
        ('"', "“”„‟〝〞"), ("'", "‘’‚‛′"), ("-", "—–―‐‑‒−﹣─"), ("~", "〜∼"),
        (",", "﹐"), (".", "﹒"), (";", "﹔"), (":", "﹕∶"), ("%", "﹪"),
        ("《", "≪"), ("》", "≫"), ("〇", "○◯"), ("号", "號"), ("发", "發"), ("办", "辦"),
    ):  # fmt: skip
        mapping.update((ord(source), targets) for source in sources)
    return mapping
