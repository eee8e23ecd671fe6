"""Drafting and review for programs: drafts as JSON in and out, Word files, findings. Nothing that comes in is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any

from index.library import Library
from ingest.corpus import source_file
from ingest.document import PolicyDocument
from ingest.errors import SettingsError
from ingest.parse import document_from_text
from ingest.sandbox import Sandbox
from qa.drafting.compose import draft
from qa.drafting.draft_json import draft_dict, draft_from_dict
from qa.drafting.edit import checked
from qa.drafting.request import request_from_json
from qa.drafting.text import draft_text
from qa.given import bounded, day_given
from qa.render.review import review_dict
from qa.review import review

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

MAX_TEXT = 200_000  # characters of a text to review
MAX_FILE = 30 * 1024 * 1024  # bytes of a file to review
_READING = BoundedSemaphore(2)  # files of callers that are read at once


@dataclass(frozen=True, slots=True)
class DraftingEndpoints:
    """``llm``: words the drafts, where there is one."""

    library: Library
    llm: LLM | None = None

    def draft(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """A draft for the request (as ``qa.drafting.request``), with the basis of each paragraph. Raises RequestError."""
        wanted = request_from_json(request)
        return draft_dict(draft(self.library, wanted, wanted.as_of or date.today(), self.llm))

    def recheck(self, edited: Mapping[str, Any]) -> dict[str, Any]:
        """The edited draft with its citations and figures checked anew against the library. Raises DraftError."""
        return draft_dict(checked(draft_from_dict(edited), self.library))

    def word(self, edited: Mapping[str, Any]) -> bytes:
        """The draft as a Word file, checked as ``recheck`` does. Raises DraftError."""
        from qa.word import word  # python-docx, only where a Word file is wanted

        return word(checked(draft_from_dict(edited), self.library))

    def review(
        self, text: str | None = None, edited: Mapping[str, Any] | None = None, as_of: str | None = None
    ) -> dict[str, Any]:
        """Findings in a text, or in a draft, one of which is given. Raises PolicyError."""
        day = day_given(as_of)
        if (text is None) == (edited is None):
            raise SettingsError("请给出 text（文稿全文）或 draft（草稿）其中之一")
        words = text if text is not None else draft_text(draft_from_dict(edited))
        document = document_from_text(bounded("文稿", words, MAX_TEXT), path="文稿.txt")
        return self._reviewed(document, day)

    def review_file(self, name: str, content: bytes, as_of: str | None = None) -> dict[str, Any]:
        """Findings in a file of any format that can be read; ``name``: as the caller calls it. Raises ReadError."""
        day = day_given(as_of)
        if len(content) > MAX_FILE:
            raise SettingsError(f"文件超过 {MAX_FILE // 1024 // 1024} MB", "请拆分文件，或压缩其中的图片后再试")
        source = source_file(bounded("文件名", name, 200), content)
        with _READING, Sandbox() as sandbox:
            document = sandbox.parse(source)
        return self._reviewed(document, day)

    def _reviewed(self, document: PolicyDocument, day: date) -> dict[str, Any]:
        return review_dict(review(self.library, document, day))
