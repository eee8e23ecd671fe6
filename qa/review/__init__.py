"""审查: what in a draft needs a person's look before it goes out, each with its sentence, reason, basis and safer wording.

No verdict: a finding says what to check, never that something is lawful or not. Every document can be reviewed, held or not.
"""

from __future__ import annotations

from datetime import date

from index.library import Library
from ingest.document import PolicyDocument
from ingest.measures.fair_competition import rules_of
from qa.review.bases import basis_findings
from qa.review.claims import claim_findings
from qa.review.competition import competition_findings
from qa.review.conflicts import conflict_findings
from qa.review.figures import figure_findings
from qa.review.model import Finding, Review
from qa.review.parts import missing_findings
from qa.review.reviewed import Reviewed

__all__ = ["Finding", "Review", "review"]


def review(library: Library, document: PolicyDocument, as_of: date) -> Review:
    """All findings: those of the whole first, then in the order of the text. Raises SettingsError for a table of rules that cannot
    be used.
    """
    rules = rules_of(library.settings.review_rules)
    reviewed = Reviewed(library, document, as_of)
    found = [
        *missing_findings(reviewed, rules),
        *competition_findings(reviewed, rules),
        *basis_findings(reviewed),
        *claim_findings(reviewed),
        *conflict_findings(reviewed),
        *figure_findings(reviewed),
    ]
    placed = sorted(dict.fromkeys(found), key=lambda finding: finding.span.start if finding.span else -1)
    return Review(document, tuple(placed), as_of)
