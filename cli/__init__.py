"""The command ``wenhao``: typer on the knowledge base; what a person types and reads, in Chinese. No logic of its own.

Commands stand in ``files``, ``asking``, ``measures``, ``drafting``, ``framework`` and ``feedback``; ``terminal`` is what they share.
"""

from __future__ import annotations

import sys

from rich.console import Console
from rich.markup import escape

# isort: off
from cli import files, asking, measures, drafting, framework, feedback  # noqa: F401 - they add their commands, in this order

# isort: on
from cli.mistakes import UsageError, in_chinese
from cli.terminal import app
from ingest.errors import PolicyError

__all__ = ["app", "main"]


def main() -> None:
    """Entry point: a user's mistake ends in two lines and exit status 2, never in a traceback."""
    try:
        sys.exit(app(standalone_mode=False) or 0)
    except UsageError as error:
        if not error.format_message():  # no command at all: the help has been printed
            sys.exit(2)
        told = in_chinese(error)
    except PolicyError as error:
        told = error
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(f"[bold red]错误[/]：{escape(str(told))}")
    if told.hint:
        console.print(f"建议：{escape(told.hint)}")
    sys.exit(2)
