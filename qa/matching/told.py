"""What somebody has said of himself over the turns of a conversation, where he asks which support he may have.

The turns are joined by ``AGAIN``: what is said later replaces what was said before of the same thing, and two halves of a
place are put together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields, replace

from ingest.normalize import fold
from qa.conversation import standalone
from qa.matching.industries import everyday
from qa.matching.places import line_of
from qa.matching.profile import Figure, Profile, Trait
from qa.matching.understand import Reading, Understood, understand

AGAIN = "；补充："
TURNS = 8  # earlier turns that are looked at
LONGEST_ADDITION = 80  # characters; who writes more asks something new
ENOUGH = 1  # things said of oneself besides what sort of applicant one is
ENOUGH_OF_OTHERS = 3  # … where it is not said that it is oneself, or the support is named: 有什么研发补助

_SUPPORT = r"(?:政策|补贴|补助|奖励|支持|优惠|扶持|措施|好处|钱|项目)"
_ANY = r"(?:优惠|扶持|支持|惠企|相关|财政|政府|好的|政策|资金|省里|市里|区里|的|可以|能|拿|享受|申请|申报)*"
_WHICH = r"(?:什么|哪些|啥|哪几[个项种])"
_WANTS = re.compile(
    rf"(?:能|可以?|符合|够|适合)(?:不能)?(?:够)?(?:拿到?|享受|申请|申报|领取?|得到?|获得|匹配|补|报|有)?(?:到)?的?{_WHICH}{_ANY}(?:{_SUPPORT}|[?？。！!，,]|$)"
    rf"|有(?:没有|{_WHICH}){_ANY}{_SUPPORT}"
    rf"|{_SUPPORT}(?:可以?|能)?(?:拿|享受|申请|申报)?有(?:没有|{_WHICH})"
    rf"|(?:匹配|看看|查查|推荐)(?:一下|下)?{_ANY}{_SUPPORT}"
)
_WANTS_ONE = re.compile(rf"{_WHICH}.{{0,6}}{_SUPPORT}")
_HOW_MUCH = re.compile(r"能(?:够)?(?:拿|补|领|得|享受)(?:到)?多少(?:钱|补贴|补助|奖励)?")
_OF_SELF = re.compile(
    r"我们|我(?:是|公司|司|厂|企业|今年|去年|在|做|开|有)|本(?:公司|企业|人|厂)|咱们?|(?:^|[,，。；])\s*公司(?!法)"
)
# Words that ask for something else than “what may I have”: a question of its own, not a word more about the asker.
_ASKS_ELSE = re.compile(
    r"怎么|如何|流程|材料|什么时候|截止|期限|哪个部门|谁负责|电话|依据|是什么|为什么|多久|区别|叠加|条件|几"
)
_THANKS = re.compile(r"(?:好的?|嗯+|哦|谢谢您?|多谢|明白了?|知道了)[。！!~]*")
_ASKED = re.compile(r"请补充：(?P<question>[^：\n]{2,60})？")
_YES = re.compile(r"(?:是的?|对的?|有的?|属实|已经?认定了?|yes)[。！!]?", re.IGNORECASE)
_NO = re.compile(r"(?:不是的?|否|没有?|还没有?|不属于|no)[。！!]?", re.IGNORECASE)
_OTHER_TRADE = re.compile(r"(?:那)?(?:如果|要是|换成|改成|改)(?:是|做)?(?P<what>[\u4e00-\u9fff]{2,12}?)的?呢?[?？]?")
_MORE = re.compile(r"(?:还|另外|其他)(?:能|有|可以|有没有)")
_BARE_FIGURE = re.compile(
    r"(?:是|有|大概|约)?[\d.,]{1,12}\s?(?:个|多)?(?:亿|千万|百万|万|千)?(?:元|块|人|名|件|年|个月|%|美元)?[。！!]?"
)


def story_of(question: str, history: Sequence[tuple[str, str]], regions: Sequence[str]) -> str | None:
    """Everything said of oneself up to and with ``question``, where that asks for one's support or adds to such a question.

    ``history``: (question, answer) pairs, oldest first; of the answers only what they ask back is read. ``regions``: see
    ``understand``.
    """
    story: str | None = None
    asked_back = ""
    for asked, answer in history[-TURNS:]:
        if not _THANKS.fullmatch(asked.strip()):
            story = _after(asked.strip(), asked_back, story, regions)
            asked_back = match["question"] if (match := _ASKED.search(answer)) else ""
    return _after(question.strip(), asked_back, story, regions)


def _after(said: str, asked_back: str, story: str | None, regions: Sequence[str]) -> str | None:
    if asks_for_support(said, regions):
        return said
    if story is None or len(said) > LONGEST_ADDITION:
        return None
    if _WANTS.search(said) and not _ASKS_ELSE.search(said):  # 那我们还能拿什么
        return f"{story}{AGAIN}{said}"
    addition = _in_full(said, asked_back)
    if understand(addition, regions).understood and not _ASKS_ELSE.search(addition):
        return f"{story}{AGAIN}{addition}"
    other = standalone(said, [(story, "")])  # 如果是5.1亿呢: another figure in the place of the one before
    changed = not other.startswith(story.rstrip("？?。！!，, "))
    return other if changed and asks_for_support(other, regions) else None


def asks_for_support(text: str, regions: Sequence[str]) -> bool:
    """“我们做…，去年营收…，能拿什么？”: of oneself, or of a company that is described, with enough said of it."""
    own = bool(_OF_SELF.search(text))
    wants = _WANTS.search(text)
    facts = sum(each.field != "kind" for each in understand(text, regions).understood)
    if wants and own:
        return facts >= ENOUGH
    if wants or (own and (_HOW_MUCH.search(text) or _WANTS_ONE.search(text))):
        return facts >= ENOUGH_OF_OTHERS
    # Half a sentence: only facts, and no question at all.
    return own and facts >= ENOUGH_OF_OTHERS and not re.search(r"[?？吗呢]|多少|什么|哪|怎么|如何|能否|是否", text)


def _in_full(said: str, asked_back: str) -> str:
    """The short reply to what the answer asked back, as a sentence: 1.2亿 → 营业收入1.2亿."""
    plain = fold(said)
    asked = asked_back.removesuffix("是多少")
    if asked != asked_back and _BARE_FIGURE.fullmatch(plain):
        return f"{asked}{said}"
    whether = re.fullmatch(r"是否(?:已认定为|属于)?(?P<what>.{2,30})", asked_back)
    if whether and _YES.fullmatch(plain):
        return f"是{whether['what']}"
    if whether and _NO.fullmatch(plain):
        return f"不是{whether['what']}"
    if "什么行业" in asked_back and everyday(plain) and not re.match("做|从事|我", plain):
        return f"做{said}"
    if "划型" in asked_back and re.fullmatch("大型|中型|小型|微型", plain):
        return f"{plain}企业"
    if (other := _OTHER_TRADE.fullmatch(plain)) and everyday(other["what"]):
        return f"做{other['what']}"
    if re.fullmatch("企业|公司|个人", plain):
        return "我们是企业" if plain != "个人" else "我是个人"
    return said


def pages_before(story: str) -> int:
    """How often it was asked what else there is."""
    return sum(bool(_MORE.search(turn)) for turn in story.split(AGAIN)[1:])


def read_story(story: str, regions: Sequence[str]) -> Reading:
    """All turns as one reading."""
    first, *later = (understand(turn, regions) for turn in story.split(AGAIN))
    for reading in later:
        first = _joined(first, reading)
    return first


def _joined(before: Reading, now: Reading) -> Reading:
    """``now`` replaces what ``before`` says of the same."""
    region = _place(before.profile.region, now.profile.region)
    values = {each.name: _value(each.name, before.profile, now.profile) for each in fields(Profile)}
    said = {each.field: each for each in (*before.understood, *now.understood)}
    shown = [replace(each, value=region) if each.field == "region" else each for each in said.values()]
    shown = [_with_period(each, values) for each in shown]
    return Reading(Profile(**{**values, "region": region}), tuple(shown), (*before.unused, *now.unused))


def _value(name: str, before: Profile, now: Profile) -> object:
    old, new = getattr(before, name), getattr(now, name)
    if not new and new is not False:
        return old
    if isinstance(new, tuple) and new and isinstance(new[0], Trait):
        return (*(trait for trait in old if trait.name not in {each.name for each in new}), *new)
    if name == "figures":
        return tuple((dict(old) | dict(new)).items())
    if isinstance(new, Figure) and isinstance(old, Figure) and not new.period:
        return replace(new, period=old.period)  # 那如果2亿呢, of the same year
    return new


def _with_period(said: Understood, values: dict[str, object]) -> Understood:
    figure = values.get(said.field)
    if isinstance(figure, Figure) and figure.period and not said.value.startswith(figure.period):
        return replace(said, value=f"{figure.period}{said.value}")
    return said


def _place(before: str, now: str) -> str:
    """清河区 and 云澜市 → 云澜市清河区; another city replaces all."""
    if not before or not now:
        return now or before
    old, new = line_of(before), line_of(now)
    pairs = [(old.province, new.province), (old.city, new.city), (old.local, new.local)]
    if any(a and b and a != b for a, b in pairs[:2]):
        return now
    return "".join(b or a for a, b in pairs)
