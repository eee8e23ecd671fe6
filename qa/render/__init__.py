"""Answers, evidence and files for people and programs: HTML, plain text, JSON. The only home of markup made from documents."""

from qa.render.answers import (
    answer_dict,
    answer_html,
    body_text,
    citation_at,
    failure_html,
    hit_dict,
    plain_text,
    refusal_text,
    sentence_text,
)
from qa.render.comparison import comparison_html
from qa.render.evidence import clauses_below, evidence_html
from qa.render.files import card_dict, file_html, files_html, report_html, summary_html
from qa.render.markup import escape
from qa.render.matches import matches_html, reading_html
from qa.render.matches_plain import matches_dict, matches_text
from qa.render.measures import calendar_html, measure_html, measures_html, picture_html
from qa.render.welcome import welcome_html

__all__ = [
    "answer_dict", "answer_html", "body_text", "calendar_html", "card_dict", "citation_at", "clauses_below", "comparison_html",
    "escape", "evidence_html", "failure_html", "file_html", "files_html", "hit_dict", "matches_dict", "matches_html",
    "matches_text", "measure_html", "measures_html", "picture_html", "plain_text", "reading_html", "refusal_text",
    "report_html", "sentence_text", "summary_html", "welcome_html",
]  # fmt: skip
