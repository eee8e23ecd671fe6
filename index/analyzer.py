"""Text → search terms: jieba words, character pairs, characters. The only home of jieba.

File numbers and amounts are terms of their own, written in one way whatever the text prints: ``皖政办[2023] 12 号`` and
``皖政办〔2023〕12号`` are one term, and so are ``500万元`` and ``五百万元``.
"""

from __future__ import annotations

import hashlib
import re
import warnings
from collections.abc import Iterator, Sequence
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from math import inf, log
from sys import intern
from typing import TYPE_CHECKING

from ingest.docnumber import find_numbers
from ingest.document import Span
from ingest.normalize import fold
from ingest.numerals import find_quantities

if TYPE_CHECKING:
    from jieba import Tokenizer

LONGEST_TERM = 40  # a longer run of letters and digits is a key or an address, which nobody types

_CHINESE = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇"
_RUN = re.compile(f"[{_CHINESE}]+|[a-z0-9]+")
_CHARACTER = re.compile(f"[{_CHINESE}]|[a-z0-9]+")


def words(text: str) -> list[str]:
    """jieba's words for search (long words and the words in them), then file numbers and amounts in their one spelling."""
    numbers = find_numbers(text)
    found = [word for part in _between([n.span for n in numbers], text) for word in dictionary_words(part)]
    found.extend(number_term(number.canonical) for number in numbers)
    found.extend(f"{quantity.value:.12g}{quantity.unit.lower()}" for quantity in find_quantities(text))
    return found


def dictionary_words(text: str) -> Iterator[str]:
    """jieba's words for search: long words and the words in them."""
    for line in _plain(text).split("\n"):
        yield from _of_line(line)


@lru_cache(maxsize=8192)  # both legs of the search ask for the words of a clause
def _of_line(line: str) -> tuple[str, ...]:
    # Without the hidden Markov model: the same quality on every judged set, and its time grows with the square of a run
    # of unknown characters.
    found = _tokenizer().cut_for_search(line, HMM=False)
    return tuple(intern(word) for word in found if word[0].isalnum() and len(word) <= LONGEST_TERM)


def forget() -> None:
    """Lets go of the lines of which the words are remembered."""
    _of_line.cache_clear()


def bigrams(text: str) -> list[str]:
    """Pairs of neighbouring Chinese characters; a lone character, a Latin word or a number stands for itself."""
    found: list[str] = []
    for run in _RUN.findall(_plain(text)):
        if len(run) == 1 or run.isascii():
            found.append(run[:LONGEST_TERM])
        else:
            found.extend(run[i : i + 2] for i in range(len(run) - 1))
    return found


def unigrams(text: str) -> list[str]:
    """Chinese characters, Latin words and numbers."""
    return [term[:LONGEST_TERM] for term in _CHARACTER.findall(_plain(text))]


def tagged(text: str) -> list[tuple[str, str]]:
    """The words of ``text`` in order, each once, with jieba's part of speech (``x`` where its dictionary has none)."""
    tags = _tags()
    return [(word, tags.get(word, "x")) for word in _tokenizer().cut(_plain(text), HMM=False) if word[0].isalnum()]


def number_term(canonical: str) -> str:
    """The term under which ``words`` files a 发文字号."""
    return "".join(canonical.lower().split())


def _plain(text: str) -> str:
    return fold(text).lower()


def _between(spans: Sequence[Span], text: str) -> Iterator[str]:
    position = 0
    for span in spans:
        yield text[position : span.start]
        position = span.end
    yield text[position:]


@cache
def _tokenizer() -> Tokenizer:
    """jieba with the policy dictionary. Built without jieba's cache, a file under a guessable name in the shared /tmp."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba's own source has invalid escapes
        from jieba import Tokenizer  # here, because building its dictionary takes most of a second

    class Segmenter(Tokenizer):
        """jieba's tokenizer with the same words in 60 % of the time: it looks each fragment up once and takes no logarithms."""

        @cached_property
        def weights(self) -> dict[int, float]:
            return {frequency: log(frequency) - log(self.total) for frequency in {1, *self.FREQ.values()} if frequency}

        def get_DAG(self, sentence: str) -> None:
            """``calc`` looks the words up."""

        def calc(self, sentence: str, DAG: None, route: dict[int, tuple[float, int]]) -> None:
            """Where the word at each place ends on the likeliest way to the end of the sentence; of equal ones the longest."""
            frequency_of, weights, length = self.FREQ.get, self.weights, len(sentence)
            onward = [0.0] * (length + 1)
            for start in range(length - 1, -1, -1):
                best, last, end = -inf, start, start + 1
                frequency = frequency_of(sentence[start])
                while frequency is not None:  # 0: only the beginning of a word
                    if frequency and (weight := weights[frequency] + onward[end]) >= best:
                        best, last = weight, end - 1
                    if end == length:
                        break
                    end += 1
                    frequency = frequency_of(sentence[start:end])
                onward[start] = weights[1] + onward[start + 1] if best == -inf else best
                route[start] = (onward[start], last)

    tokenizer = Segmenter()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    dictionary = files("ingest.vocabulary").joinpath("jieba_userdict.txt")
    for line in dictionary.read_text("utf-8").splitlines():
        word, frequency, tag = line.split(" ")
        tokenizer.add_word(word, int(frequency), tag)
    return tokenizer


@cache
def _tags() -> dict[str, str]:
    tokenizer = _tokenizer()
    with tokenizer.get_dict_file() as dictionary:
        tags = {word: tag for word, _, tag in (line.decode("utf-8").split() for line in dictionary)}
    return tags | tokenizer.user_word_tag_tab


@cache
def fingerprint() -> str:
    """Changes with the policy dictionary and with this module's recipe: terms made by another one are not comparable."""
    dictionary = files("ingest.vocabulary").joinpath("jieba_userdict.txt").read_bytes()
    return f"1-{hashlib.sha256(dictionary).hexdigest()[:12]}"
