"""``python -m cli``: the same as ``wenhao``."""

from cli import main

main()
