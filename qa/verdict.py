"""Yes/no questions (能不能, 要不要, 算不算, 有没有): the words of the clause that decide, or none where no clause does.

Nothing is inferred from a denial's absence. The deciding words stand in the clause, the question's subject and what is
asked of it stand on their sides of them, and the proof gate finds nothing left out that would turn them; else no
conclusion is drawn and the clauses speak for themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from index.analyzer import tagged
from ingest.document import Clause, Span
from ingest.normalize import fold
from qa.answer import Proof, Sentence
from qa.evidence import Evidence, explains, introduces
from qa.passage import body_span, lead_span, trimmed
from qa.proof import in_pieces, prove, sentences
from qa.question import GENERIC, SAID, VERB_WEIGHT, Question, Topic, says, topics

Asks = Literal["may", "must", "is", "has"]

CONCLUDED = ("结论",)  # the checks of a proof whose sentence names the deciding words of the quote
LOOKED_AT = 6  # clauses that may decide; what stands further down only touches the matter
LONGEST = 40  # characters of the deciding words that are repeated in front
_OTHER = re.compile(r"多少|什么|啥|哪|谁|怎么|怎样|如何|几[^乎]|多[久长大]|为何|区别|不同|一样|相同|还是|对吗|对不对")
# The first that matches says what is asked; what stands before it is the subject, what follows is asked of it.
_ASKS: tuple[tuple[Asks, re.Pattern[str]], ...] = (
    (
        "must",
        re.compile(r"需不需要|要不要|用不用|必不必须|是否(?:需要|必须|要)|(?:需要|必须|(?<!重|主|不|需)要|得)(?=.*吗)"),
    ),
    ("is", re.compile(r"算不算|是不是|属不属于|是否属于|(?:也?算(?!术)|属于)(?=.*吗)|是(?!否)(?=.*吗)")),
    (
        "may",
        re.compile(
            r"能不能|可不可以|能否|可否|行不行|是否(?:可以|允许|能够?)|允许|可以|(?<![可节功性职])能(?!力|源|耗|够?多)|适用"
        ),
    ),
    (
        "has",
        re.compile(r"有没有|是否有|(?<!没|只|所|具|享)有(?=.*吗)|收不收|给不给|免不免|是否|收(?=.*吗)|[给免](?=.*吗)"),
    ),
)
_POLAR = re.compile(
    r"吗[？?。！!\s]*$|能不能|可不可以|能否|可否|行不行|需不需要|要不要|用不用|算不算|是不是|属不属于|是否|有没有|收不收|给不给|免不免"
)
_NO_PART = r"不适用|不属于|不享受|不重复享受|(?:按照)?就高不重复|不包括|不含|除外|不受理|不受|只能(?:选择|择)[^，。；]{0,6}一项|不符合"
_YES_PART = r"参照[^，。；]{0,12}执行|适用(?=本|于)"
_NO = {
    "may": rf"不得|不予|不能|不可(?!抗|分|或缺|避免)|不允许|禁止|严禁|不准|不再|不收取|不缴|{_NO_PART}",
    "must": r"无需|不需要?|无须|不必|免于|免收|免缴|不收取|不缴|不要求|个人不|免申即享|免试",
    "is": rf"不属于|不包括|不视为|不含|除外|不予认定|{_NO_PART}",
    "has": rf"不予|不得|不再|不收取|不缴|免收|免缴|没有|无(?=年龄|[^，。；]{{0,6}}限制)|{_NO_PART}",
}
_YES = {
    "may": rf"可以|(?<![许认])可(?=申|向|按|在|由|通|凭|继|自|选|免|登|适|享)|允许|有权|均可|{_YES_PART}",
    "must": r"应当|必须|(?<!无|必)须(?!知)|(?<!无|不|所|急|要)需(?!求|要?的)|应(?=在|于|向|按|提|当)",
    "is": r"包括|属于|视为|视同|列为|认定为",
    "has": r"设立|建立|实行|设有|收取",
}
_MODALS = re.compile(rf"{_NO['may']}|{_YES['may']}|应当|必须")
_BENEFIT_ASKED = re.compile(r"补|奖|贴息|资助|报销|支持|优惠|减免|享受|[拿领]")
_GIVES = re.compile(r"(?P<verb>给予|予以|发放)[^，。；]{0,24}?(?P<what>补贴|补助|奖励|资助|贴息|支持)")
_CONDITION = re.compile(
    r"的[，,;；:：]|^对|的[\u4e00-\u9fff]{2,10}[，,]|符合|满足|具备|经[^，。；]{1,14}(?:同意|批准|认定|审核)|方可|原则上|\d(?:年|个月|日)内"
)
_SELF_CONTAINED = re.compile(rf"{_NO_PART}|{_YES_PART}")
_DOUBTS = re.compile(r"吗|是否|[？?]|探索|拟|例如|案例")
_TURNS = re.compile(r"但|除[^了险尘]")
_NEGATED = re.compile(
    r"不(?!能不|可不|要不|行不|需不|用不|算不|是不|属不)|没(?!有吗)|未(?!来|成年)|无(?!人机|线|废|偿|形|障碍)"
)
_EXCEPTS = re.compile(r"除[^，,。；;]{1,30}外")
_LETTERED = re.compile(r"[a-z0-9]+类?")
_IDLE = frozenset(
    "可以|能够|不能|是否|需要|应该|同时|自己|还能|一个|一起|现在|一定|已经|必须|没有|有没有|能不能|算不算".split("|")
)
_IF_LISTED, _IN_LISTED, _EXCEPTED = "符合所列条件的，", "所列情形下，", "，另有例外，见原文"
_SEGMENT_END = re.compile(r"[，,。；;：:（(\n]|$")


@dataclass(frozen=True, slots=True)
class _Asked:
    asks: Asks
    subject: tuple[Topic, ...]
    of_it: tuple[Topic, ...]
    words: tuple[str, ...]
    benefit: bool
    printed: tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Statement:
    """One sentence of a clause, with the sentence above that introduces it; ``turned``: an exception follows or opens it."""

    item: Evidence
    parts: tuple[tuple[Clause, Span], ...]
    text: str
    turned: bool


@dataclass(frozen=True, slots=True)
class Conclusion:
    """``sentence``: the deciding words; ``item``: the clause that has them."""

    item: Evidence
    sentence: Sentence
    denies: bool


def is_polar(text: str) -> bool:
    """Whether the question wants a yes or no, and nothing else."""
    return bool(_POLAR.search(text.strip()) and not _OTHER.search(text))


def conclude(question: Question, evidence: Sequence[Evidence]) -> Conclusion | None:
    """The clause that decides, as far as one does beyond doubt and none in force says the opposite."""
    asked = _asked(question.text)
    if asked is None:
        return None
    found: list[Conclusion] = []
    deciding = re.compile("|".join((_NO[asked.asks], _YES[asked.asks], _GIVES.pattern)))
    for item in [e for e in evidence[:LOOKED_AT] if e.may_answer and not e.dead and not explains(e.card)]:
        found += filter(None, (_decides(asked, statement) for statement in _statements(item, deciding)))
        row = _by_row(asked, item)
        found += [row] if row else []
    if not found or len({conclusion.denies for conclusion in found}) > 1:
        return None
    return found[0]


def is_conclusion(sentence: Sentence) -> bool:
    """Whether the sentence draws a conclusion from its quotes."""
    return any(proof.checks == CONCLUDED for proof in sentence.proofs)


def concludes(sentence: Sentence) -> bool:
    """Whether the deciding words, without our own around them, stand in the quotes in their order."""
    said = sentence.text.removeprefix("结论：").removesuffix("。")
    said = re.sub(f"^(?:{_IF_LISTED}|{_IN_LISTED})|{_EXCEPTED}$", "", said)
    return bool(said) and in_pieces(said, [proof.quote for proof in sentence.proofs])


def unsaid(question: Question, shown: Sequence[Evidence]) -> list[str]:
    """Words of the question that none of the clauses shown has: for them no clause decides."""
    heavy = [topic for topic in question.topics if topic.weight >= 1.0]
    return [topic.word for topic in heavy if not any(item.speaks_of(topic) for item in shown)]


def _asked(text: str) -> _Asked | None:
    last = re.split("[；;]", text)[-1].strip()
    if not is_polar(last):
        return None
    for asks, pattern in _ASKS:
        match = pattern.search(last)
        if match is None:
            continue
        before, after = last[: match.start()], last[match.end() :]
        subject = tuple(topic for topic in topics(f"{text[: -len(last)]}{before}") if topic.weight >= 1.0)
        of_it = tuple(t for t in topics(after) if t.weight >= VERB_WEIGHT and t.word not in GENERIC)
        # 不交租金可以吗: which way a yes would go is not worth a guess.
        if _NEGATED.search(before + after) or not (subject or any(t.weight >= 1.0 for t in of_it)):
            return None
        benefit = bool(_BENEFIT_ASKED.search(match.group() + after))
        return _Asked(asks, subject, of_it, tuple(_words(f"{before}，{after}")), benefit, (_bare(before), _bare(after)))
    return None


def _bare(text: str) -> str:
    return re.sub(r"^[，,\s]*(?:请问|那么?)?|[吗呢的？?。！!\s]+$", "", text)


def _words(text: str) -> Iterator[str]:
    """All that the question says, beyond its turns of speech: 国有, 多人, 共同 and D类 bound it as much as its topics do."""
    flat = fold(text).lower()
    yield from _LETTERED.findall(flat)
    for word, tag in tagged(flat):
        if len(word) > 1 and word not in _IDLE and word not in GENERIC and re.match("[nvabjilsdxt]", tag):
            yield word


def _statements(item: Evidence, deciding: re.Pattern[str]) -> Iterator[_Statement]:
    """The sentences of the clause that have one of the ``deciding`` words, here or in what introduces them."""
    text = item.document.text
    for part in item.parts:
        if part.kind == "table_row" or introduces(part):
            continue
        lead = item.lead if part is item.clause else item.clause if introduces(item.clause) else None
        above = whole_lead(lead, text)
        body = body_span(part, text)
        words = body.of(text)
        led = above is not None and bool(deciding.search(fold(above.of(text))))
        for span in sentences(words):
            if not (led or deciding.search(fold(span.of(words)))):
                continue
            whole = span
            verdict = prove(span.of(words), words)
            if not verdict.passed:
                if (
                    verdict.repair is None
                    or verdict.repair.end - verdict.repair.start > 3 * (span.end - span.start) + 120
                ):
                    continue
                whole = verdict.repair
            said = trimmed(Span(body.start + whole.start, body.start + whole.end), text)
            pieces = ((part, said),) if above is None or lead is None else ((lead, above), (part, said))
            printed = "".join(piece.of(text) for _, piece in pieces)
            yield _Statement(item, pieces, fold(printed), whole != span)


def whole_lead(lead: Clause | None, text: str) -> Span | None:
    """The sentence of the clause above that introduces the item, whole: 不予认定；已经认定的，撤销认定：…"""
    last = lead_span(lead, text)
    if lead is None or last is None:
        return None
    start = max(text.rfind("。", body_span(lead, text).start, last.end) + 1, body_span(lead, text).start)
    return trimmed(Span(start, last.end), text)


def _decides(asked: _Asked, statement: _Statement) -> Conclusion | None:
    text = statement.text
    if _DOUBTS.search(text):
        return None
    flat = text.lower()
    if not all(topic.match(flat) >= SAID for topic in asked.subject):
        return None
    if not all(says(word, flat) or says(word, statement.item.about) for word in asked.words):
        return None
    nouns = [topic for topic in asked.of_it if topic.weight >= 1.0]
    if not all(topic.match(flat) >= SAID or topic.match(statement.item.about) >= SAID for topic in nouns):
        return None
    if asked.asks == "is":
        return _membership(asked, statement)
    deciding = [
        (match, denies)
        for denies, words in ((True, _NO[asked.asks]), (False, _YES[asked.asks]))
        for match in re.finditer(words, text)
        if _governs(asked, flat, match)
    ]
    if len({denies for _, denies in deciding}) == 1:
        return _conclusion(statement, *deciding[0])
    gives = _GIVES.search(text) if asked.benefit and asked.asks in ("may", "has") else None
    if gives and all(topic.match(flat) >= SAID for topic in nouns) and not re.search(_NO["may"], text):
        return _made(statement, f"结论：{_IF_LISTED}{gives['verb']}{gives['what']}。", False)
    return None


def _governs(asked: _Asked, flat: str, match: re.Match[str]) -> bool:
    """Whether the deciding word is said of the subject and of what is asked of it, and of nothing between."""
    start = max(flat.rfind(mark, 0, match.start()) for mark in "。；\n") + 1
    before, after = flat[start : match.start()], flat[match.end() :]
    # 企业可以申请，个人不得申请: what stands before another deciding word is said of that.
    last = max((m.end() for m in _MODALS.finditer(before)), default=0)
    nearest = max(asked.subject, key=lambda topic: asked.printed[0].lower().rfind(topic.word), default=None)
    if nearest and not _SELF_CONTAINED.fullmatch(match.group()) and nearest.match(before[last:]) < SAID:
        return False
    if re.match(r"[^，,。；：:]{0,14}的(?:材料|事项|企业|人员|单位|项目|证明|条件|情形)", after):
        return False  # 可以通过共享取得的材料: the word only says which
    if re.match(r"[^，,。；：:]{0,40}的(?:[，,：:]|$)", after) or _beside(asked, before):
        return False  # 可以叠加的，从其规定: a condition
    if _SELF_CONTAINED.fullmatch(match.group()):
        return all(topic.match(before + match.group() + after.split("。")[0]) >= SAID for topic in asked.subject)
    if not all(topic.match(before) >= SAID for topic in asked.subject):
        return False
    segment = match.group() + re.split("[。；\n]", after)[0]
    wanted = [t for t in asked.of_it if t.match(segment) < SAID]
    # What is asked may be named before (对展位费，可以申请补贴), the action itself may not.
    return all(t.weight >= 1.0 and t.match(before) >= SAID for t in wanted) and bool(asked.of_it or asked.benefit)


def _beside(asked: _Asked, before: str) -> bool:
    """未享受购房补贴的，可免租金 says nothing of who has had it."""
    return any(re.search(f"[未不非无][^，,。；]{{0,4}}{re.escape(t.word)}", before) for t in asked.subject)


def _membership(asked: _Asked, statement: _Statement) -> Conclusion | None:
    """D类人才……包括……高级技师: both sides in the words of the question, on their sides of the deciding word."""
    text = statement.text
    one, kind = (fold(side) for side in asked.printed)
    match = next(re.finditer(_YES["is"], text), None)
    if not (one and kind) or match is None or re.search(_NO["is"], text):
        return None  # who is left out of a class is told by the clause, in its own words
    before, after = text[: match.start()], text[match.end() :]
    if match.group() == "包括" and kind in before and one in after:
        return _made(statement, f"结论：{kind}包括{one}。", False)
    if match.group() != "包括" and one in before and kind in after:
        return _made(statement, f"结论：{one}{match.group()}{kind}。", False)
    return None


def _conclusion(statement: _Statement, match: re.Match[str], denies: bool) -> Conclusion | None:
    text = statement.text
    end = _SEGMENT_END.search(text, match.end())
    words = text[match.start() : end.start() if end else len(text)].strip()
    if len(words) > LONGEST:
        words = match.group()
    conditional = _CONDITION.search(text[: match.start()]) and not _SELF_CONTAINED.fullmatch(match.group())
    conditional = conditional or match.group() == "不符合"
    opened = (_IN_LISTED if denies else _IF_LISTED) if conditional else ""
    excepted = statement.turned or _EXCEPTS.search(text) or _TURNS.search(text[match.end() :]) or _follows(statement)
    closed = _EXCEPTED if excepted else ""
    return _made(statement, f"结论：{opened}{words}{closed}。", denies)


def _follows(statement: _Statement) -> bool:
    """Whether the clause goes on with what may be done nevertheless (上级文件明确可以叠加享受的，从其规定)."""
    clause, span = statement.parts[-1]
    return bool(re.search(r"但|从其规定|另有规定|除外", statement.item.document.text[span.end : clause.span.end]))


def _made(statement: _Statement, text: str, denies: bool) -> Conclusion:
    document = statement.item.document
    proofs = tuple(
        Proof(0, document.id, clause.id, document.sha256, span, span.of(document.text), CONCLUDED)
        for clause, span in statement.parts
    )
    return Conclusion(statement.item, Sentence(text, proofs), denies)


def _by_row(asked: _Asked, item: Evidence) -> Conclusion | None:
    """升规奖励需不需要申请: the cell 无需申报 of the row that is about it."""
    if asked.asks != "must" or item.row is None:
        return None
    text = item.document.text
    if not all(topic.match(item.about) >= SAID for topic in asked.subject):
        return None
    for cell in item.row.cells:
        words = cell.span.of(text).strip()
        if re.fullmatch(r"(?:无需|不需要?|无须|免于)[^，。；]{1,8}", words):
            span = body_span(item.clause, text)
            statement = _Statement(item, ((item.clause, span),), fold(span.of(text)), False)
            return _made(statement, f"结论：{words}。", True)
    return None
