"""Text → search terms: jieba words, character pairs, characters. The only home of jieba.

File numbers and amounts are terms of their own, written in one way whatever the text prints: ``皖政办[2023] 12 号`` and
``皖政办〔2023〕12号`` are one term, and so are ``500万元`` and ``五百万元``.
"""

from __future__ import annotations

import hashlib
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain, cycle, groupby
from math import inf, log
from operator import add
from string import ascii_letters, digits
from sys import intern
from typing import TYPE_CHECKING

from ingest.docnumber import find_numbers
from ingest.document import Span
from ingest.normalize import fold
from ingest.numerals import find_values

if TYPE_CHECKING:
    from jieba import Tokenizer

LONGEST_TERM = 40  # a longer run of letters and digits is a key or an address, which nobody types

WORDS = 1 << 15  # of which the terms are remembered
BLOCKS = 1 << 14  # texts between two marks, likewise

_CHINESE = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇"
_SPELLING = frozenset(ascii_letters + digits)
_SPELLED = re.compile("[A-Za-z0-9]{2}")
_RUN = re.compile(f"[{_CHINESE}]+|[a-z0-9]+")


def words(text: str) -> list[str]:
    """jieba's words for search (long words and the words in them), then file numbers and amounts in their one spelling."""
    numbers = find_numbers(text)
    found: list[str] = []
    for part in _between([n.span for n in numbers], text):
        found.extend(dictionary_words(part))
    found.extend(number_term(number.canonical) for number in numbers)
    found.extend(f"{value:.12g}{unit.lower()}" for value, unit in find_values(text))
    return found


def dictionary_words(text: str) -> Iterator[str]:
    """jieba's words for search: long words and the words in them."""
    return chain.from_iterable(map(_of_line, _plain(text).split("\n")))


@lru_cache(maxsize=8192)  # both legs of the search ask for the words of a clause
def _of_line(line: str) -> tuple[str, ...]:
    # Without the hidden Markov model: the same quality on every judged set, and its time grows with the square of a run
    # of unknown characters.
    found: list[str] = []
    for block, is_block in _segmenter().blocks(line):
        found.extend(_of_block(block) if is_block else _of_words(block))
    return tuple(found)


@lru_cache(maxsize=BLOCKS)  # two of five have been seen before
def _of_block(block: str) -> tuple[str, ...]:
    return tuple(_of_words(_segmenter().cut(block)))


def _of_words(words: Iterable[str]) -> Iterator[str]:
    return chain.from_iterable(map(_terms_of_word.__getitem__, words))


class _TermsOfWord(dict[str, tuple[str, ...]]):
    """The terms of a word: the words in it and itself. Remembered of words of the dictionary, not of what a text spells in
    letters and digits.
    """

    def __missing__(self, word: str) -> tuple[str, ...]:
        found = (*_segmenter().within(word), word) if len(word) > 2 else (word,)
        terms = tuple(intern(term) for term in found if term[0].isalnum() and len(term) <= LONGEST_TERM)
        if not word.isascii() and len(self) < WORDS:
            self[word] = terms
        return terms


_terms_of_word = _TermsOfWord()


def forget() -> None:
    """Lets go of the texts and lines of which something is remembered."""
    _plain.cache_clear()
    _of_line.cache_clear()
    _of_block.cache_clear()


def runs(text: str) -> list[str]:
    """What ``bigrams`` and ``unigrams`` are made of: Chinese characters side by side, and Latin words and numbers."""
    found: list[str] = _RUN.findall(_plain(text))
    return found


def bigrams(text: str) -> list[str]:
    """Pairs of neighbouring Chinese characters; a lone character, a Latin word or a number stands for itself."""
    return list(chain.from_iterable(map(pairs, runs(text))))


def pairs(run: str) -> Sequence[str]:
    """The ``bigrams`` of one run."""
    return (run[:LONGEST_TERM],) if len(run) == 1 or run.isascii() else tuple(map(add, run, run[1:]))


def unigrams(text: str) -> list[str]:
    """Chinese characters, Latin words and numbers."""
    return list(chain.from_iterable(map(characters, runs(text))))


def characters(run: str) -> Sequence[str]:
    """The ``unigrams`` of one run."""
    return (run[:LONGEST_TERM],) if run.isascii() else run


def tagged(text: str) -> list[tuple[str, str]]:
    """The words of ``text`` in order, each once, with jieba's part of speech (``x`` where its dictionary has none)."""
    tags = _tags()
    return [(word, tags.get(word, "x")) for word in _segmenter().words(_plain(text)) if word[0].isalnum()]


