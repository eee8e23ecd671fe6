"""Evidence, proofs, citations and the answer, which is the same on every face (page, command line, API)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from ingest.account import TO_CHECK
from ingest.document import NO_NUMBER, Span, book_title


@dataclass(frozen=True, slots=True)
class Proof:
    """Why a sentence may be shown: ``quote == document.text[span]`` in the file with ``sha256``, and the checks it passed."""

    mark: int
    document_id: str
    clause_id: str
    sha256: str
    span: Span
    quote: str
    checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered source of the answer, resolved by code from a clause. Unknown parts are ``None``.

    ``label`` is what people read: ``《题名》（文号）二、（三）2. · 第3页``. ``by_ocr``: the quote was recognised from a picture
    and is to be compared with the original.
    """

    mark: int
    document_id: str
    clause_id: str
    file: str
    title: str | None
    document_number: str | None
    path: str
    page: int | None
    quote: str
    span: Span
    level: str | None
    region: str | None
    validity: str
    validity_reason: str = ""
    by_ocr: bool = False

    @property
    def source(self) -> str:
        """The file as people name it: ``《题名》（文号）``; what it does not state of itself is said to be unstated."""
        if self.title is None:
            return f"{self.file}（标题未标明，{'文号' + self.document_number if self.document_number else NO_NUMBER}）"
        return f"{book_title(self.title)}（{self.document_number or NO_NUMBER}）"

    @property
    def label(self) -> str:
        page = f" · 第{self.page}页" if self.page else ""
        return f"{self.source}{self.path}{page}{f'（{TO_CHECK}）' if self.by_ocr else ''}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the answer. ``proofs`` is empty only for ``framed`` sentences: our own fixed words, which state no fact
    of a file (a heading, a gap, a caution). ``group``: in a comparison, the level or file of which it speaks.
    """

    text: str
    proofs: tuple[Proof, ...] = ()
    framed: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one answer as the model's server counted them; ``None``: it does not say."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """``abstained``: the files do not say, and ``gap`` names what is missing (no figure in it). ``nearest`` are the closest
    clauses of a refusal, shown apart: they prove nothing; ``contact`` is where the nearest file says whom to ask.
    ``notices``: one-line remarks about how the answer was made. ``usage``: of the model, where one was asked.
    """

    question: str
    standalone: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    as_of: date
    abstained: bool = False
    gap: str = ""
    nearest: tuple[Citation, ...] = ()
    contact: Citation | None = None
    notices: tuple[str, ...] = ()
    model: str | None = None
    usage: Usage | None = None
    seconds: float = field(default=0.0, compare=False)

    @property
    def text(self) -> str:
        """Plain text without marks."""
        return "\n".join(s.text for s in self.sentences)
