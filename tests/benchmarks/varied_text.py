"""Policy files without end, as varied as real ones, for measuring at scale.

The sentences of the sample files are moulds: place, figures and about half of the content words are drawn anew, from the
words of the file's own subject and from jieba's dictionary by frequency. So function words and the words of policy stay
as frequent as they are in real files, subjects differ from file to file, and rare words go on coming as the text grows.
The text means nothing. A file is fixed by its seed and its serial number.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import accumulate, count
from random import Random

from jieba import dt as dictionary

from index import analyzer
from ingest.document import PolicyDocument
from ingest.parse import document_from_text
from tests.corpus_makers.source import SOURCES, read_source
from tests.hard_documents import words
from tests.hard_documents.outline import Outline
from tests.hard_documents.truth import ARTICLE, BRACKETED, CHAPTER, CHINESE, DIGIT
from tests.hard_documents.words import Place

SUBJECTS = 400
SUBJECT_WORDS = 40  # of each part of speech
RAREST = 80  # in 60 million words; with rarer ones, pairs of characters grow twice as fast as in real files
KEPT, OF_SUBJECT = 0.5, 0.35  # shares of the content words of a mould; the rest comes from the whole dictionary
FLATTER = 0.6  # the words of a subject are rarer than those of the language: frequency to this power
MEDIAN, SPREAD, SHORTEST, LONGEST = 118, 0.6, 14, 900  # characters of a clause, log-normal like those of real files
YEARS = range(2016, 2026)

_KINDS = ("若干措施", "若干政策", "实施意见", "实施方案", "行动计划", "管理办法", "实施细则", "工作方案")
_NAME_HEADS, _NAME_TAILS = "岚汀桐砚栖澜沅溪柏松", "川湖浦关宁陵原泽山"
_SAMPLE_PLACES = "云澜市|XX市|xx省|XX省|清河区"
_MARKER = re.compile(
    r"(?:第[一二三四五六七八九十百]+[章节条]|[一二三四五六七八九十]+、|（[一二三四五六七八九十\d]+）|\d+[.．、])\s*"
)
_PART = re.compile(rf"{_SAMPLE_PLACES}|(?:(?!{_SAMPLE_PLACES})[\u4e00-\u9fff])+|\d+(?:\.\d+)?|[^\u4e00-\u9fff\d]+")
_SENTENCE = re.compile(r"[^。；]{10,160}[。；]")
_TAGS = {"n": "n", "nz": "n", "l": "n", "v": "v", "vn": "v", "a": "a", "b": "a", "ad": "a"}  # jieba's → ours


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a mould: for a word of a part of speech (``n v a``), a ``figure`` or a ``place``; else what is printed."""

    kind: str
    printed: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words with their cumulated weights, to be drawn from."""

    words: tuple[str, ...]
    weights: tuple[float, ...]

    @classmethod
    def of(cls, frequencies: dict[str, float], power: float = 1.0) -> Lexicon:
        return cls(tuple(frequencies), tuple(accumulate(f**power for f in frequencies.values())))

    def draw(self, rng: Random) -> str:
        return self.words[min(bisect(self.weights, rng.random() * self.weights[-1]), len(self.words) - 1)]


def documents(seed: int = 0) -> Iterator[PolicyDocument]:
    """Files without end, every one different."""
    return (document(seed, serial) for serial in count())


def document(seed: int, serial: int) -> PolicyDocument:
    """The file with this serial number, parsed as any other."""
    return document_from_text(text(seed, serial), path=f"{seed}-{serial}.txt")


def text(seed: int, serial: int) -> str:
    """What is printed: title, number, addressees, 20–60 numbered clauses, signature, date."""
    rng = Random(f"{seed} {serial}")
    place = _place(rng)
    issued_on = words.day(rng, rng.choice(YEARS))
    writer = _Writer(rng, place)
    kind = rng.choice(_KINDS)
    title = f"{_office(place)}关于{rng.choice(('促进', '支持', '加快', '规范'))}{writer.subject()}的{kind}"
    outline = Outline(running=rng.random() < 0.3)
    write = _articles if kind in ("管理办法", "实施细则") else _measures
    write(writer, outline, rng.randrange(20, 61))
    outline.closing(_validity(rng, issued_on, kind[-2:]))
    lines = (
        title,
        f"{place.code}政办〔{issued_on.year}〕{serial + 1}号",
        "各有关单位：",
        *(block.printed for block in outline.blocks),
        _office(place),
        words.arabic(issued_on),
    )
    return "\n".join(lines) + "\n"


def question(rng: Random, document: PolicyDocument) -> str:
    """What a user may ask about the file: a few words of one of its clauses among question words; its number; half its title."""
    body = [clause.text for clause in document.clauses if clause.kind == "body" and len(clause.text) > 40]
    known = [word for word, tag in analyzer.tagged(rng.choice(body)) if tag in _TAGS and len(word) > 1]
    start = rng.randrange(max(1, len(known) - 4))
    topic = known[start : start + rng.randrange(2, 6)]
    form = rng.random()
    if form < 0.12:
        number = document.id.replace("〔", rng.choice("〔[（")).replace("〕", rng.choice("〕]）"))
        return f"{number}{rng.choice(('里', '中', ' '))}{''.join(topic[:2])}怎么规定的"
    if form < 0.24:
        half = document.title.partition("关于")[2][: rng.randrange(8, 16)]
        return f"《{half}》对{''.join(topic[:2])}有什么支持"
    before = rng.choice(("", "", "请问", "我们公司想申请", "想问一下", document.metadata.region or ""))
    after = rng.choice(
        ("怎么补贴", "最高能给多少钱", "有哪些支持政策", "需要什么条件", "去哪里办理", "什么时候申报", "是什么意思", "")
    )
    return before + rng.choice(("", "和", "的")).join(topic) + after


class _Writer:
    """Writes the clauses of one file."""

    def __init__(self, rng: Random, place: Place) -> None:
        self.rng = rng
        self.place = place
        self._subjects = (rng.randrange(SUBJECTS), rng.randrange(SUBJECTS))

    def subject(self) -> str:
        name = self._of_subject("n") + self._of_subject("v")
        return name + self.rng.choice(("发展", "高质量发展", "工作", self.rng.choice(words.DOMAINS)))

    def heading(self) -> str:
        if self.rng.random() < 0.3:
            return self.rng.choice((*words.HEADINGS, *words.RUN_INS))
        return self.rng.choice(("支持", "强化", "推进", "完善", "加强")) + self._of_subject("n") + self._of_subject("v")

    def clause(self) -> str:
        """A clause without its number: often a short heading, then sentences up to a length drawn at random."""
        wanted = min(LONGEST, max(SHORTEST, self.rng.lognormvariate(0, SPREAD) * MEDIAN))
        found = f"{self.heading()}。" if wanted > 40 and self.rng.random() < 0.6 else ""
        duty = words.duty(self.rng, self.place.unit) if wanted > 120 and self.rng.random() < 0.4 else ""
        while len(found) + len(duty) < wanted - 20 or not found:
            found += self.sentence(wanted - len(found) - len(duty))
        return found[:-1] + "。" + duty

    def sentence(self, room: float) -> str:
        """A mould of about the length that is left, filled."""
        moulds = _moulds()
        tried = (moulds[self.rng.randrange(len(moulds))] for _ in range(4))
        mould = min(tried, key=lambda mould: abs(sum(len(slot.printed) for slot in mould) - room))
        return "".join(map(self._fill, mould))

    def _fill(self, slot: Slot) -> str:
        rng = self.rng
        if slot.kind == "":
            return slot.printed
        if slot.kind == "figure":
            return _figure(rng, slot.printed)
        if slot.kind == "place":
            return self.place.name
        chance = rng.random()
        if chance < KEPT:
            return slot.printed
        return self._of_subject(slot.kind) if chance < KEPT + OF_SUBJECT else _language(slot.kind).draw(rng)

    def _of_subject(self, kind: str) -> str:
        lexicon = _subject(self._subjects[self.rng.random() < 0.25])[kind]
        return lexicon.draw(self.rng)


def _measures(writer: _Writer, outline: Outline, clauses: int) -> None:
    """一、 with headings, （一） or 1. below them, some with items."""
    rng = writer.rng
    outline.paragraph(writer.clause())
    while clauses > 0:
        outline.item(CHINESE, writer.heading())
        for _ in range(rng.randrange(3, 9)):
            outline.item(DIGIT if outline.running else BRACKETED, writer.clause())
            clauses -= 1
            if not outline.running and rng.random() < 0.15:
                for _ in range(rng.randrange(2, 6)):
                    outline.item(DIGIT, writer.sentence(60))
                    clauses -= 1


def _articles(writer: _Writer, outline: Outline, clauses: int) -> None:
    """第X条 in chapters, some with （一） below them."""
    rng = writer.rng
    while clauses > 0:
        outline.item(CHAPTER, writer.heading())
        for _ in range(rng.randrange(3, 9)):
            outline.item(ARTICLE, writer.clause())
            clauses -= 1
            if rng.random() < 0.2:
                for _ in range(rng.randrange(2, 6)):
                    outline.item(BRACKETED, writer.sentence(60))
                    clauses -= 1


def _validity(rng: Random, issued_on: date, name: str) -> str:
    start = words.arabic(issued_on + timedelta(days=rng.randrange(0, 60)))
    end = rng.choice(
        ("", f"，有效期{rng.randrange(1, 6)}年", f"，有效期至{issued_on.year + rng.randrange(1, 8)}年12月31日")
    )
    return f"本{name}自{start}起施行{end}。"


def _place(rng: Random) -> Place:
    """Half of the files are a district's; the others a city's, the province's and the state's."""
    chance = rng.random()
    if chance < 0.5:
        return rng.choice(_places()[2])
    return rng.choice(_places()[1]) if chance < 0.82 else _places()[0][chance > 0.96]


@cache
def _places() -> tuple[tuple[Place, ...], ...]:
    """The province and the state, 14 cities, 75 districts."""
    names = [head + tail for tail in _NAME_TAILS for head in _NAME_HEADS][:89]
    cities = tuple(Place(f"{name}市", name) for name in names[:14])
    return (words.PROVINCE, Place("国务院", "国")), cities, tuple(Place(f"{name}区", name) for name in names[14:])


def _office(place: Place) -> str:
    return (
        "国务院办公厅" if place.code == "国" else f"{place.name}人民政府办公{'厅' if place is words.PROVINCE else '室'}"
    )


def _figure(rng: Random, printed: str) -> str:
    """A year for a year, else a figure of about as many digits."""
    whole, point, _ = printed.partition(".")
    if len(whole) == 4 and whole.startswith("20"):
        return str(rng.randrange(YEARS[0], YEARS[-1] + 5))
    drawn = rng.randrange(1, 10 ** len(whole))
    return f"{drawn}.{rng.randrange(1, 10)}" if point else str(drawn if len(whole) < 3 else -(-drawn // 50) * 50)


@cache
def _moulds() -> tuple[tuple[Slot, ...], ...]:
    """The sentences of the sample files."""
    lines = (line for path in sorted(SOURCES.glob("*.md")) for line in read_source(path).lines)
    bodies = (_MARKER.sub("", line.text, count=1) for line in lines if line.kind == "body")
    sentences = dict.fromkeys(sentence for body in bodies for sentence in _SENTENCE.findall(body))
    return tuple(tuple(_slots(sentence)) for sentence in sentences)


def _slots(sentence: str) -> Iterator[Slot]:
    for part in _PART.findall(sentence):
        if part in _SAMPLE_PLACES.split("|"):
            yield Slot("place", part)
        elif part[0].isdigit():
            yield Slot("figure", part)
        elif not "\u4e00" <= part[0] <= "\u9fff":
            yield Slot("", part)
        else:
            for word, tag in analyzer.tagged(part):
                yield Slot(_TAGS.get(tag, "") if len(word) > 1 else "", word)


@cache
def _frequencies() -> dict[str, dict[str, float]]:
    """Words of two to four characters by part of speech, with their frequency in jieba's dictionary."""
    found: dict[str, dict[str, float]] = {"n": {}, "v": {}, "a": {}}
    with dictionary.get_dict_file() as lines:
        for line in lines:
            word, frequency, tag = line.decode("utf-8").split()
            if tag in _TAGS and 2 <= len(word) <= 4 and int(frequency) >= RAREST:
                found[_TAGS[tag]][word] = float(frequency)
    return found


@cache
def _language(kind: str, power: float = 1.0) -> Lexicon:
    return Lexicon.of(_frequencies()[kind], power)


@cache
def _subject(number: int) -> dict[str, Lexicon]:
    """The words of a subject, the first of them the most frequent, by Zipf's law."""
    rng = Random(f"subject {number}")
    found = {}
    for kind in _frequencies():
        drawn = dict.fromkeys(_language(kind, FLATTER).draw(rng) for _ in range(SUBJECT_WORDS))
        found[kind] = Lexicon.of({word: 1.0 / rank for rank, word in enumerate(drawn, 1)})
    return found
