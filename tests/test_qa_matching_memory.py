"""After a file is removed, nothing in memory names it; what is derived of the measures is made once for a state of them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from functools import cache
from types import FunctionType, ModuleType

from index.library import Library
from ingest.document import PolicyDocument
from ingest.measures.model import Measure
from qa.comparison import Comparison
from qa.matching import Offers, profile_of
from qa.matching.kept import matched, offers_of
from qa.matching.requirement import Requirement
from qa.measure_search import comparison_of
from tests.matching_clauses import TODAY

# Words of one file alone, in every part that matching reads: industry, qualification, base, ceiling, condition.
SECRET = "月影谷"
CLAUSE = f"对{SECRET}产业的{SECRET}领军企业，{SECRET}研发经费100万元以上的，按{SECRET}展位费的10%给予补助，每个{SECRET}项目最高50万元。"
CACHE = type(cache(len))
PROFILE = {"kind": "企业", "industries": ["汽车制造"], "figures": {"展位费": "10万元"}}


def reachable(root: object) -> Iterator[object]:
    """All that an object holds, in whatever depth; classes and modules are not its own."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        holder = waiting.pop()
        if id(holder) in seen or isinstance(holder, type | ModuleType | FunctionType):
            continue
        seen.add(id(holder))
        yield holder
        waiting += gc.get_referents(holder)


def test_a_removed_file_is_forgotten_by_all_that_matching_keeps(library: Library, policy):
    stays = library.add_document(*policy(1, "对首次认定的高新技术企业，给予一次性奖励20万元。")).document_id
    goes = library.add_document(*policy(2, CLAUSE, title=f"关于支持{SECRET}的若干措施")).document_id
    found = matched(library, profile_of(PROFILE), TODAY)
    first = next(m.record for m in found.current if m.record.card.id == goes)
    assert found.current and comparison_of(library, first, TODAY).rows
    assert any(
        SECRET in need.name or SECRET in "".join(need.options) for need in offers_of(library, TODAY).requirements
    )
    del found, first

    library.remove(goes)
    gc.collect()
    assert not [held for held in reachable(library) if isinstance(held, str) and SECRET in held]
    made = (Measure, Requirement, PolicyDocument, Offers, Comparison)
    assert not [held for held in gc.get_objects() if isinstance(held, made) and SECRET in repr(held)]
    caches = [o for o in gc.get_objects() if isinstance(o, CACHE) and o.__module__.startswith("qa.matching")]
    assert not [o.__name__ for o in caches if SECRET in repr(gc.get_referents(o))]
    assert {record.card.id for record in library.measures()} == {stays}


def test_what_is_derived_is_made_once_until_a_file_comes_goes_or_is_corrected(library: Library, policy):
    one = library.add_document(*policy(1, "对高新技术企业，给予一次性奖励20万元。")).document_id
    offers = offers_of(library, TODAY)
    assert offers_of(library, TODAY) is offers
    two = library.add_document(*policy(2, "对高新技术企业，给予一次性奖励30万元。")).document_id
    more = offers_of(library, TODAY)
    assert more is not offers and len(more) == len(offers) + 1
    record = next(r for r in library.measures() if r.card.id == one)
    library.correct(record.measure.id, "", None, "王工", "不是措施")
    assert len(offers_of(library, TODAY)) == 1
    library.remove(two)
    assert len(offers_of(library, TODAY)) == 0
