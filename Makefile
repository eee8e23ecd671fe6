PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test lint bench clean

run: .venv/installed ## add corpus/ to an empty knowledge base and serve the page on http://127.0.0.1:7860
	$(BIN)/wenhao serve

test: .venv/installed-test ## the whole suite
	$(BIN)/python -m pytest -n 2 --no-loadscope-reorder

bench: .venv/installed-test ## reading speed by format, on corpus/ or on DATA=folder; then adding, search and answers in libraries of CLAUSES="10000 100000", kept in BENCH=folder
	$(BIN)/python -m tests.benchmarks.reading $(DATA)
	$(BIN)/python -m tests.benchmarks.growth $(if $(CLAUSES),--clauses $(CLAUSES)) $(if $(BENCH),--data $(BENCH)/growth)
	$(BIN)/python -m tests.benchmarks.scale $(if $(BENCH),--data $(BENCH))
	$(BIN)/python -m tests.benchmarks.answers $(if $(BENCH),--data $(BENCH))
	$(BIN)/python -m tests.benchmarks.mixed $(if $(BENCH),--data $(BENCH)/100000)

lint: .venv/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

.venv/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更高版本；可用 make run PYTHON=python3.12 指定。"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[ocr]'
	@touch $@

.venv/installed-test: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[ocr,test]'
	@touch $@

clean:
	rm -rf .venv build *.egg-info
