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
from qa.render.evidence import clauses_below, evidence_html
from qa.render.files import card_dict, file_html, files_html, report_html, summary_html
from qa.render.markup import escape

__all__ = [
    "answer_dict", "answer_html", "body_text", "card_dict", "citation_at", "clauses_below", "escape", "evidence_html",
    "failure_html", "file_html", "files_html", "hit_dict", "plain_text", "refusal_text", "report_html", "sentence_text",
    "summary_html",
]  # fmt: skip
