"""Errors that a user can mend. Each says what happened to which thing; ``hint`` says what to do next. Chinese.

::

    PolicyError
    ├── ReadError ── UnsupportedFormat · EncryptedFile · NoText · CorruptFile · TooLarge · TimedOut · Classified
    ├── SettingsError
    ├── NotHeld
    ├── RegisterError ── RegisterBusy
    ├── IndexOutdated · EmbedderMismatch · StoreUnreachable
    └── ModelUnreachable · ModelReplyInvalid

Programming mistakes are not among them: they crash.
"""

from __future__ import annotations


class PolicyError(Exception):
    """Base. ``str(error)`` is one Chinese line; ``error.hint`` is the next step (may be empty)."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint

    def __reduce__(self) -> tuple[type[PolicyError], tuple[str, str]]:
        return type(self), (str(self), self.hint)


class ReadError(PolicyError):
    """A file could not be read."""


class UnsupportedFormat(ReadError):
    """No reader for this type yet, or the content is not what its name says."""


class EncryptedFile(ReadError):
    """The file asks for a password."""


class NoText(ReadError):
    """The file is empty, or has no text layer (a scan)."""


class CorruptFile(ReadError):
    """The file is damaged."""


class TooLarge(ReadError):
    """The file, or what it unpacks to, is over a limit."""


class TimedOut(ReadError):
    """Reading took longer than the limit, or needed more memory than the limit."""


class Classified(ReadError):
    """The file carries a 密级 mark and may not be taken in."""


class SettingsError(PolicyError):
    """A ``POLICY_*`` variable or a folder is unusable."""


class NotHeld(PolicyError):
    """The library has no such file, version or clause."""


class RegisterError(PolicyError):
    """The register cannot be opened or written (damaged, disk full, read-only)."""


class RegisterBusy(RegisterError):
    """Another process holds the register or the index folders."""


class IndexOutdated(PolicyError):
    """A derived index has an older format and must be rebuilt."""


class EmbedderMismatch(PolicyError):
    """The vectors were made by another embedding model."""


class StoreUnreachable(PolicyError):
    """The vector server does not answer."""


class ModelUnreachable(PolicyError):
    """A model (language, embedding or reranking) does not answer."""


class ModelReplyInvalid(PolicyError):
    """A model answered with something unusable."""
