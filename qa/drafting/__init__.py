"""起草: what the files provide on each point, worded as a draft whose every paragraph names its basis."""

from qa.drafting.basis import basis_grid
from qa.drafting.compose import draft
from qa.drafting.draft_json import DraftError, draft_dict, draft_from_dict
from qa.drafting.edit import added, checked, deleted, edited
from qa.drafting.model import Draft, Grid, Paragraph, Remark
from qa.drafting.request import Point, Request, RequestError, request_from_json, request_to_json
from qa.drafting.text import draft_text

__all__ = [
    "Draft", "DraftError", "Grid", "Paragraph", "Point", "Remark", "Request", "RequestError", "added", "basis_grid", "checked",
    "deleted", "draft", "draft_dict", "draft_from_dict", "draft_text", "edited", "request_from_json", "request_to_json",
]  # fmt: skip
