"""What the relations between files mean to a reader: on what a file rests, and what it puts an end to."""

from __future__ import annotations

from ingest.document import Relation

RESTS_ON: tuple[Relation, ...] = ("implements", "based_on", "coordinates", "forwards")
ENDS: tuple[Relation, ...] = ("repeals", "partially_repeals", "supersedes")
