"""``python -m index.static.train``: trains the table from scratch. Needs ``pip install -e '.[train]'``.

Two steps. First without judgments: a sentence of a text, with some of its features dropped, must find the rest of its text
among those of the other sentences of a batch. Then with judged questions in the batch, too: a question must find a text that
answers it. The second step is short, because a longer one learns the questions by heart.
"""

from __future__ import annotations

import argparse
import lzma
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from index.evaluation import JudgedSet, load
from index.query import subject
from index.static.embedding import Table
from index.static.features import ROWS, features, weighted
from ingest.errors import PolicyError

DIMENSION = 160  # 21 MB as bytes
BATCH = 1024
SCALE = 20.0  # of a cosine before the softmax
STEPS = 1440  # four times as many gain nothing on statutes and lose on notices
RATE = 0.2  # of Adagrad with one accumulator a row
KEPT = 0.6  # of the features of a sentence that must find its text
LONGEST = 300  # features of a text
JUDGED = 0.4  # share of the pairs that are from statutes; more of them lowers topic questions on notices

TUNING_STEPS, TUNING_RATE = 400, 0.02
ASKED = 0.4  # share of the pairs of the second step that are judged questions
KEPT_OF_QUESTION, KEPT_OF_ANSWER = 0.7, 0.85
WHOLE = 0.5  # how often a question must find the whole answer with its title; otherwise a part or the text alone

_SENTENCE = re.compile(r"(?<=[。；;，,！？!?\n])")

