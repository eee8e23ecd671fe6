"""“硕士和本科的生活补贴有什么区别”: each of the things compared by the clauses about it, side by side; a side that no file
speaks of is named as a gap.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.intent import defines
from index.query import Query
from ingest.docnumber import find_numbers
from ingest.normalize import fold
from ingest.numerals import find_quantities
from qa.answer import Proof, Sentence
from qa.compose import Composed, cautions, framed, named, quoted, said_of
from qa.evidence import Evidence, Shelf, explains
from qa.passage import body_span
from qa.question import SAID, Question, topics
from qa.refusal import is_named
from qa.respectively import meant, pairings
from qa.subquestion import ask_alone, flat, names

COMPARED = ("比较",)  # the checks of a proof whose sentence sets two amounts of the quote in order
A_SIDE = 2  # clauses of each side
BUDGET = 320  # characters of each side
MOST = 4  # things compared
LONGEST = 24  # characters of the name of one

_DIFFER = re.compile(
    r"(?:之间)?的?(?:到底|究竟|主要|具体)?(?:有|存在)?(?:什么|啥|哪些|何|没有)?(?:不同|区别|差别|差异|不一样)(?:之处|的?地方|点)?(?:在哪里?|是什么|吗)?$"
)
_SAME = re.compile(r"(?:是不是|是否|都)?(?:一样|相同|一致)(?:吗|么|不)?$")
_WHICH = re.compile(
    r"(?:哪个|哪一个|哪种|哪一种|谁)的?(?P<attribute>[^，。？?和与]{0,8}?)(?:更|比较|要)?(?P<way>高|多|长|大|贵|低|少|短|小|便宜|快|慢|严|宽)(?:些|一些|点)?$"
)
_THAN = re.compile(
    r"^(?P<one>.+?)(?<!对)比(?![例重较如照赛])(?P<other>.+?)(?:更|要|会)?(?P<way>高|多|长|大|贵|低|少|短|小|便宜|快|慢|严)(?:多少|些|一些|不少|几[^，。]{0,4})?(?:吗)?$"
)
_JOINT = re.compile(r"(?<!总)和(?!谐|平)|与(?!会)|跟(?!踪)|、|还是|以及")
_MASKED = re.compile(r"《[^》]*》|[“\"「][^”\"」]*[”\"」]|[〔\[（(][^〕\]）)]*[〕\]）)]")
_OPENING = re.compile(r"^(?:请问|那么?|想问|问一下|同样是|比较一下|对比一下)[，,]?")
_YEAR = re.compile(r"((?:19|20)\d\d)年?(?:版|的)?")
_THEN = re.compile("以前|现在|原来|之前|过去|目前")
_TAILS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"期限|时间|时限|周期|有效期"), "是多久"),
    (re.compile(r"条件|要求|材料|流程|程序|对象|范围"), "是什么"),
    (re.compile(r"补贴|补助|奖励|奖补|资助|贴息|额度|金额|标准|比例|利率|支持|上限|限额"), "是多少"),
)
# The sentences of ``_verdict``, for the last gate.
_FORMS = (
    re.compile(r"结论：(?P<one>.+)（(?P<much>.+?)）(?P<way>高于|低于)(?P<other>.+)（(?P<little>.+?)）。"),
    re.compile(r"结论：(?P<way>不同)，(?P<one>\D+)(?P<much>\d[^，]*)，(?P<other>\D+)(?P<little>\d[^，]*)。"),
    re.compile(r"结论：(?P<one>.+)与(?P<other>.+)(?P<way>相同)，均为(?P<much>.+)。"),
)
_Ranked = tuple[tuple[bool, ...], Evidence]  # False before True
_MORE = frozenset("高多长大贵")


@dataclass(frozen=True, slots=True)
class Compared:
    """``subjects``: the names of what is compared; ``before``, ``behind``: what stands there for all of them; ``way``: 高, 长 … of
    哪个高, or 同 of 一样吗; empty where only the difference is asked for.
    """

    subjects: tuple[str, ...]
    before: str = ""
    behind: str = ""
    way: str = ""


@dataclass(frozen=True, slots=True)
class _Side:
    name: str
    question: Question
    found: tuple[Evidence, ...]
    row: Evidence | None


def compared(text: str) -> Compared | None:
    """What the question compares; ``None`` where it compares nothing, or then and now, which the composer sets side by side."""
    last = _OPENING.sub("", re.split("[；;]", text)[-1].strip().rstrip("？?。！! "))
    which, same = _WHICH.search(last), _SAME.search(last)
    than = _THAN.search(last)
    cue = which or same or _DIFFER.search(last)
    if cue is None and than is None:
        return None
    joined = (
        [than["one"], than["other"]] if than and not cue else _split(last[: cue.start()].rstrip("，,的")) if cue else []
    )
    pieces = [piece.strip("，, ") for piece in joined]
    if not 2 <= len(pieces) <= MOST or not all(pieces):
        return None
    *firsts, final = pieces
    before, firsts[0] = _context(firsts[0], final)
    final, behind = _attribute(firsts[-1], final)
    subjects = (*firsts, final)
    if any(len(s) > LONGEST and not find_numbers(s) and "《" not in s for s in subjects):
        return None
    if any(_THEN.search(s) for s in subjects) or (
        not behind and all(find_numbers(s) or _YEAR.fullmatch(s) for s in subjects)
    ):
        return None
    attribute = which["attribute"].removesuffix("的") if which else ""
    way = which["way"] if which else "同" if same else than["way"] if than and not cue else ""
    return Compared(subjects, before, f"{behind}{attribute}", way)


def compare(shelf: Shelf, question: Question, query: Query) -> Composed | None:
    """One part for each of the things; ``None`` where the question compares none, or no file speaks of any of them."""
    asked = compared(question.text) if len(question.levels) < 2 else None
    if asked is None:
        return None
    sides = _sides(shelf, query, asked)
    held = [side for side in sides if side.found]
    if not held or (len(held) == 1 and not _is_thing(shelf, query, sides)):
        return None
    together = _one_clause(sides)
    conclusion = list(_ordered(asked, sides))
    if len(conclusion) < 2:
        conclusion = [replace(sentence, group="") for sentence in conclusion]
    if together:
        said = [replace(s, group="、".join(asked.subjects)) for s in said_of(question, together)]
    else:
        said = ([] if asked.behind else _rows(sides)) or [sentence for side in sides for sentence in _said(side, asked)]
    chosen = [item for side in sides for item in side.found]
    return Composed((*conclusion, *said, *cautions(shelf, question, chosen)))


def is_comparison(sentence: Sentence) -> bool:
    """Whether the sentence sets two amounts of its quotes in order."""
    return any(proof.checks == COMPARED for proof in sentence.proofs)


def in_order(sentence: Sentence) -> bool:
    """Whether the names and the amounts stand in the quotes, and the amounts are in the order that the sentence says."""
    found = next((m for form in _FORMS if (m := form.fullmatch(sentence.text))), None)
    if found is None:
        return False
    said, quotes = found.groupdict(), fold("".join(proof.quote for proof in sentence.proofs))
    if not all(fold(said[part]) in quotes for part in ("one", "other", "much", "little") if said.get(part)):
        return False
    amounts = [find_quantities(said[part]) for part in ("much", "little") if said.get(part)]
    if any(len(amount) != 1 for amount in amounts):
        return False
    values = [amount[0].value for amount in amounts]
    ways = {"高于": values[0] > values[-1], "低于": values[0] < values[-1], "不同": values[0] != values[-1]}
    return ways.get(said["way"], len(values) == 1)


def _split(text: str) -> list[str]:
    """The things joined by 和, 与, 、; what stands in brackets or quotation marks is not taken apart."""
    hidden = _MASKED.sub(lambda found: "　" * len(found.group()), text)
    cuts = [match.span() for match in _JOINT.finditer(hidden)]
    edges = [0, *(edge for cut in cuts for edge in cut), len(text)]
    return [text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _context(first: str, final: str) -> tuple[str, str]:
    """自然保护区的核心区和缓冲区: what the first names before 的 holds for both, unless the last says it again."""
    told, comma, thing = first.rpartition("，")  # 领失业金期间去世的，丧葬补助金和抚恤金
    if comma and told and thing:
        before, thing = _context(thing, final)
        return f"{told}，{before}", thing
    before, of, thing = first.rpartition("的")
    if of and before and thing and "的" not in final and before not in final:
        return f"{before}的", thing
    extra = len(first) - len(final)  # 排污许可重点管理和简化管理
    if extra >= 2 and len(final) > 2 and first[-2:] == final[-2:] and first[:extra] not in final:
        return first[:extra], first[extra:]
    return "", first


def _attribute(first: str, final: str) -> tuple[str, str]:
    """本科的生活补贴 is 本科, asked about its 生活补贴; B类人才购房补贴, beside A类人才, is B类人才."""
    for size in range(len(first), 0, -1):
        at = final.find(first[-size:])
        rest = final[at + size :].removeprefix("的") if at >= 0 else ""
        if at >= 0 and (size >= 2 or len(first) <= 4) and at + size <= len(final):
            if not rest:
                break
            if len(rest) >= 2:
                return final[: at + size], rest
    thing, of, attribute = final.partition("的")
    return (thing, attribute) if of and thing and attribute else (final, "")


def _sides(shelf: Shelf, query: Query, asked: Compared) -> list[_Side]:
    sides: list[_Side] = []
    for name in asked.subjects:
        files = _files(shelf, name)
        tail = next(
            (tail for pattern, tail in _TAILS if pattern.search(asked.behind)),
            "怎么规定" if asked.behind else "是多少" if asked.way else "是什么",
        )
        about = (
            f"{asked.before}{asked.behind}"
            if files
            else f"{asked.before}{name}{'的' * bool(asked.behind)}{asked.behind}"
        )
        question, evidence = ask_alone(shelf, query, f"{about or name}{tail}？", files)
        ranked = _about(name, asked, evidence, bool(files))
        row = next((item for _, item in ranked if _is_labelled(item, name)), None)
        sides.append(_Side(name, question, tuple(_best(ranked)), row))
    return sides


def _files(shelf: Shelf, name: str) -> tuple[str, ...]:
    """The files that the name is of (a number, a title in 《》, a year)."""
    year = _YEAR.fullmatch(name)
    if year:
        return tuple(c.id for c in shelf.library.documents() if c.year == int(year[1])) or ("",)
    numbers = {number.canonical for number in find_numbers(name)}
    titles = re.findall("《([^》]{4,})》", name)
    cards = shelf.library.documents()
    return tuple(c.id for c in cards if c.document_number in numbers or (titles and is_named(titles, c.title)))


def _about(name: str, asked: Compared, evidence: Sequence[Evidence], is_file: bool) -> list[_Ranked]:
    """The clauses that speak of the thing by its name and of what is asked of it, those that define it first."""
    heavy = [topic for topic in topics(f"{asked.before}{asked.behind}") if topic.weight >= 1.0]
    is_money = bool(_TAILS[-1][0].search(asked.behind))
    found: list[_Ranked] = []
    for item in evidence:
        if not all(topic.match(item.about) >= SAID for topic in heavy):
            continue
        own = flat("".join(part.text for part in item.parts))
        heading = flat(item.clause.heading)
        if is_file or names(name, f"{own}{heading}", item.about):
            literal = flat(name)
            lettered = bool(re.search("[a-z]类", literal))  # A类人才 stands as A类、B类人才
            defining = not asked.behind and defines(name, own)
            printed = "".join(part.text for part in item.parts)
            rank = (
                item.dead and not is_file,
                bool(asked.way) and not _parallel(printed, asked.subjects),
                is_money and not item.has_amount,
                not defining,
                item.row is not None or explains(item.card),  # these only repeat the policy
                not is_file and literal not in heading,
                not is_file and literal not in own and not lettered,
            )
            found.append((rank, item))
    return sorted(found, key=lambda each: each[0])


def _best(ranked: Sequence[_Ranked]) -> Iterator[Evidence]:
    """One clause a file, of those that rank with the first."""
    taken: set[str] = set()
    for rank, item in ranked:
        if rank == ranked[0][0] and item.document.id not in taken and len(taken) < A_SIDE:
            taken.add(item.document.id)
            yield item


def _is_labelled(item: Evidence, name: str) -> bool:
    """Whether the item is the row of the thing: its first cell that says more than a number names it."""
    pairs = item.row.pairs(item.document.text) if item.row else ()
    label = next((flat(value) for column, value in pairs if column and column != "序号"), "")
    return bool(label) and names(name, label, label)


def _is_thing(shelf: Shelf, query: Query, sides: Sequence[_Side]) -> bool:
    """Whether the side that was not found is named by a word that tells it from the other (购车补贴, not 哪种)."""
    return all(
        side.found or any(topic.weight >= 1.0 for topic in topics(side.name)) or find_numbers(side.name)
        for side in sides
    )


def _one_clause(sides: Sequence[_Side]) -> Evidence | None:
    """The clause that speaks of all of them in one breath, where it cannot be taken apart by 分别."""
    if not all(side.found for side in sides):
        return None
    ids = {side.found[0].clause.id for side in sides}
    first = sides[0].found[0]
    if len(ids) > 1 or first.row or any(len(said_of(side.question, first)) != 1 for side in sides):
        return None
    return first if len({said_of(side.question, first)[0].text for side in sides}) == 1 else None


def _said(side: _Side, asked: Compared) -> Iterator[Sentence]:
    used = 0
    for item in side.found:
        for sentence in said_of(side.question, item):
            if used and used + len(sentence.text) > BUDGET:
                return
            used += len(sentence.text)
            yield replace(sentence, group=side.name)
    if not side.found:
        about = f"“{side.name}”" + (f"的{asked.behind}" if asked.behind else "")
        yield replace(framed(f"库内没有查到写明{about}的条款。"), group=side.name)


def _rows(sides: Sequence[_Side]) -> list[Sentence]:
    """Rows of one table are set side by side, column by column: 支持标准：甲：……；乙：……"""
    items = [side.row for side in sides if side.row]
    rows = [item.row for item in items if item.row and item.row.head]
    if len(rows) < len(sides) or len({(i.document.id, r.head) for i, r in zip(items, rows, strict=True)}) > 1:
        return []
    document = items[0].document
    pairs = [[(name, value) for name, value in row.pairs(document.text) if name and name != "序号"] for row in rows]
    if not all(pairs) or len({cells[0][0] for cells in pairs}) > 1:
        return []
    spans = [(item.clause, body_span(item.clause, document.text)) for item in items]
    spans += [(head, body_span(head, document.text)) for head in rows[0].head_rows]
    spans += [(c.clause, c.span) for item, row in zip(items, rows, strict=True) for c in row.taken_over(item.clause)]
    proven = quoted(document, *spans)
    columns = dict.fromkeys(name for cells in pairs for name, _ in cells[1:])
    made = []
    for column in columns:
        words = [f"{cells[0][1]}：{value}" for cells in pairs for name, value in cells[1:] if name == column]
        made.append(replace(proven, text=f"{'；'.join(words)}。", group=column))
    return made


def _ordered(asked: Compared, sides: Sequence[_Side]) -> Iterator[Sentence]:
    """哪个高, 一样吗: what the amounts of one sentence joined by 分别 come to, each file for itself."""
    if not asked.way or len(sides) != 2:
        return
    done: set[str] = set()
    for item in [item for side in sides for item in side.found]:
        if item.clause.id in done:
            continue
        done.add(item.clause.id)
        span = body_span(item.clause, item.document.text)
        words = span.of(item.document.text)
        stated: list[str] = []
        for pairing in pairings(words):
            both = [
                meant(pairing, words, side.name, [t.word for t in topics(side.name) if t.weight >= 1.0])
                for side in sides
            ]
            if any(len(one) != 1 for one in both) or both[0] == both[1]:
                continue
            names = [pairing.items[one[0]].of(words) for one in both]
            amounts = [pairing.amounts[one[0]].of(words) for one in both]
            stated.append(_verdict(asked.way, names, amounts))
        if not stated and (amounts := _parallel(words, [side.name for side in sides])):
            stated.append(_verdict(asked.way, [side.name for side in sides], amounts))
        for verdict in filter(None, stated):
            proof = Proof(0, item.document.id, item.clause.id, item.document.sha256, span, words, COMPARED)
            yield Sentence(verdict, (proof,), group=item.card.document_number or named(item.document))


def _parallel(words: str, names: Sequence[str]) -> list[str]:
    """甲按照月平均工资的三倍计发，乙按照月平均工资的六倍计发; 甲32元/月、乙50元/月: the amounts of two statements that are alike but for
    them and the names.
    """
    flat, quantities = fold(words), find_quantities(words)
    told: list[dict[tuple[str, str], str]] = []
    for name in names:
        statements: dict[tuple[str, str], str] = {}
        for match in re.finditer(re.escape(fold(name)), flat):
            after = next((q for q in quantities if q.span.start >= match.end()), None)
            between = flat[match.end() : after.span.start] if after else ""
            if after and not re.search("[。;]", between):
                behind = re.split("[,。;、(]", flat[after.span.end :])[0]
                statements[between, behind] = after.printed + behind * behind.startswith("/")  # 50元/平方米/月
        told.append(statements)
    alike = [key for key in told[0] if key in told[1]]
    return [statements[alike[0]] for statements in told] if len(alike) == 1 else []


def _verdict(way: str, names: Sequence[str], amounts: Sequence[str]) -> str:
    values = [find_quantities(amount) for amount in amounts]
    if any(len(value) != 1 for value in values):
        return ""
    (one,), (other,) = values
    if (one.kind, one.unit) != (other.kind, other.unit):
        return ""
    pairs = sorted(zip((one.value, other.value), names, amounts, strict=True), key=lambda each: -each[0])
    if one.value == other.value:
        return f"结论：{names[0]}与{names[1]}相同，均为{amounts[0]}。"
    (_, more, much), (_, less, little) = pairs
    if way == "同":
        return f"结论：不同，{names[0]}{amounts[0]}，{names[1]}{amounts[1]}。"
    return (
        f"结论：{more}（{much}）高于{less}（{little}）。"
        if way in _MORE
        else f"结论：{less}（{little}）低于{more}（{much}）。"
    )
