"""A follow-up question made whole from the conversation: “硕士和本科呢？” → the question before, with the new subject.

The parts are joined by ；, the last of them is what the question is about now. A question that has its own subject is left
alone: two topics glued together are worse than a question that says too little.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.analyzer import tagged
from ingest.normalize import fold
from qa.calculation.figures import Figure, figures, inputs, plain

TURNS = 8  # earlier turns that a question may lean on
SHORT = 14  # characters; a longer question with a question word stands on its own
LONGEST_STATEMENT = 40
LONGEST_SUBJECT = 14  # characters of a new subject that is put in the place of the one before

_SMALL_TALK = re.compile(
    r"(?:好的?|嗯+|哦|噢|明白了?|知道了?|了解了?|收到|谢谢(?:你|您)?|多谢|感谢|辛苦了|不用了|没事了|再见|拜拜|你好|您好|ok)(?:了|啦|啊|呀|哈)?"
)
_POLITE = re.compile(rf"^(?:{_SMALL_TALK.pattern}[,，。!！~\s]+)+", re.IGNORECASE)
_ONLY_POLITE = re.compile(rf"(?:{_SMALL_TALK.pattern}[,，。!！~\s]*)+", re.IGNORECASE)
_NEW_TOPIC = re.compile(
    r"^(?:另外|对了|那)?[,，]?(?:我|再|想|还|要|来|请|帮我|咱们){0,4}(?:换|问|说|聊|看)(?:一|另)?(?:个|件|下)?(?:别的|其他|其它|新的?|另一个)?(?:的)?(?:问题|话题|事情?)?"
    r"(?:吧|了|一下)?[,，:：。]\s*"
)
_CORRECTS = re.compile(r"^(?:不是|不对|错了)[,，]?\s*(?:我)?(?:问|说|想问|想知道|指)的?(?:是)?")
_TAIL = re.compile(r"(?:的?呢|的话呢?|的话)?[？?。！!~\s]*$")
_OPENING = re.compile(r"^(?:那么|那(?!些?[年时])|另外|还有|请问|再问一下)[，,]?")

_QUESTION_WORD = re.compile(
    r"多少|多长|多久|多大|什么|啥|哪|谁|怎么|怎样|如何|是否|几|吗|有没有|是不是|能不能|可不可以|要不要|行不行|[？?]"
)
_ASKS = re.compile(
    r"多少|多长|多久|多大|什么|啥|哪|谁|怎么|怎样|如何|是否|几|吗|有没有|是不是|能不能|可不可以|要不要|行不行"
)
# It points at what was said: 那市里呢, 其中…, 它的依据, 这个怎么申请, 前者.
_LEANS = re.compile(
    r"^(?:那么|那(?!些?[年时])|其中|它|他们|她们|这(?!里|边|几年)|该|上述|上面|刚才|前面|以上|前者|后者|两者|如果(?:是|换)|要是|假如|假设|换成|改成|(?:和|与|跟).{1,8}(?:比|区别|不同|差别|一样))"
)
_POINTS_AT_FILE = re.compile(r"^(?:那|那么)?[，,]?(?:这个|这份|该|本)(方案|政策|文件|办法|措施|通知|意见|规定)")
_NAMED_FILE = re.compile(r"《[^》]{4,60}》(?:[（(][^（）()]{4,24}号[）)])?")
# What may be asked of any support: a question of these words alone has no subject of its own.
_ATTRIBUTE = re.compile(
    r"(?:奖励|补贴|补助|资助|奖|补|给|拿|领|发|报销|减免)(?=多少|几|吗)|期限|有效期|窗口期|时限|时间|上限|下限|最高|最多|最低|至少|封顶|限额|额度|金额|数额|标准|比例"
    r"|条件|要求|门槛|资格|材料|资料|流程|程序|步骤|手续|截止|到期|日期|负责|牵头|主管|责任单位|部门|单位|机构|科室|申请|申报|办理|报名|领取|发放|拨付|到账|兑现|享受"
    r"|办结|办完|办好|答复|审批|处理|依据|文号|对象|范围|电话|联系方式|联系|方式|渠道|地点|平台|网站|入口|次数|面积|人数|数量|名额|叠加|重复|审核|公示|出处|原文|钱|算|补|拿|领"
)
_FILLER = re.compile(
    r"那么|那|请问|具体|一般|大概|到底|究竟|最晚|最迟|最早|需要|应该|可以|能够|我们|咱们|他们|企业|公司|个人|提交|准备|总共|一共|每年|每月|每个月|一年|开始|结束|之前"
    r"|这个|这项|这笔|这些|该项|上述|[又也还再都要需得能可会是有为由在到去找向跟和的了呀啊吧我咱交带最每个笔这它他来把给用走做办管发多些,，。？?！!\s]"
)
_WHEN = re.compile(r"什么时候|为什么|多久|哪里|哪儿|哪天|哪年|几[次天年]|个?工作日|几?个月")
_YEAR = re.compile(r"(?:19|20)\d\d年")
# Nothing is named of which it is asked: 要交租金吗, 可以转租吗, 有年龄限制吗.
_NO_SUBJECT = re.compile(
    r"(?:还|也|都)?(?:要不要|需不需要|用不用|能不能|可不可以|收不收|有没有|可以|需要|要|能|得|会|收|有)(?!哪些|什么)[^，。？?]{1,8}(?:吗|不)?[？?]?"
)
_OF_IT = re.compile(r"(?P<thing>[^的，。；？?]{2,20})的(?P<asked>[^的，。；？?]{2,16})")
_CLASS = re.compile(r"[A-Za-zＡ-Ｚ]类")
_MONEY = "奖励|补贴|补助|资助|津贴|奖补|贴息"
_NOT_A_THING = re.compile(
    r"[的，,\d和与及]|第.{1,4}条|^(?:国家|省|市|区|县)(?:里|级|上)?$|其中|以上|前者|后者|如果|要是|换成"
)
_ONLY_FIGURE = re.compile(
    r"(?:如果|要是|假如|假设|换成|改成|要|若|万一)?(?:我们|我|企业)?(?:是|投了?|有|只有|做到|达到|招了?|变成|为|按|才)*(?:的)?"
)


@dataclass(frozen=True, slots=True)
class _State:
    """What the conversation is about: the last ``whole`` question or statement, the ``subject`` put in its place since
    (硕士), and what is asked of it now (``attribute``: 期限多长).
    """

    whole: str
    subject: str = ""
    attribute: str = ""

    @property
    def text(self) -> str:
        now = f"{self.subject}{self.attribute}"
        return f"{_TAIL.sub('', self.whole)}；{now}？" if now else self.whole


def standalone(question: str, history: Sequence[tuple[str, str]]) -> str:
    """``history``: (question, answer) pairs, oldest first. The question itself where it needs nothing from them."""
    state: _State | None = None
    for asked, _ in history[-TURNS:]:
        state = _after(asked, state)
    if _ONLY_POLITE.fullmatch(question.strip(" 。！!？?~")):
        return question.strip()
    after = _after(question, state)
    return after.text if after else question.strip()


def _after(question: str, state: _State | None) -> _State | None:
    """The state when ``question`` has been asked."""
    text = question.strip()
    if not text or _ONLY_POLITE.fullmatch(text.strip(" 。！!？?~")):
        return state
    text = _POLITE.sub("", text)
    fresh = _NEW_TOPIC.sub("", text)
    if fresh and fresh != text:
        return _State(fresh)
    if state is None:
        return _State(text)
    corrected = _CORRECTS.sub("", text)
    if corrected != text and corrected:
        return replace(state, subject=_subject(corrected))
    if _POINTS_AT_FILE.match(text):
        return _State(_with_file(text, state))
    if _is_attribute(text):
        return replace(state, attribute=_TAIL.sub("", _OPENING.sub("", text)))
    if _is_own_figure(text):
        return _State(f"{_TAIL.sub('', text)}；{state.text}")
    if not _is_follow_up(text):
        return _State(text)
    subject = _subject(text)
    if not subject:
        return replace(state, attribute="还有什么")
    return _refigured(state, subject) or _exchanged(state, subject) or replace(state, subject=subject)


def _subject(text: str) -> str:
    return _TAIL.sub("", _OPENING.sub("", text.strip()))


def _is_follow_up(text: str) -> bool:
    """Whether the question names a new subject and leaves to the one before what is asked of it."""
    asks = bool(_ASKS.search(text))
    if re.search(r"呢[？?。！!\s]*$", text) and not asks:
        return True
    if re.search(r"的话[？?。！!\s]*$", text) and not asks:
        return True
    return bool(_LEANS.search(text)) and (len(text) <= SHORT or not asks or text.startswith("其中"))


def _is_attribute(text: str) -> bool:
    """期限多长, 谁负责, 需要什么材料: nothing in it says of what."""
    if re.search(r"哪(?:个|份|些)文件|有(?:哪些|什么)(?:政策|补贴|奖励|措施)", text):
        return False
    if _NO_SUBJECT.fullmatch(text.strip()) and _ASKS.search(text):
        return True
    rest, attributes = _ATTRIBUTE.subn("", text)
    rest, times = _WHEN.subn("", rest)
    if not (attributes or times or re.search("谁|怎么", text)):
        return False
    return not re.sub("[呢么不天年次号月]", "", _FILLER.sub("", _ASKS.sub("", rest)))


def _is_own_figure(text: str) -> bool:
    """我们设备投了3000万: a figure told, nothing asked."""
    if (
        _QUESTION_WORD.search(text)
        or re.search("呢|的话|^(?:帮|把|给|请|算|写)|号", text)
        or len(text) > LONGEST_STATEMENT
    ):
        return False
    return bool(re.match("我|咱|公司|企业", text) and figures(text)) or any(given.metric for given in inputs(text))


def _exchanged(state: _State, subject: str) -> _State | None:
    """The new subject in the place of the one before, where it is plain which that was: 红斑狼疮的支付标准是多少 and then
    慢性乙型肝炎呢, 购房补贴多少 and then 租房补贴呢. ``None`` where it is not; then both are joined.
    """
    if state.attribute or len(subject) > LONGEST_SUBJECT or _NOT_A_THING.search(subject):
        return None
    whole = _TAIL.sub("", state.whole)
    old = ""
    if _CLASS.match(subject):
        classes = set(_CLASS.findall(whole))
        old, subject = (classes.pop(), _CLASS.match(subject)[0]) if len(classes) == 1 else ("", subject)
    elif kind := re.search(f"(?:{_MONEY})$", subject):
        old = _ending_in_money(whole) if len(subject) > len(kind.group()) else ""
    elif (found := _OF_IT.fullmatch(whole)) and (_ASKS.search(found["asked"]) or _ATTRIBUTE.search(found["asked"])):
        words = [word for word, tag in tagged(found["thing"]) if tag[:1] in "nij" and len(word) > 1]
        old = words[-1] if words and found["thing"].lower().endswith(words[-1]) else ""
    at = whole.lower().rfind(old.lower()) if old else -1
    if at < 0:
        return None
    return replace(state, whole=f"{whole[:at]}{subject}{whole[at + len(old) :]}？", subject="")


def _ending_in_money(whole: str) -> str:
    """The only name of a support in the question: 购房补贴, 技术改造补助; empty where there are two or none."""
    words = [word for word, _ in tagged(whole)]
    ends = [n for n, word in enumerate(words) if re.search(f"(?:{_MONEY})$", word)]
    if len(ends) != 1:
        return ""
    alone = re.fullmatch(_MONEY, words[ends[0]]) and ends[0] > 0
    return "".join(words[ends[0] - 1 : ends[0] + 1]) if alone else words[ends[0]]


def _with_file(text: str, state: _State) -> str:
    """这个方案 → the file that the question before named, where it named one."""
    named = _NAMED_FILE.findall(state.text)
    return _POINTS_AT_FILE.sub(lambda _: named[0], text) if len(set(named)) == 1 else text


def _refigured(state: _State, subject: str) -> _State | None:
    """“如果是2000万呢？”: the figure before is replaced, not joined; ``None`` where it is not clear which."""
    years = _YEAR.findall(subject)
    if (
        len(years) == 1
        and len(_YEAR.findall(state.whole)) == 1
        and not re.sub(r"如果|要是|换成|是|的", "", _YEAR.sub("", subject))
    ):
        return replace(state, whole=_YEAR.sub(years[0], state.whole), subject="")
    told = figures(subject)
    if len(told) != 1:
        return None
    new = told[0]
    around = subject[: new.span.start] + subject[new.span.end :]
    known = [i for i in inputs(state.whole) if _alike(i.figure, new)]
    if not _ONLY_FIGURE.fullmatch(fold(around)):
        metric = inputs(subject)[0].metric
        said = all(letter in state.whole for letter in around)  # 那干3年呢, after 干了2年
        known = [i for i in known if (i.metric == metric if metric else said)]
    if len(known) != 1:
        return None
    old = known[0].figure.span
    printed = new.printed if known[0].figure.unit == new.unit else f"{plain(new.value)}{known[0].figure.unit}"
    return replace(state, whole=state.whole[: old.start] + printed + state.whole[old.end :], subject="")


def _alike(old: Figure, new: Figure) -> bool:
    return old.kind == new.kind and (old.unit == new.unit or {old.unit, new.unit} <= {"人", "名", "个", "位"})
