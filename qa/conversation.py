"""A follow-up question made whole from the conversation: “硕士和本科呢？” → the question before, with the new subject."""

from __future__ import annotations

import re
from collections.abc import Sequence

# A question that leans on the one before: it begins with a pointing word, or is a bare phrase that ends in 呢.
_LEANS = re.compile(r"^(?:那么|那(?!些?年)|其中|它|他们|这个|该|上述|另外|还有|以上|前者|后者|如果是|换成)|呢[？?]?$")
_WHOLE_SENTENCE = re.compile(r"多少|什么|哪|谁|怎么|如何|是否|几|吗|有没有|能不能")
_POINTS_AT_FILE = re.compile(r"^(?:这个|该|本)(?:方案|政策|文件|办法|措施|通知|意见|规定)")
_TAIL = re.compile(r"(?:呢|的呢)?[？?。！!\s]*$")
SHORT = 14  # characters; a longer question with a question word stands on its own


def is_follow_up(question: str) -> bool:
    """Whether the question cannot be understood without the one before."""
    text = question.strip()
    if _POINTS_AT_FILE.match(text) and _WHOLE_SENTENCE.search(text):
        return False
    if not _LEANS.search(text):
        return False
    return len(text) <= SHORT or not _WHOLE_SENTENCE.search(text) or text.startswith("其中")


def standalone(question: str, history: Sequence[tuple[str, str]]) -> str:
    """``history``: (question, answer) pairs, oldest first. The question itself where it needs nothing from them."""
    if not history or not is_follow_up(question):
        return question.strip()
    before = next((asked for asked, _ in reversed(history) if not is_follow_up(asked)), history[-1][0])
    subject = re.sub(r"^(?:那么|那|另外|还有)[，,]?", "", question.strip())
    return f"{_TAIL.sub('', before.strip())}；{_TAIL.sub('', subject)}？"
