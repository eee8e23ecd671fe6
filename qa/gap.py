"""What a refusal says is missing: the words of the question that no clause speaks of, as the question has them."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.normalize import fold
from qa.evidence import Evidence
from qa.grants import asked_support
from qa.question import GENERIC, Question

LONGEST_GAP = 20  # characters of a word that a gap names


def gap_of(question: Question, best: Evidence | None, missing: Sequence[str] = ()) -> str:
    """Names what is missing; no figure in it."""
    words = [topic.word for topic in question.topics if topic.weight >= 1.0]
    said = fold("".join(part.text for part in best.parts)).lower() if best else ""
    missing = missing or [word for word in words if word not in said]
    about = as_quoted(missing or words, question.text)
    if not about:
        return "库内文件没有说明这个问题。"
    support = asked_support(question)
    if support is None:
        return f"库内文件没有说明{about}。"
    return f"库内文件没有说明{about}的{'' if about.endswith(f'{support}”') else support}数额或标准。"


def as_quoted(words: Sequence[str], text: str) -> str:
    """The words as the question has them; those that stand side by side are one name: “奶牛养殖”."""
    names: list[str] = []
    for name in dict.fromkeys(_as_asked(word, text) for word in words):
        joined = next((n for n in names if f"{n}{name}" in text or f"{name}{n}" in text), None)
        if joined is None:
            names.append(name)
        else:
            both = f"{joined}{name}" if f"{joined}{name}" in text else f"{name}{joined}"
            names[names.index(joined)] = both[:LONGEST_GAP]
    return "、".join(f"“{name}”" for name in names[:3])


def _as_asked(word: str, text: str) -> str:
    """The word in the spelling of the question (topics are folded to lower case, one character to one)."""
    at = fold(text).lower().find(word)
    if at < 0:
        return word[:LONGEST_GAP]
    # 大型企业, 安家补助: the general word behind belongs to the name of what is missing.
    rest = text[at + len(word) :]
    general = max((g for g in GENERIC if len(g) > 1 and rest.startswith(g)), key=len, default="")
    return text[at : at + len(word) + len(general)][:LONGEST_GAP]
