"""How much is given (奖励多少, 补贴标准): only a clause that gives something to what is asked about can say it.

A target (到2025年，高新技术企业达到1.2万家) names a subject and has figures, yet gives nothing; nor does a count or a date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.intent import ASKS, answers
from ingest.normalize import fold
from qa.evidence import ENOUGH, Evidence, spoken_of
from qa.framework.goal_reading import read_targets
from qa.question import SAID, Question, Topic

_SUPPORT = "奖励|奖补|奖金|补贴|补助|资助|津贴|贴息"
_COUNTED = "(?![家个名人户次项条份种类年天月日亩平批场])"
# What must be reached to get it (要投资多少才有补贴) is asked of the applicant.
_BETWEEN = r"[^，,。；;？?！!要需投达才满占]{0,8}?"
_HOW_MUCH = rf"(?:多少{_COUNTED}|几[万百千块元毛十]|标准|额度|限额|上限|封顶|最高|金额|比例)"
_ASKED = re.compile(
    rf"(?P<support>{_SUPPORT}){_BETWEEN}{_HOW_MUCH}|(?:[给奖补拿领](?:我们?|企业)?)?{_HOW_MUCH}[^，,。；;？?！!]{{0,4}}?(?P<behind>{_SUPPORT})"
    rf"|(?P<verb>[给奖补拿领])(?:我们?|企业)?(?:多少(?=[钱万元，,。；;？?！!\s呢]|$)|几[万百千块元毛十])"
)
_VERBS = {"奖": "奖励", "补": "补贴"}
_SUPPORTS = re.compile(f"{_SUPPORT}|补偿")
_GIVES = re.compile(
    f"{_SUPPORT}|给予|予以|发放|发给|拨付|支付|付给|补偿|赔偿|抵用|兑付|报销|领取|享受|减免|免收|支持(?:额度|标准|资金|金额)|资金支持"
)
_GOAL = re.compile("目标|预期指标|主要指标")
_SENTENCE = re.compile(r"[^。\n]+")


def asked_support(question: Question) -> str | None:
    """The word for the support whose sum is asked for (支持 where the question has none); ``None``: it asks for no such sum."""
    if question.kind != "amount":
        return None
    parts = re.split("[；;]", fold(question.text))
    found = _ASKED.search(parts[-1])
    if found is None and not ASKS["amount"].search(parts[-1]):  # 硕士呢 asks what the question before it asked
        found = _ASKED.search(parts[0])
    if found is None:
        return None
    return found["support"] or found["behind"] or _VERBS.get(found["verb"], "支持")


def granting(question: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
    """Where the question asks for the sum of a support, what of the evidence gives something, in its order; nothing where none
    of that is about the subject of the question. Of another question the evidence as it is.
    """
    if asked_support(question) is None:
        return list(evidence)
    beside = [(item, "\n".join(_beside_targets(item))) for item in evidence if _gives(item, item.about)]
    giving = [(item, said) for item, said in beside if _gives(item, said)]
    found = [item for item, _ in giving]
    subject = [topic for topic in question.focus or question.topics if topic.weight >= 1.0]
    if not subject or any(_names(subject, said) for _, said in giving):
        return found
    # Files that have the very word would grant in it; else they may mean the same by another.
    named = any(_names(subject, item.about) for item in evidence)
    return found if not named and any(spoken_of(topic.word, found) for topic in subject) else []


def _names(subject: Sequence[Topic], text: str) -> bool:
    said = [t.weight for t in subject if t.match(text) >= SAID or any(form in text for form, _ in t.forms)]
    return sum(said) >= ENOUGH * sum(t.weight for t in subject)


def _gives(item: Evidence, said: str) -> bool:
    own = said.removesuffix(fold(item.document.title).lower())
    if _SUPPORTS.search(own):
        return True
    return bool(_GIVES.search(said)) and (answers("amount", own) or (item.row is not None and item.has_amount))


def _beside_targets(item: Evidence) -> Iterator[str]:
    """The sentences of the clause, the headings above it and the title of its file, without those that set a target."""
    aimed = bool(_GOAL.search(item.clause.heading))
    for match in _SENTENCE.finditer(item.about):
        sentence = match.group()
        if _GIVES.search(sentence) or not read_targets(sentence, aimed):
            yield sentence
