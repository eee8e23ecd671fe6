"""The design as a test: layers, one home for each heavy dependency, no cycles, sizes."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("ingest", "index", "qa", "ui_tabs", "ui", "cli")  # each may import itself and what stands left of it
SOURCES = sorted(p for name in LAYERS for p in [*ROOT.glob(f"{name}.py"), *(ROOT / name).rglob("*.py")])
# dependency → the modules that may import it (a prefix covers a sub-package)
HOMES = {
    "gradio": ("ui",),
    "fastapi": ("qa.api",),
    "mcp": ("qa.mcp_server",),
    "tantivy": ("index.lexical",),
    "chromadb": ("index.vectors_chroma",),
    "pymilvus": ("index.vectors_milvus",),
    "milvus_lite": ("index.vectors_milvus",),
    "jieba": ("index.analyzer",),
    "sqlalchemy": ("index.register",),
    "pypdfium2": ("ingest.readers.pdf",),
    "pypdf": ("ingest.readers.pdf",),
    "rapidocr": ("ingest.readers.ocr",),
    "cv2": ("ingest.readers.ocr",),
    "docx": ("qa.export", "qa.word"),
    "xlsxwriter": ("qa.export_tables",),
    "sentence_transformers": ("index.embed_models",),
    "transformers": ("index.embed_models",),
    "selectolax": ("ingest.readers.webpage",),
    "readability": ("ingest.readers.webpage",),
    "openai": ("qa.llm",),
    "scipy": ("index.static.train",),
    "llama_index": (
        "index.embed",
        "index.static.embedding",
        "index.nodes",
        "index.retriever",
        "index.vectors_milvus",
        "qa.llm",
        "qa.generate",
        "qa.drafting.rewording",
        "qa.engine",
    ),
    "typer": ("cli",),
}
MAX_FILE, MAX_FUNCTION = 400, 60


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


@cache
def imports(path: Path, typing_only: bool = True) -> tuple[str, ...]:
    """Modules imported by ``path``; those under ``if TYPE_CHECKING`` only where asked."""
    skipped: set[ast.AST] = set()
    found: list[str] = []
    for node in nodes(path):
        if isinstance(node, ast.If) and not typing_only and ast.unparse(node.test) == "TYPE_CHECKING":
            skipped.update(n for part in node.body for n in ast.walk(part))
    for node in nodes(path):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            found += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found += (node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names))
    return tuple(found)


def test_a_module_imports_only_its_own_layer_and_those_below():
    wrong = []
    for path in SOURCES:
        layer = module_name(path).split(".")[0]
        above = set(LAYERS[LAYERS.index(layer) + 1 :]) if layer != "cli" else set()
        wrong += [f"{module_name(path)} imports {name}" for name in imports(path) if name.split(".")[0] in above]
    assert wrong == []


def test_a_heavy_dependency_is_imported_only_in_its_home():
    wrong = []
    for path in SOURCES:
        name = module_name(path)
        for imported in {i.split(".")[0] for i in imports(path, typing_only=False)} & HOMES.keys():
            if not any(name == home or name.startswith((f"{home}.", f"{home}_")) for home in HOMES[imported]):
                wrong.append(f"{name} imports {imported}")
    assert wrong == []


def test_there_are_no_import_cycles():
    names = {module_name(p) for p in SOURCES}
    graph = {module_name(p): {i for i in imports(p, typing_only=False) if i in names} for p in SOURCES}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " → ".join((*trail, name))
        if name not in done:
            for other in sorted(graph[name] - {name}):
                visit(other, (*trail, name))
            done.add(name)

    for name in sorted(graph):
        visit(name, ())


def test_files_and_functions_stay_small():
    wrong = []
    for path in (*SOURCES, *sorted((ROOT / "tests").rglob("*.py"))):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        wrong += [f"{path} has {lines} lines"] if lines > MAX_FILE else []
        for node in nodes(path):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                wrong += [f"{path}:{node.lineno} {node.name} has {length} lines"] if length > MAX_FUNCTION else []
    assert wrong == []


def test_nothing_swallows_every_error():
    wrong = []
    for path in SOURCES:
        for node in nodes(path):
            if isinstance(node, ast.ExceptHandler):
                caught = ast.unparse(node.type) if node.type else "everything"
                if caught in ("everything", "Exception", "BaseException"):
                    wrong.append(f"{path}:{node.lineno} catches {caught}")
    assert wrong == []