Matrix = NDArray[np.float32]
Pair = tuple[NDArray[np.int32], NDArray[np.int32]]


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts cut into sentences: text i has the sentences ``texts[i]:texts[i + 1]``, sentence s the features
    ``flat[sentences[s]:sentences[s + 1]]``.
    """

    flat: NDArray[np.int32]
    sentences: NDArray[np.int64]
    texts: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Iterator[str]) -> Texts:
        """Texts of one sentence teach nothing and are left out."""
        flat: list[NDArray[np.int32]] = []
        starts = [0]
        for text in texts:
            found = [rows for part in _SENTENCE.split(text) if len(rows := features(part)) >= 4]
            if len(found) > 1:
                flat += found
                starts.append(len(flat))
        return cls(np.concatenate(flat), np.cumsum([0, *map(len, flat)]), np.array(starts))

    def pair(self, random: np.random.Generator) -> Pair:
        """(features of a sentence, or two, without some; features of the rest of its text, now and then of all of it)."""
        text = random.integers(len(self.texts) - 1)
        first, end = self.texts[text], self.texts[text + 1]
        at = random.integers(first, end)
        until = min(at + (2 if random.random() < 0.3 else 1), end)
        asked = self.flat[self.sentences[at] : self.sentences[until]]
        before = self.flat[self.sentences[first] : self.sentences[at]]
        after = self.flat[self.sentences[at + 1] : self.sentences[end]]
        rest = [before, after] if random.random() < 0.8 else [self.flat[self.sentences[first] : self.sentences[end]]]
        return _without_some(asked, KEPT, random), _window(np.concatenate(rest), random)


Sources = Sequence[tuple[float, Texts]]  # and which share of the pairs comes from them


@dataclass(frozen=True, slots=True)
class Questions:
    """A judged set in features. ``questions``: as they are, and without question words. ``answers``: of each question, the
    texts that answer it; ``titles`` and ``texts`` by number.
    """

    questions: tuple[tuple[NDArray[np.int32], NDArray[np.int32]], ...]
    answers: tuple[tuple[int, ...], ...]
    titles: tuple[NDArray[np.int32], ...]
    texts: tuple[NDArray[np.int32], ...]

    @classmethod
    def of(cls, judged: JudgedSet) -> Questions:
        """Of the corpus only the texts that answer a question are kept."""
        asked = [text for _, text in judged.queries]
        right = [judged.qrels[query] for query, _ in judged.queries]
        answers = [row for row in judged.corpus if any(row[0] in found for found in right)]
        places = {id_: at for at, (id_, _, _) in enumerate(answers)}
        return cls(
            tuple((features(text), features(subject(text))) for text in asked),
            tuple(tuple(places[id_] for id_ in found if id_ in places) for found in right),
            tuple(features(title) for _, title, _ in answers),
            tuple(features(text) for _, _, text in answers),
        )

    def pair(self, random: np.random.Generator) -> tuple[int, int, NDArray[np.int32], NDArray[np.int32]]:
        """(number of a question, number of a text that answers it, features of either, without some)."""
        question = random.integers(len(self.questions))
        text = self.answers[question][random.integers(len(self.answers[question]))]
        asked = self.questions[question][int(random.random() < 0.7)]
        if random.random() < WHOLE:
            found = np.concatenate([self.titles[text], self.texts[text]])
        else:
            start = random.integers(len(self.texts[text]) // 2 + 1) if random.random() < WHOLE else 0
            found = self.texts[text][start:]
        return (
            int(question),
            text,
            _without_some(asked, KEPT_OF_QUESTION, random),
            _without_some(_window(found, random), KEPT_OF_ANSWER, random),
        )


def train_table(sources: Sources, seed: int = 0) -> Matrix:
    """features × DIMENSION."""
    random = np.random.default_rng(seed)
    table = (random.standard_normal((ROWS, DIMENSION)) * 0.05).astype(np.float32)
    table *= _rarity([texts for _, texts in sources])[:, None]
    seen = np.full(ROWS, 1e-8, np.float32)
    loss = 0.0
    for step in range(STEPS):
        value = _learn(
            table, seen, _drawn(sources, BATCH, random), np.eye(BATCH, dtype=bool), _falling(RATE, step, STEPS)
        )
        loss = 0.98 * loss + 0.02 * value if step else value
        if step % 100 == 0:
            print(f"第 {step} 步，共 {STEPS} 步，损失 {loss:.3f}", file=sys.stderr, flush=True)
    return table


def tune(table: Matrix, sources: Sources, sets: Sequence[Questions], seed: int = 0) -> None:
    """Goes on learning, with judged questions among the pairs. Sets take turns; name one twice to give it two."""
    random = np.random.default_rng(seed)
    seen = np.full(ROWS, 1e-6, np.float32)
    asked = round(BATCH * ASKED)
    for step in range(TUNING_STEPS):
        drawn = [(judged := sets[at % len(sets)], *judged.pair(random)) for at in range(asked)]
        pairs = [(question, answer) for *_, question, answer in drawn] + _drawn(sources, BATCH - asked, random)
        right = np.eye(BATCH, dtype=bool)
        for i, (judged, question, *_) in enumerate(drawn):
            for j, (other, _, text, *_) in enumerate(drawn):
                right[i, j] |= other is judged and text in judged.answers[question]
        _learn(table, seen, pairs, right, _falling(TUNING_RATE, step, TUNING_STEPS))


def _falling(rate: float, step: int, steps: int) -> float:
    return rate * (1 - 0.9 * step / steps)


def _drawn(sources: Sources, size: int, random: np.random.Generator) -> list[Pair]:
    chosen = random.choice(len(sources), size, p=[share for share, _ in sources])
    return [sources[at][1].pair(random) for at in chosen]


def _learn(table: Matrix, seen: Matrix, pairs: Sequence[Pair], right: NDArray[np.bool_], rate: float) -> float:
    """One step of Adagrad with one accumulator a row; returns the loss. ``right``: which answers are right for which."""
    asked, found = (_bags([pair[side] for pair in pairs]) for side in (0, 1))
    loss, rows, gradient = _contrast(asked, found, table, right)
    seen[rows] += (gradient * gradient).mean(axis=1)
    table[rows] -= rate * gradient / np.sqrt(seen[rows])[:, None]
    return loss


def _contrast(
    asked: sparse.csr_matrix, found: sparse.csr_matrix, table: Matrix, right: NDArray[np.bool_]
) -> tuple[float, NDArray[np.int32], Matrix]:
    """(loss, rows of the table that take part, gradient of these): cross entropy in both directions of a batch.

    What is right for another pair's question too is no wrong answer to learn from.
    """
    (left, left_length), (out, out_length) = _unit(asked @ table), _unit(found @ table)
    own = np.eye(len(right), dtype=np.float32)
    scores = np.where(right & (own == 0), -1e4, SCALE * left @ out.T)
    forth, back = _softmax(scores, 1), _softmax(scores, 0)
    loss = -float(np.log(np.diag(forth) + 1e-9).mean() + np.log(np.diag(back) + 1e-9).mean()) / 2
    pull = (forth + back - 2 * own) * (SCALE / len(right))
    down = np.vstack([_through_unit(pull @ out, left, left_length), _through_unit(pull.T @ left, out, out_length)])
    rows = np.unique(np.concatenate([asked.indices, found.indices]))
    return loss, rows, sparse.vstack([asked, found]).tocsc()[:, rows].T.tocsr() @ down.astype(np.float32)


def _bags(texts: Sequence[NDArray[np.int32]]) -> sparse.csr_matrix:
    rows, weights, starts = weighted(texts)
    return sparse.csr_matrix((weights, rows, np.append(starts, len(rows))), shape=(len(texts), ROWS))


def _rarity(sources: Sequence[Texts]) -> Matrix:
    """Features of few texts begin long: ln(texts / texts with it), in [0.05, 2]."""
    having = np.zeros(ROWS)
    for source in sources:
        lengths = source.sentences[source.texts[1:]] - source.sentences[source.texts[:-1]]
        owners = np.repeat(np.arange(len(lengths)), lengths)
        having += np.bincount(np.unique(owners * ROWS + source.flat) % ROWS, minlength=ROWS)
    texts = sum(len(source.texts) - 1 for source in sources)
    return (np.log(texts / (1 + having)).clip(0.3) / 6).astype(np.float32)


def _unit(rows: Matrix) -> tuple[Matrix, Matrix]:
    length = np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9
    return rows / length, length


def _through_unit(gradient: Matrix, unit: Matrix, length: Matrix) -> Matrix:
    return (gradient - unit * (gradient * unit).sum(axis=1, keepdims=True)) / length


def _softmax(scores: Matrix, axis: int) -> Matrix:
    shares = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return shares / shares.sum(axis=axis, keepdims=True)


def _without_some(rows: NDArray[np.int32], kept: float, random: np.random.Generator) -> NDArray[np.int32]:
    left = rows[random.random(len(rows)) < kept]
    return left if len(left) > 1 else rows


def _window(rows: NDArray[np.int32], random: np.random.Generator) -> NDArray[np.int32]:
    start = random.integers(max(1, len(rows) - LONGEST + 1))
    return rows[start : start + LONGEST]


def _lines(path: Path) -> Iterator[str]:
    opened = lzma.open if path.suffix == ".xz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        yield from lines


def main() -> int:
    """Writes the weights, and ``table.npy``, from which ``--table`` goes on. Exit code 2 with two lines on stderr."""
    parser = argparse.ArgumentParser(prog="python -m index.static.train", description="从头训练离线向量模型")
    parser.add_argument("folder", type=Path, metavar="OUT", help="权重写到哪个文件夹")
    parser.add_argument("--texts", type=Path, required=True, metavar="FILE", help="一般文本，每行一篇（可为 .xz）")
    parser.add_argument("--corpus", type=Path, required=True, metavar="DIR", help="标注集：其语料作为法规文本")
    parser.add_argument(
        "--judged", type=Path, nargs="+", required=True, metavar="DIR", help="标注集：其问题用于第二步；写两遍则占两份"
    )
    parser.add_argument("--table", type=Path, metavar="FILE", help="跳过第一步，从这个 table.npy 开始")
    parser.add_argument("--without", default="", metavar="I/N", help="第二步不用每 N 题中的第 I 题，留作检验")
    arguments = parser.parse_args()
    try:
        statutes = Texts.of(text for _, _, text in load(arguments.corpus).corpus)
        sources = [(1 - JUDGED, Texts.of(_lines(arguments.texts))), (JUDGED, statutes)]
        loaded = {folder: Questions.of(load(folder, without=arguments.without)) for folder in set(arguments.judged)}
    except (PolicyError, OSError) as error:
        print(error, getattr(error, "hint", "请检查路径"), sep="\n", file=sys.stderr)
        return 2
    if arguments.table:
        table = np.load(arguments.table).astype(np.float32)
    else:
        table = train_table(sources)
        arguments.folder.mkdir(parents=True, exist_ok=True)
        np.save(arguments.folder / "table.npy", table.astype(np.float16))
    tune(table, sources, [loaded[folder] for folder in arguments.judged])
    Table.of(table).save(arguments.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
