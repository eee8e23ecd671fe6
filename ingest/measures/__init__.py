"""Support measures of a policy file: read by rule from running text, numbered items under a lead sentence, and tables."""

from ingest.measures.find import find_measures
from ingest.measures.read import read_measure

__all__ = ["find_measures", "read_measure"]
