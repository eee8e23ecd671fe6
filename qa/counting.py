"""“人才分为几类”, “一共有多少条”: a number that the file itself prints, or that code counts from the whole list, whose items are all
cited (of the articles of a file, the first and the last). Where the two differ, or the numbering has a gap, no number is given.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.chunk import Hit
from index.query import Query
from ingest.document import Clause, PolicyDocument, Span
from ingest.normalize import fold
from ingest.numerals import chinese_to_int
from qa.answer import Proof, Sentence
from qa.compose import Composed, cautions, framed, named, quoted, said_of
from qa.evidence import Evidence, Shelf, introduces
from qa.passage import body_span, trimmed
from qa.proof import sentences
from qa.question import Question, says, topics
from qa.subquestion import ask_alone
from qa.targets import targets
from qa.verdict import whole_lead

COUNTED = ("计数",)  # the checks of a proof whose sentence counts the quotes, or repeats the number that they print
LOOKED_AT = 6  # clauses in which the list or the number is looked for
_NUMERAL = r"(?:\d{1,3}|[一二三四五六七八九十两]{1,3})"
_UNIT = r"条|章|项|类|种|个|份|家|款|大类|方面|步"
_HOW_MANY = re.compile(
    rf"(?:一共|总共|共计|共)?(?:有|分为|分成|分|列了|设|要交|要|需要)?(?P<many>几|多少)(?P<unit>{_UNIT})(?!月|工作日|小时|季度|年|平方)(?P<noun>[^，。？?；;]{{0,12}})"
)
_TOTAL = re.compile(r"(?:一共|总共|共)(?:有|是)?(?:几|多少)?$")
# 多少个亿元以上项目 asks for a target that the files state, not for the length of a list.
_THINGS = r"事项|内容|条件|要求|情形|情况|材料|资料|证明|部门|单位|机关|机构|银行|措施|任务|步骤|环节|程序|条款|方面|对象|人员|原则|行动|档次?|类别|种类"
_LISTED = re.compile(rf"(?:人|事?项|{_THINGS})(?!目)|.{{1,6}}(?:{_THINGS})$|$")
_FILE_PARTS = re.compile(r"^(?:$|条款|措施|规定|政策|内容)")
_CLASSES = re.compile(rf"分为|分成|{_NUMERAL}(?:大?类|种|级|档)")
_BODIES = re.compile("部门|单位|机关")
_ISSUED = re.compile("印发|发布|联合|制定|出台")
_RESPONSIBLE = re.compile(r"责任单位[：:](?P<bodies>[^）)。；;]{2,120})")
_ARTICLE = re.compile(r"第([一二三四五六七八九十百零〇\d]+)条")
_CHAPTER = re.compile(r"第([一二三四五六七八九十百零〇\d]+)章")
# The sentences of this module, for the last gate.
_ITEMS = re.compile(rf"共(?P<number>\d+)(?:{_UNIT})。")
_RUN = re.compile(r".+共(?P<number>\d+)(?:条|章)，从(?P<first>[^，]+)到(?P<last>[^，]+)。")
_NAMED = re.compile(r".*共(?P<number>\d+)个：(?P<names>.+)。")
_REPEATED = re.compile(r"(?:标题写的是“|原文写明：)(?P<words>.+?)”?。")
_ITEM = re.compile(r"[（(]([一二三四五六七八九十]+)[)）]")


def count(shelf: Shelf, question: Question, query: Query, hits: Sequence[Hit]) -> Composed | None:
    """``None`` where nothing is to be counted, or nothing can be."""
    asked = _HOW_MANY.search(question.text)
    if asked is None or not _LISTED.match(asked["noun"]) or re.search("[；;]", question.text):
        return None
    before = question.text[: asked.start()]
    if (
        asked["unit"] in ("条", "章")
        and _FILE_PARTS.match(asked["noun"])
        and not re.search("(?:条件|情形|内容|材料|要求)$", before)
    ):
        found = targets(shelf, question, query, hits)
        return _file_parts(shelf, found[0], asked["unit"]) if found else None
    if _BODIES.search(asked["noun"]) and _ISSUED.search(question.text):
        found = targets(shelf, question, query, hits)
        return _issuers(shelf, found[0]) if found else None
    verb = re.sub("(?:一共|总共|共计|共)?(?:有|列了|设)?$", "", asked.group().split(asked["many"])[0])
    opening = question.text[: asked.start()].removesuffix("哪")
    noun = re.sub("步骤|环节", "程序", asked["noun"]) or (asked["unit"] if asked["unit"] in ("类", "种") else "")
    alone, evidence = ask_alone(shelf, query, f"{opening}{verb}{'' if verb else '有'}哪些{noun}？")
    evidence = [item for item in evidence[:LOOKED_AT] if item.may_answer and _about(question, asked, item)]
    counters = (_bodies,) if _BODIES.search(asked["noun"]) else (_list, _printed)
    for counter in counters:
        made = [(said, item) for item in evidence if (said := counter(shelf, alone, item, asked))]
        if made:  # the list whose opening names the thing, before one of a file about it
            heavy = [topic for topic in alone.topics if topic.weight >= 1.0]
            opened = [fold(said[-1].text if counter is _printed else _opening(said)).lower() for said, _ in made]
            best = max(
                range(len(made)),
                key=lambda n: sum(t.match(opened[n]) for t in heavy) + bool(_CLASSES.search(opened[n])),
            )
            return Composed((*made[best][0], *cautions(shelf, alone, [made[best][1]])))
    return None


def is_count(sentence: Sentence) -> bool:
    """Whether the sentence counts its quotes, or repeats a number that they print."""
    return any(proof.checks == COUNTED for proof in sentence.proofs)


def comes_to(sentence: Sentence) -> bool:
    """Whether the quotes come to the number again, and have the names that stand behind it."""
    quotes = [fold(proof.quote) for proof in sentence.proofs]
    if items := _ITEMS.fullmatch(sentence.text):
        return int(items["number"]) == len(quotes) - 1  # the first introduces them
    if run := _RUN.fullmatch(sentence.text):
        ends = fold(run["first"]) in quotes[0], fold(run["last"]) in quotes[-1]
        return all(ends) and int(run["number"]) == _order(run["last"])
    if bodies := _NAMED.fullmatch(sentence.text):
        names = bodies["names"].split("、")
        return int(bodies["number"]) == len(names) and all(any(fold(n) in q for q in quotes) for n in names)
    repeated = _REPEATED.fullmatch(sentence.text)
    return bool(repeated) and any(fold(repeated["words"]) in quote for quote in quotes)


def _opening(said: Sequence[Sentence]) -> str:
    """The sentence that introduces the list: behind the number, where one is given."""
    return said[min(1, len(said) - 1)].text if said[0].proofs[0].checks == COUNTED else said[0].text


def _about(question: Question, asked: re.Match[str], item: Evidence) -> bool:
    rest = topics(f"{question.text[: asked.start()]}　{re.sub('步骤|环节', '程序', asked['noun'])}")
    return all(item.speaks_of(topic) for topic in rest if topic.weight >= 1.0)


def _file_parts(shelf: Shelf, document: PolicyDocument, unit: str) -> Composed | None:
    """The articles, chapters or continuously numbered items of a file, where their numbers run from 1 without a gap."""
    for pattern in (_CHAPTER,) if unit == "章" else (_ARTICLE, _ITEM):
        numbered = _numbered(document, pattern)
        if numbered and [n for n, _ in numbered] == list(range(1, len(numbered) + 1)):
            break
    else:
        return None
    clauses = [clause for _, clause in numbered]
    ends = clauses if unit == "章" else [clauses[0], clauses[-1]]
    places = [trimmed(c.span, document.text) if unit == "章" else _marker(document, c) for c in ends]
    proofs = tuple(_proof(document, clause, place) for clause, place in zip(ends, places, strict=True))
    first, last = (clause.marker for clause in (clauses[0], clauses[-1]))
    state = shelf.status(document.id).state
    remark = [framed(f"{named(document)}：{state}。")] if state not in ("有效", "未标明") else []
    total = Sentence(f"{named(document)}共{len(clauses)}{unit}，从{first}到{last}。", proofs)
    listed = [quoted(document, each) for each in zip(ends, places, strict=True)] if unit == "章" else []
    return Composed((total, *listed, *remark))


def _numbered(document: PolicyDocument, pattern: re.Pattern[str]) -> list[tuple[int, Clause]]:
    found: dict[int, Clause] = {}
    for clause in document.clauses:
        match = pattern.fullmatch(clause.marker or "")
        if match and clause.kind in ("body", "heading") and (number := chinese_to_int(match[1])) not in found:
            found[number] = clause
        elif match and pattern is _ITEM:
            return []  # each heading has its own items: there is no numbering of the file
    return sorted(found.items())


def _marker(document: PolicyDocument, clause: Clause) -> Span:
    at = document.text.find(clause.marker or "", clause.span.start, clause.span.end)
    return Span(at, at + len(clause.marker or "")) if at >= 0 else clause.span


def _issuers(shelf: Shelf, document: PolicyDocument) -> Composed | None:
    """The bodies that issued the file; the number that its title prints (等4部门) goes before."""
    title = document.metadata.title or ""
    printed = re.search(rf"等?{_NUMERAL}(?:个)?(?:部门|单位)", title)
    names = [name for name in document.metadata.issuers if name in document.text]
    at = document.text.find(printed.group()) if printed else -1
    if printed and at >= 0:
        clause = shelf.clause_at(document.id, at)
        line = document.text[at : at + len(printed.group())]
        return Composed((Sentence(f"标题写的是“{line}”。", (_proof(document, clause, Span(at, at + len(line))),)),))
    if not names or len(names) < len(document.metadata.issuers):
        return None
    places = [document.text.index(name) for name in names]
    proofs = (
        _proof(document, shelf.clause_at(document.id, at), Span(at, at + len(name)))
        for at, name in zip(places, names, strict=True)
    )
    return Composed((Sentence(f"{named(document)}的发文机关共{len(names)}个：{'、'.join(names)}。", tuple(proofs)),))


def _list(shelf: Shelf, asked: Question, item: Evidence, how: re.Match[str]) -> list[Sentence]:
    """A clause that introduces a list: its items, all of them, and how many they are."""
    lead = item.clause if introduces(item.clause) else item.lead
    if lead is None:
        return []
    document = item.document
    children = [c for c in shelf.children(document.id, lead.id) or shelf.opened(document.id, lead) if c.marker]
    span = whole_lead(lead, document.text)
    numbers = [_order(child.marker) for child in children]
    if span is None or len(children) < 2 or numbers != list(range(1, len(children) + 1)):
        return []
    words = fold(span.of(document.text))
    above = fold("".join(c.heading for c in (lead, *shelf.ancestors(document.id, lead))) + document.title)
    # The list is of what its opening names; what an item mentions is not.
    if not all(says(topic.word, f"{words}{above}".lower()) for topic in asked.topics if topic.weight >= 1.0):
        return []
    if not how["noun"] and how["unit"] in ("类", "种") and not _CLASSES.search(words):
        return []
    unit = how["unit"] if how["unit"] in ("类", "种", "项", "个", "条") else "项"
    stated = [_value(n) for n in re.findall(rf"({_NUMERAL})(?:大?类|种|项|个|条|方面)", words)]
    parts = [(lead, span), *((child, body_span(child, document.text)) for child in children)]
    proofs = tuple(_proof(document, clause, place) for clause, place in parts)
    total = [Sentence(f"共{len(children)}{unit}。", proofs)] if not stated or stated[-1:] == [len(children)] else []
    return [*total, *(quoted(document, part) for part in parts)]


def _order(marker: str | None) -> int:
    digits = re.search(r"\d+|[一二三四五六七八九十]+", fold(marker or ""))
    return _value(digits.group()) if digits else 0


def _value(numeral: str) -> int:
    return int(numeral) if numeral.isdigit() else chinese_to_int(numeral)


def _printed(shelf: Shelf, asked: Question, item: Evidence, how: re.Match[str]) -> list[Sentence]:
    """A number of such things that the clause prints: 9家银行."""
    body = body_span(item.clause, item.document.text)
    words = body.of(item.document.text)
    nouns = [word for word in re.split(r"[的]", how["noun"]) if word]
    pattern = rf"(?<![\d.第]){_NUMERAL}(?:个)?{how['unit']}[^，。；：:\d]{{0,14}}"
    for match in re.finditer(pattern, words):
        if not nouns or any(noun[-2:] in match.group() for noun in nouns):
            proof = _proof(item.document, item.clause, body)
            around = next(s for s in sentences(words) if s.start <= match.start() < s.end)
            whole = trimmed(Span(body.start + around.start, body.start + around.end), item.document.text)
            return [Sentence(f"原文写明：{match.group()}。", (proof,)), quoted(item.document, (item.clause, whole))]
    return []


def _bodies(shelf: Shelf, asked: Question, item: Evidence, how: re.Match[str]) -> list[Sentence]:
    """（责任单位：甲、乙）: counted by the names that it joins."""
    body = body_span(item.clause, item.document.text)
    match = _RESPONSIBLE.search(body.of(item.document.text))
    if match is None:
        return []
    names = [name for name in re.split("[、，,]", match["bodies"]) if name.strip()]
    proof = _proof(item.document, item.clause, body)
    return [Sentence(f"责任单位共{len(names)}个：{'、'.join(names)}。", (proof,)), *said_of(asked, item)]


def _proof(document: PolicyDocument, clause: Clause, span: Span) -> Proof:
    return Proof(0, document.id, clause.id, document.sha256, span, span.of(document.text), COUNTED)
