"""Files that a text names, and how: 贯彻落实《题名》（文号）, 《旧办法》同时废止, 按照皖政〔2021〕5号文件要求.

``titles`` (书名号, keys) → ``citations`` (titles with their numbers) → ``lists`` (废止文件目录) → ``relations`` (what is done to
each) → ``effects`` (articles and days). Every step is linear in the length of the text.
"""

from __future__ import annotations

from ingest.document import Reference
from ingest.references.citations import cited, with_full_names
from ingest.references.effects import with_effects
from ingest.references.lists import find_lists, listed
from ingest.references.relations import with_relations
from ingest.references.titles import issuer_in_title, title_key

__all__ = ["find_references", "issuer_in_title", "title_key"]


def find_references(text: str) -> tuple[Reference, ...]:
    """Files named in ``text``, in order, with disjoint spans; ``clause_id`` is left to the parser. Time grows with the length only.

    A number without a title is a reference too (``title`` None), unless it stands on a line of its own, as a file's own number
    does. Certificates and forms in 《》 are no files. A short name (以下简称《意见》) becomes the ``alias`` of the title before it.
    Where the text then says only 《意见》, the reference carries that title, its numbers and the alias: their spans are those of
    the definition, and only ``quote`` is what stands there.

    >>> [(r.title, r.numbers[0].canonical, r.relation) for r in find_references("贯彻落实《若干措施》（皖政〔2021〕5号）精神")]
    [('若干措施', '皖政〔2021〕5号', 'implements')]
    """
    lists = find_lists(text)
    citations = cited(text, listed(text, lists))
    return tuple(with_full_names(with_effects(text, with_relations(text, citations, lists))))
