"""Slips of the input method: 高薪技术企业 for 高新技术企业, 补帖 for 补贴.

Words of the question that together sound like one word of policy, and differ from it by one character, may mean that word.
It is looked for as well, never instead: they may be right after all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache

from index.analyzer import tagged
from ingest.normalize import fold
from ingest.vocabulary import table

LONGEST = 8  # characters of a word that is looked for
EVERYDAY = 3  # characters of the everyday words among them: 公租房, 小巨人
SHORT_FORM = "nz"  # part of speech of coined names in jieba's notation


def meant(text: str) -> Iterator[str]:
    """Words of policy that ``text`` may mean and does not say.

    >>> list(meant("高薪技术企业有多少补帖"))
    ['高新技术企业', '补贴']
    """
    plain = fold(text).lower()
    starts: list[int] = []
    ends: list[int] = []
    for word, _ in tagged(plain):
        starts.append(plain.index(word, ends[-1] if ends else 0))
        ends.append(starts[-1] + len(word))
    for first, start in enumerate(starts):
        for last in range(first + 1, len(ends)):  # a word of the dictionary is taken to be meant
            said = plain[start : ends[last]]
            if len(said) > LONGEST:
                break
            lengths = [ends[i] - starts[i] for i in range(first, last + 1)]
            for word in _by_sound().get(_sound(said), ()):
                wrong = [i for i, (a, b) in enumerate(zip(word, said, strict=True)) if a != b]
                if len(wrong) == 1 and word not in plain and not _is_beside(wrong[0], lengths):
                    yield word


def _is_beside(wrong: int, lengths: Sequence[int]) -> bool:
    """Whether the wrong character is a word of its own beside one other word: 标准|低 is no slip for 标准地."""
    if len(lengths) != 2 or max(lengths) == 1:
        return False
    return (wrong == 0 and lengths[0] == 1) or (wrong == lengths[0] and lengths[1] == 1)


def _sound(text: str) -> str:
    sounds = _sounds()
    return "".join(sounds.get(character, character) for character in text)


@cache
def _sounds() -> dict[str, str]:
    """Character → one that stands for all that are read alike, whatever the tone."""
    return {character: row["characters"][0] for row in table("homophones") for character in row["characters"]}


@cache
def _by_sound() -> dict[str, tuple[str, ...]]:
    """Words of policy, by their sound. Short forms (科小) and everyday words (月补) of two characters are too easily made of
    other words (28克小麻, 几个月不发), and longer everyday ones are turns of speech (招不到人).
    """
    official = [f"{row['canonical']}|{row['official_variants']}" for row in table("thesaurus")]
    names = [row["term"] for row in table("glossary")]
    names += [word for row in table("thesaurus") for word in row["colloquial"].split("|") if len(word) == EVERYDAY]
    found: dict[str, list[str]] = defaultdict(list)
    for word in dict.fromkeys(fold("|".join((*official, *names))).lower().split("|")):
        if len(word) > 2 or all(tag != SHORT_FORM for _, tag in tagged(word)):
            found[_sound(word)].append(word)
    return {sound: tuple(words) for sound, words in found.items()}
