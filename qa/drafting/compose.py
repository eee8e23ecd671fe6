"""From a request to a draft: what the files provide, worded as the kind asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from index.library import Library
from qa.drafting.desk import Desk
from qa.drafting.kinds.agreement import agreement
from qa.drafting.kinds.basis_list import basis_list
from qa.drafting.kinds.case_request import case_request
from qa.drafting.kinds.individual import individual
from qa.drafting.kinds.measures import measures
from qa.drafting.kinds.plan import plan
from qa.drafting.model import Draft, DraftKind
from qa.drafting.request import Request
from qa.evidence import Shelf

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

_KINDS: dict[DraftKind, Callable[[Desk], Draft]] = {
    "measures": measures,
    "plan": plan,
    "individual": individual,
    "request": case_request,
    "agreement": agreement,
    "basis_list": basis_list,
}


def draft(library: Library, request: Request, as_of: date, llm: LLM | None = None) -> Draft:
    """The draft of the kind asked for. ``llm``: rewords the proposed clauses; what of it is not proven is not used."""
    shelf = Shelf(library, as_of)
    made = _KINDS[request.kind](Desk(shelf, request))
    if llm is None:
        return made
    from qa.drafting.rewording import reworded  # llama-index takes a second to import, and only a model needs it

    return reworded(made, shelf, llm)
