"""Answers, evidence and files for people and programs: HTML, plain text, JSON. The only home of markup made from documents."""

from qa.render.answers import answer_dict, answer_html, citation_at, failure_html, hit_dict, plain_text
from qa.render.evidence import evidence_html
from qa.render.files import card_dict, file_html, files_html, report_html, summary_html
from qa.render.markup import escape

__all__ = [
    "answer_dict", "answer_html", "card_dict", "citation_at", "escape", "evidence_html", "failure_html", "file_html",
    "files_html", "hit_dict", "plain_text", "report_html", "summary_html",
]  # fmt: skip