def number_term(canonical: str) -> str:
    """The term under which ``words`` files a 发文字号."""
    return "".join(canonical.lower().split())


@lru_cache(maxsize=16)  # words, pairs and characters of one text are asked for one after the other
def _plain(text: str) -> str:
    return fold(text).lower()


def _between(spans: Sequence[Span], text: str) -> Iterator[str]:
    position = 0
    for span in spans:
        yield text[position : span.start]
        position = span.end
    yield text[position:]


class _Segmenter:
    """jieba's words without its hidden Markov model, in half of its time: each fragment is looked up once, and no logarithm taken.

    Makes of the frequencies of ``tokenizer`` what ``_ends`` adds up (0: only the beginning of a word).
    """

    def __init__(self, tokenizer: Tokenizer, block: re.Pattern[str]) -> None:
        weights = {count: log(count) - log(tokenizer.total) for count in {1, *tokenizer.FREQ.values()} if count}
        self.tokenizer = tokenizer
        self._block = block
        self._rare = weights[1]  # of a character that is no word
        self._weights: dict[str, float] = tokenizer.FREQ
        for word, count in tokenizer.FREQ.items():
            self._weights[word] = weights.get(count, 0)

    def words(self, line: str) -> list[str]:
        """The words of a line, and what stands alone between them."""
        found: list[str] = []
        for block, is_block in self.blocks(line):
            found.extend(self.cut(block) if is_block else block)
        return found

    def blocks(self, line: str) -> Iterator[tuple[str, bool]]:
        """The parts of a line in order, and of each whether it is made of words: the others are marks, each for itself."""
        return zip(self._block.split(line), cycle((False, True)))

    def within(self, word: str) -> Iterator[str]:
        """The words of two and of three characters in a longer one."""
        for length in range(2, min(len(word), 4)):
            for start in range(len(word) - length + 1):
                if self._weights.get(part := word[start : start + length]):
                    yield part

    def cut(self, block: str) -> list[str]:
        """The words of ``block``; letters and digits in a row are one, as far as they are in no other."""
        ends = self._ends(block)
        found: list[str] = []
        start = 0
        while start < len(block):
            end = ends[start]
            found.append(block[start:end])
            start = end
        return _joined(found) if _SPELLED.search(block) else found

    def _ends(self, block: str) -> list[int]:
        """Where the word at each place ends on the likeliest way to the end of the block; of equal ones the longest."""
        weight_of, rare, length = self._weights.get, self._rare, len(block)
        ends = [0] * length
        onward = [0.0] * (length + 1)
        for start in range(length - 1, -1, -1):
            best, end_of_best, end = -inf, start + 1, start + 1
            weight = weight_of(block[start])
            while weight is not None:
                if weight and (whole := weight + onward[end]) >= best:
                    best, end_of_best = whole, end
                if end == length:
                    break
                end += 1
                weight = weight_of(block[start:end])
            onward[start] = rare + onward[start + 1] if best == -inf else best
            ends[start] = end_of_best
        return ends


def _joined(words: Iterable[str]) -> list[str]:
    found: list[str] = []
    for spelled, group in groupby(words, _SPELLING.__contains__):
        side_by_side = list(group)
        found.extend(["".join(side_by_side)] if spelled else side_by_side)
    return found


@cache
def _segmenter() -> _Segmenter:
    tokenizer = _tokenizer()
    from jieba import re_han_default  # see there

    return _Segmenter(tokenizer, re_han_default)


def _tokenizer() -> Tokenizer:
    """jieba with the policy dictionary. Built without jieba's cache, a file under a guessable name in the shared /tmp."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba's own source has invalid escapes
        from jieba import Tokenizer  # here, because building its dictionary takes most of a second

    tokenizer = Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    dictionary = files("ingest.vocabulary").joinpath("jieba_userdict.txt")
    for line in dictionary.read_text("utf-8").splitlines():
        word, frequency, tag = line.split(" ")
        tokenizer.add_word(word, int(frequency), tag)
    return tokenizer


@cache
def _tags() -> dict[str, str]:
    tokenizer = _segmenter().tokenizer
    with tokenizer.get_dict_file() as dictionary:
        tags = {word: tag for word, _, tag in (line.decode("utf-8").split() for line in dictionary)}
    return tags | tokenizer.user_word_tag_tab


@cache
def fingerprint() -> str:
    """Changes with the policy dictionary and with this module's recipe: terms made by another one are not comparable."""
    dictionary = files("ingest.vocabulary").joinpath("jieba_userdict.txt").read_bytes()
    return f"1-{hashlib.sha256(dictionary).hexdigest()[:12]}"
