"""The framework for programs: views of a file and of the library, the lineage graph, terms; JSON-ready values and pictures (SVG)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from index.glossary import glossary
from index.library import Library
from ingest.errors import SettingsError
from qa.evidence import Shelf
from qa.framework.explainer import explainer
from qa.framework.graph import STEPS, Graph, graph, shown
from qa.framework.terms import term_card
from qa.framework.views import FILE_VIEWS, LIBRARY_VIEWS, QUESTIONS, View, Wanted
from qa.given import MAX_NAME, bounded, day_given, document_meant, filters_given
from qa.render.explainer_picture import explainer_svg
from qa.render.lineage_picture import lineage_svg
from qa.render.lineage_plain import graph_dict
from qa.render.terms import term_dict, terms_dict

MAX_STEPS = 4


@dataclass(frozen=True, slots=True)
class FrameworkEndpoints:
    """The questions of a newcomer to one library."""

    library: Library

    def view(
        self,
        file: str | None = None,
        part: str = "",
        as_of: str | None = None,
        other: str = "",
        count: int = QUESTIONS,
        seed: int = 0,
    ) -> dict[str, Any]:
        """``content``: a view of the file (概览, where no ``part`` is named), or of the library without one. ``other``: the file to
        compare with, for ``changes``; ``count`` and ``seed`` for ``quiz``. Raises PolicyError.
        """
        name, view = view_named(file, part)
        shelf = Shelf(self.library, day_given(as_of))
        id_ = document_meant(self.library, file) if file else ""
        return self.view_dict(shelf, id_, name, view, view.find(shelf, id_, Wanted(other, seed, count)))

    def view_dict(self, shelf: Shelf, document_id: str, part: str, view: View, found: object) -> dict[str, Any]:
        """What was found of a file, with the file; ``document_id`` is null for the library."""
        told = {"part": part, "name": view.name, "as_of": shelf.as_of.isoformat(), "content": view.plain(found)}
        if not document_id:
            return {"document_id": None, **told}
        card, state = shelf.card(document_id), shelf.status(document_id).state
        number = card.document_number
        return {"document_id": card.id, "title": card.title, "document_number": number, "validity": state, **told}

    def graph(
        self,
        file: str | None = None,
        filters: Mapping[str, Any] | None = None,
        steps: int = STEPS,
        as_of: str | None = None,
    ) -> dict[str, Any]:
        """Files and their relations, each with the sentence that states it: all, or those at most ``steps`` from ``file``."""
        return graph_dict(self._graph(file, filters, steps, as_of))

    def lineage_picture(
        self,
        file: str | None = None,
        filters: Mapping[str, Any] | None = None,
        steps: int = STEPS,
        as_of: str | None = None,
    ) -> str:
        """``graph`` as an SVG file."""
        return lineage_svg(self._graph(file, filters, steps, as_of), linked=False)

    def _graph(self, file: str | None, filters: Mapping[str, Any] | None, steps: int, as_of: str | None) -> Graph:
        around = document_meant(self.library, file) if file else None
        whole = graph(self.library, day_given(as_of), filters_given(filters))
        return shown(self.library, whole, around, max(1, min(steps, MAX_STEPS)))

    def explainer_picture(self, file: str, as_of: str | None = None) -> str:
        """一图读懂 of a file as an SVG file."""
        told = explainer(self.library, document_meant(self.library, file), day_given(as_of))
        return explainer_svg(told, linked=False)

    def glossary(
        self, term: str | None = None, filters: Mapping[str, Any] | None = None, as_of: str | None = None
    ) -> dict[str, Any]:
        """What each file says that the term means; without one the list of ``terms`` that files define."""
        day, chosen = day_given(as_of), filters_given(filters)
        if term is None:
            return {"terms": terms_dict(glossary(self.library, chosen, day))}
        return term_dict(term_card(self.library, bounded("名词", term, MAX_NAME), chosen, day))


def view_named(file: str | None, part: str) -> tuple[str, View]:
    """The view of that name: of a file, else of the library; the first where none is named. Raises SettingsError."""
    views = FILE_VIEWS if file else LIBRARY_VIEWS
    name = part or next(iter(views))
    if name not in views:
        raise SettingsError(
            f"没有这个部分：{name[:40]}", f"可用 {'、'.join(f'{n}（{v.name}）' for n, v in views.items())}"
        )
    return name, views[name]
