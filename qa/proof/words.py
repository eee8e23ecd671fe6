"""Words of a statement that turn, bound or open it, and the comparison of two statements by words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from ingest.document import Span
from ingest.normalize import fold

# What denies or holds back all that follows it in its sentence.
DENIES = re.compile(
    r"不(?!低于|少于|超过|高于|大于|小于|足|满|断|仅|同|限|等|超)|未(?!来)|(?<!有)无(?!人机|线|废|偿|形|障碍)|非(?!公|常|营利|遗)"
    r"|禁止|严禁|除外|停止|取消|拒绝|终止|暂缓|废止|错误|不实|谣"
)
HOLDS_BACK = re.compile(
    r"探索|拟(?=[^定])|研究(?=制定|出台|设立|建立|提出|推进|解决)|力争|争取|原则上|鼓励|引导|推动|优先|酌情|逐步|试点|建议|申请(?=[^的])|如(?!期|实)|是否|例如|比如|假[设如]|举例|原(?:第|规定|政策|标准)"
)
MODAL = re.compile(
    r"可(?!持续|靠|行性|研|追溯|视)|应(?:当|予|在|于|按|依)?(?!用|急|对|届|收|付|税|纳)|必须|须|需(?!求)|允许|有权|得以"
)
LIMITS = re.compile(
    r"最[高多低少]|至[多少]|不(?:低于|少于|超过|高于|大于|小于|足|满|超)|超过|以[上下内]|低于|高于|上限|封顶|左右|约(?!束|定)|近(?=\d)|未满"
)
PERIOD = re.compile(
    r"每年|每月|每季度|每人|每户|逐年|一次性|累计|首次|重新|次年|当年|年度|单个|单次|单户|全额|减半|分别|同比|连续|平均"
)
GUARDS = {"否定": DENIES, "保留": HOLDS_BACK, "情态": MODAL, "限定": LIMITS, "期间": PERIOD}

BENEFIT = re.compile(r"给予|予以|奖|补助|补贴|资助|贴息|扶持|减免|减按|返还|支持|配套|最[高多]|不超过|封顶|标准")
CAP = re.compile(r"最[高多]|不(?:得)?超过|不高于|上限|封顶|累计|合计|总额|限额|为限|以内|名额|先到先得|仅限|限前")
# Opens a condition or names for whom: 对…, 符合…的, 经…后.
CONDITION = re.compile(r"^(?:对|凡|经|若|如|当|属|符合|满足|达到|在.{1,20}[期前后内中时])|(?:的|后|时|者|之日起)$")
EXCEPTION = re.compile(
    r"但|除(?!了|尘|险|冰|草)|不(?:含|包括|包含|计入|予|得|再)|不受|不适用|方可|才能|前提|[须需]经|尚未|自付|自行承担|修改为|调整为|改为|停止执行|废止"
)
TURNS_BACK = re.compile(r"\s*(?:但|除|其中.{0,20}不|(?:上述|前[款项]|该).{0,12}(?:不含|不包括))")
# A statement that begins so speaks of someone named before it.
HEADLESS = re.compile(
    r"^(?:并|且|再|另|同时|其(?![中他余])|该|此|上述|前[款项]|给予|予以|按|一次性|最高|最低|单个|每|奖励(?!分)|奖补|补助|补贴|资助|贴息|不|可|应|累计|合计|标准|金额|由|以|分|达到|达)"
    r"|^(?:money|percent|n\d|\d)"
)
TITLE = re.compile(r"《[^《》]*(?:《[^《》]*》[^《》]*)*》")
QUOTED = re.compile(r'"([^"]{1,30})"')
# A department, a short name or the number of a file in brackets may be left out; 含, 除 and figures may not.
ASIDE = re.compile(
    r"\((?:责任单位|牵头单位|配合单位|以下简称|下称|详见|见附件)[^()]*\)|\([^()\d]{1,30}负责\)|\([^()\d]{1,16}\[\d{4}\]\d{1,4}号\)"
)
# Our own frame around a statement: it says only that the cited file says so.
FRAME = re.compile(
    r"^\s*(?:根据|按照|依据|依照)?(?:该|本|上述|相关|有关)?(?:文件|条款|政策|办法|方案|通知|规定|措施|细则)的?(?:规定|要求)?[，,：:]"
)
_SENTENCE_END = re.compile(r"[。！？!?\n]+[”』」）)]*|[；;]")


def sentences(text: str) -> Iterator[Span]:
    """Spans of the sentences of ``text``; together they hold all of its visible characters."""
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if text[start : match.end()].strip():
            yield Span(start, match.end())
        start = match.end()
    if text[start:].strip():
        yield Span(start, len(text))


def verbatim(sentence: str, quotes: Sequence[str]) -> bool:
    """Whether the sentence is made of the words of the quotes and of no others: the last check of an extract."""
    return not Counter(_letters(sentence)) - Counter(_letters("".join(quotes)))


def in_pieces(said: str, quotes: Sequence[str]) -> bool:
    """Whether the words are pieces of the quotes, of two letters or more, in the order of the quotes."""
    letters, source, at = _letters(said), _letters("".join(quotes)), 0
    while letters:
        size = next((n for n in range(len(letters), 1, -1) if source.find(letters[:n], at) >= 0), 0)
        if not size:
            return False
        at = source.find(letters[:size], at) + size
        letters = letters[size:]
    return True


def coverage(sentence: str, window: str) -> float:
    """Share of the character pairs of ``sentence`` that stand in ``window`` (punctuation and widths aside)."""
    pairs = _pairs(sentence)
    return len(pairs & _pairs(window)) / len(pairs) if pairs else 1.0


def same_letters(a: str, b: str) -> bool:
    """Whether two texts differ only in punctuation, width and white space."""
    return _letters(a) == _letters(b)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", fold(text)).lower()


def _pairs(text: str) -> set[str]:
    letters = _letters(text)
    return {letters[i : i + 2] for i in range(len(letters) - 1)} or ({letters} if letters else set())
