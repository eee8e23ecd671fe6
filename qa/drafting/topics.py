"""What a point of a request is about (物流 of 物流补贴), and how far words are about it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.normalize import fold
from qa.passage import topic_share
from qa.question import GENERIC, Topic, analyse

SPEAKS = 0.6  # of a topic's words, that a clause with what it stands under has
OWN = 0.55  # … that it has without the title of its file
NAMED = 0.65  # … of those that are not broad, which a related word alone does not reach
NEAR = 0.4  # … of the words that are not broad, that makes it worth a look where nothing is about the topic

_SUPPORT = re.compile("补助|补贴|奖励|奖补|资助|扶持|支持|资金|政策|措施|津贴|费用|保障")
_SHORTEST = 2  # characters that name something
# Words that many clauses have, of whatever they speak: 设施建设 is no 起降设施建设.
_BROAD = frozenset(
    "认证|建设|设施|基础设施|设备|平台|服务|应用|推广|培育|提升|示范|运营|经济|体系|管理|场景|能力|机构|引导".split("|")
)
_BROAD_WEIGHT = 0.5
_EVERYDAY = frozenset(
    "推进|推动|促进|加强|加快|支持|实施|开展|落实|深化|强化|鼓励|进一步|做好|完善".split("|")
)  # of purposes
_PARTICLES = re.compile("的|等|和|与|及|或者?|对于?|关于|首次|新?认定|[^\u4e00-\u9fff]")
_LONGEST_NAME = 4  # characters of a name that no dictionary has (冷链, 托育)


def core(topic: str) -> tuple[Topic, ...]:
    """What a topic is about, without the words for any support. Its verbs and what no dictionary has count too: 起降, 冷链."""
    bare = _SUPPORT.sub("", topic)
    bare = bare if len(bare) >= _SHORTEST else topic
    told = [topic for topic in analyse(bare).topics if topic.word not in _EVERYDAY]
    rest = fold(bare).lower()
    for each in sorted(told, key=lambda t: -len(t.word)):
        rest = rest.replace(each.word, "，")
    said = GENERIC | _EVERYDAY
    names = [n for n in _PARTICLES.split(rest) if _SHORTEST <= len(n) <= _LONGEST_NAME and n not in said]
    found = (*told, *(Topic(((name, 1.0),), 1.0) for name in dict.fromkeys(names)))
    return tuple(replace(each, weight=_weight(each)) for each in found)


def _weight(topic: Topic) -> float:
    if topic.word in _BROAD:
        return _BROAD_WEIGHT
    return topic.weight if topic.word in GENERIC else max(topic.weight, 1.0)


def is_about(topics: Sequence[Topic], own: str, around: str) -> bool:
    """``own``: the clause with its headings; ``around``: with the title of its file too, which alone is not enough."""
    said = topic_share(topics, own) >= OWN and topic_share(topics, around) >= SPEAKS
    return said and _named(topics, own) >= NAMED


def is_near(topics: Sequence[Topic], own: str) -> bool:
    """Whether it has part of what is named, though it is not about it."""
    return _named(topics, own) >= NEAR


def _named(topics: Sequence[Topic], own: str) -> float:
    """The share of the topics that are not broad, where there are any."""
    return topic_share([t for t in topics if t.word not in _BROAD] or topics, own)
