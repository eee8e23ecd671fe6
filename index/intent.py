"""What a question asks for, as far as a search can use it, and whether a clause has something of that sort. No model."""

from __future__ import annotations

import re
from typing import Literal

from ingest.normalize import fold

Intent = Literal["amount", "who", "often", "when", "definition", "basis", "other"]

# First match wins: 依据什么文件补贴 asks for the basis, and 最高补贴是什么意思 for a definition.
ASKS: dict[Intent, re.Pattern[str]] = {
    "basis": re.compile(
        r"(?:依据|根据|贯彻|落实|对应|参照)(?:的)?(?:是)?(?:哪些|什么|哪几|哪个)(?:个|份)?(?:上级|上位)?(?:文件|政策|精神)?"
        r"|上级文件|上位(?:文件|依据)|哪些.{0,4}(?:文件|政策).{0,4}(?:依据|制定)"
    ),
    "definition": re.compile(
        r"(?:是|指)(?:的)?(?:什么|啥)(?:意思|东西)|什么(?:意思|叫|是)|(?:具体)?指(?:的是)?(?:哪|什么)"
        r"|是哪[几\d一二三四五六七八九十些]|^.{2,14}是(?:什么|啥)[？?]?$|怎么(?:展开|理解|解释)|含义|定义"
    ),
    "amount": re.compile(
        r"多少钱|(?:奖励|补贴|补助|资助)(?:多少|几)|几(?:万|百|个)?(?:块|元|万|毛)"
        r"|(?:给|补|奖|拿|领|享受|贴|报|优惠|减|免|提|交|缴|付|赔|罚)(?:我们?)?(?:多少|几)|多少(?:钱|元|万|补|奖|资金)"
        r"|(?:标准|上限|额度|比例|金额|封顶|限额)|最多|最高|怎么(?:补|奖|算)|提成|待遇"
    ),
    "who": re.compile(r"谁|哪个(?:部门|单位|局|科室)|哪些(?:部门|单位)|找哪|由.{0,6}(?:负责|组成)|归哪"),
    "often": re.compile(
        r"(?:多久|多长时间|几年|几个月|几天|多少天)[^，。；]{0,12}一[次回]|(?:每[年月季周天日]度?|一[年月]|一个月)[^，。；]{0,10}(?:几|多少)[次回]|频率|频次"
    ),
    "when": re.compile(r"什么时候|何时|哪天|哪年|几月|多久|多长时间|截止|期限|窗口期|时间|有效期"),
}

_BODY = (
    "(?:(?<![布格全大结])局|[委厅](?![部员外托派])|办(?![理法事])|部门|机构|机关|中心|政府|银行|协会|学校|医院"
    "|(?:财政|教育|科技|商务|公安|工信|信息化|社会保障)部)"
)
_CALLED = "以下简称|简称|称为|统称"
_MEANS = "是指|指的是|主要指"
_ANSWERS: dict[Intent, re.Pattern[str]] = {
    "amount": re.compile(
        r"\d\s*(?:万|亿|千|百)?元|[%‰]|个百分点|\d+万|百分之|[二三四五六七八九十百千][百千万亿]{0,2}元"
    ),
    "who": re.compile(
        rf"负责(?!人)|牵头|责任(?:单位|部门)|主管部门|[组局厅部]长|领导小组|办公室|由[^,。;]{{2,30}}{_BODY}|{_BODY}[^,。;]{{0,12}}(?:应当?|会同|组织|制定|审[核批查定]|受理|管理|认定|核发|发给|批准|指导|监督|监管|行使|履行|确定|评[审定])"
        rf"|(?:[向报经]|报送)[^,。;]{{2,30}}{_BODY}|印发|发布|[负担]责(?!任)"
    ),
    "often": re.compile(r"每(?:[一二两三四五六半\d]*个?)?(?:年|季度?|月|周|日|天|班)|[一二两三四\d]次|定期"),
    "when": re.compile(
        r"\d\s*[年月日天]|[一二三四五六七八九十](?:年|个月|日|个工作日)|期限|期间|之日|年度|截止|期满|届满|有效期"
    ),
    "definition": re.compile(rf"{_CALLED}|{_MEANS}|所称|[,、(\"]即|即[\":]"),
    "basis": re.compile(
        r"(?:根据|依据|依照|按照|贯彻|落实|结合)[^。；]{0,40}(?:《|规定|精神)|制定本|\[.{0,4}\].{0,5}号"
    ),
}


def intent(text: str) -> Intent:
    """What the question ``text`` asks for; ``other`` where it is something else or nothing is recognised."""
    return next((kind for kind, pattern in ASKS.items() if pattern.search(text)), "other")


def answers(asked: Intent, text: str) -> bool:
    """Whether ``text`` of a clause has what such a question asks for: a sum or share, a body, how often, a date or term, the meaning of
    a word, a file that it rests on. Never for ``other``.
    """
    pattern = _ANSWERS.get(asked)
    return pattern is not None and pattern.search(fold(text)) is not None


def defines(term: str, text: str) -> bool:
    """Whether ``text`` says what ``term`` means: “…（以下简称“X”）”, “X……，即……”, “X是指……”, “所称X，是指……”."""
    word, flat = re.escape(fold(term).lower()), fold(text).lower()
    return bool(
        re.search(rf"(?:{_CALLED})\"?{word}", flat)
        or re.search(rf"{word}\"?[^。；,，]{{0,8}}(?:[,，]?(?:即|{_MEANS}|包括|包含)|。其中)", flat)
        or re.search(rf"{word}\"?是[^。；]{{0,24}}(?:概括|简称|合称|统称|总称)", flat)
        or re.search(rf"所称[^。；,，]{{0,4}}\"?{word}", flat)
    )
