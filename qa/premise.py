"""A question that takes something for granted which the files do not say (为什么奖励50万元, 2022年的通知, 第三十条): it is called out, and
what the file says stands beside it. The figure of the question is not repeated: it stands in no file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.document import PolicyDocument
from ingest.normalize import fold
from ingest.numerals import Quantity, chinese_to_int, find_quantities
from qa.answer import Sentence
from qa.evidence import Evidence, Shelf
from qa.passage import topic_share
from qa.proof import sentences
from qa.question import SAID, Question

OTHER_FIGURE = "问题中的数字与查到的条款不一致，文件写的是："
OTHER_DATE = "问题中的日期与文件不一致，文件写的是："
OTHER_YEAR = "库内没有查到问题所说年份的这类文件，查到的是："
TITLED = 0.5  # share of the question's topics in the title of a file of that year
_TAKES_FOR_GRANTED = re.compile(
    r"为什么|为何|凭什么|怎么来的|对吗|对不对|是吗|是真的吗|没错吧|吧[？?]?$|哪一?条|哪里写的|怎么(?:申请|申领|领|办)|依据(?:是)?什么"
)
# What the file is said to give; 我们投了3000万 is the asker's own and no file has to say it.
_GIVEN = re.compile(
    r"(?:最[高多低少]|上限|封顶|奖励?|补贴?|补助|资助|给予?|[领拿发免减]|租金?|比例|标准|额度|利率|期限?|有效期|每[^，。\d]{1,8}|按[^，。\d]{0,10}|[是为])[^，。\d]{0,4}$"
)
_OWN = re.compile(r"(?:我们?|咱们?|公司|企业)?(?:投|买|招|花|引进|引荐|营收|销售|缴|交)[^，。\d]{0,8}$")
_FILE_OF_YEAR = re.compile(
    r"((?:19|20)\d\d)年(?:的|度的?|发布的?|印发的?|出台的?)[^，。？?]{0,20}?(?:政策|通知|办法|措施|方案|意见|细则|规定|指南|文件)"
)
_UNTIL = re.compile(r"(?:到|至)((?:19|20)\d\d)年")
_ARTICLE = re.compile(r"第([一二三四五六七八九十百零〇\d]+)条")


def called_out(shelf: Shelf, question: Question, shown: Sequence[Evidence], found: Sequence[Evidence]) -> str:
    """What stands in front of the answer where the question supposes something else; empty where it does not."""
    if kinds := {figure.kind for figure in _supposed(question.text) if not _stated(question, figure, found)}:
        said = {q.kind for item in shown for part in item.parts for q in find_quantities(part.text)}
        if kinds & said:
            return OTHER_FIGURE
    year = _FILE_OF_YEAR.search(question.text)
    if year and not any(
        card.year == int(year[1]) and topic_share(question.topics, card.title) >= TITLED
        for card in shelf.library.documents()
    ):
        return OTHER_YEAR
    return ""


def _supposed(text: str) -> Iterator[Quantity]:
    """The figures that the question says a file gives."""
    if _TAKES_FOR_GRANTED.search(text):
        for figure in find_quantities(text):
            before = text[: figure.span.start]
            if _GIVEN.search(before) and not _OWN.search(before):
                yield figure


def _stated(question: Question, figure: Quantity, found: Sequence[Evidence]) -> bool:
    """Whether a statement about what is asked has the figure: one of the clauses that were found, shown or not."""
    heavy = [topic for topic in question.topics if topic.weight >= 1.0]
    for item in found:
        headings = fold(f"{item.clause.heading}{item.document.title}{item.lead.text if item.lead else ''}").lower()
        for words in [part.text[s.start : s.end] for part in item.parts for s in sentences(part.text)]:
            has = any(
                (q.kind, q.unit, q.value) == (figure.kind, figure.unit, figure.value) for q in find_quantities(words)
            )
            if has and all(topic.match(f"{fold(words).lower()}\n{headings}") >= SAID for topic in heavy):
                return True
    return False


def misdated(question: Question, said: Sequence[Sentence]) -> bool:
    """Whether the question supposes another last year than the file prints (有效期到2030年吗)."""
    year = _UNTIL.search(question.text)
    quotes = "".join(proof.quote for sentence in said for proof in sentence.proofs)
    return bool(year and re.search(r"(?:19|20)\d\d年", quotes) and year[1] not in fold(quotes))


def beyond_the_end(question: Question, document: PolicyDocument) -> str:
    """Marker of the last article of the file, where the question names one behind it; empty where it does not."""
    numbers: dict[int, str] = {}
    for clause in document.clauses:
        match = _ARTICLE.fullmatch(clause.marker or "")
        if match:
            numbers.setdefault(chinese_to_int(match[1]), match[0])
    whole = numbers and sorted(numbers) == list(range(1, len(numbers) + 1))
    return numbers[len(numbers)] if whole and question.articles and min(question.articles) > len(numbers) else ""
