"""The trained table as a llama-index embedding: no model library, no download, loaded in milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from numpy.typing import NDArray

from index.query import subject
from index.static.features import features, weighted

FOLDER = Path(__file__).parent / "weights"
LARGEST = 127  # of a signed byte
AT_ONCE = 8  # texts whose rows are brought together at once: what stays near the processor


@dataclass(frozen=True, slots=True)
class Table:
    """rows: int8, features × dimension; scales: what a step of each row is worth."""

    rows: NDArray[np.int8]
    scales: NDArray[np.float16]

    @classmethod
    def of(cls, rows: NDArray[np.float32]) -> Self:
        """The table with each row's largest component as the largest byte."""
        scales = np.maximum(np.abs(rows).max(axis=1) / LARGEST, np.finfo(np.float16).tiny).astype(np.float16)
        whole = np.rint(rows / scales[:, None].astype(np.float32)).clip(-LARGEST, LARGEST)
        return cls(whole.astype(np.int8), scales)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The rows are read from the disk when they are needed, and shared between processes."""
        return cls(np.load(folder / "rows.npy", mmap_mode="r"), np.load(folder / "scales.npy"))

    def save(self, folder: Path) -> None:
        """Writes what ``load`` reads."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("rows", "scales"):
            np.save(folder / f"{name}.npy", getattr(self, name))

    def vectors(self, texts: Sequence[NDArray[np.int32]]) -> NDArray[np.float32]:
        """One row of length 1 for the features of each text, float32."""
        made = [self._pooled(texts[start : start + AT_ONCE]) for start in range(0, len(texts), AT_ONCE)]
        return _unit(np.concatenate(made)) if made else np.empty((0, self.rows.shape[1]), np.float32)

    def _pooled(self, texts: Sequence[NDArray[np.int32]]) -> NDArray[np.float32]:
        rows, weights, starts = weighted(texts)
        steps = weights * self.scales[rows].astype(np.float32)
        taken = np.asarray(self.rows).take(rows, axis=0)
        parts = np.multiply(
            taken.T, steps, order="C"
        )  # a feature's components far apart, a component's summands side by side
        return np.ascontiguousarray(np.add.reduceat(parts, starts, axis=1).T)


class StaticEmbedding(BaseEmbedding):
    """The sum of a text's trained feature vectors, of length 1. The same text gives the same vector on every machine.

    ``model_name`` changes with every training, because vectors of two tables cannot be compared. ``folder``: of another table.
    """

    model_name: str = "static-160-1"
    embed_batch_size: int = 512
    folder: str = str(FOLDER)

    @classmethod
    def class_name(cls) -> str:
        return "StaticEmbedding"

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length 1 a text, float32."""
        return _table(self.folder).vectors([features(text) for text in texts])

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return self.vectors(texts).tolist()

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def query_vector(self, query: str) -> NDArray[np.float32]:
        """The vector of a question: of what it is about."""
        return self.vectors([subject(query)])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self.query_vector(query).tolist()

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


@cache
def _table(folder: str) -> Table:
    return Table.load(Path(folder))


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
