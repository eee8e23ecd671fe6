"""时效: the term that a file gives itself (``terms``), and whether it is in force on a given day (``status``)."""

from ingest.validity.dates import months_later
from ingest.validity.status import STATES, Edge, State, Status, status
from ingest.validity.terms import find_terms

__all__ = ["STATES", "Edge", "State", "Status", "find_terms", "months_later", "status"]
