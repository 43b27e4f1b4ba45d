# make chat: talk in the terminal · make test: the tests · make check: what must pass before a change lands
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
READY = $(VENV)/.ready

.PHONY: chat test lint check bench chaos load fuzz demo clean

chat: $(READY)
	@$(BIN)/nianbao chat

demo: $(READY)
	@$(BIN)/nianbao demo --out out

test: $(VENV)/.ready-dev
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.ready-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

check: test lint

bench: $(VENV)/.ready-dev
	@$(BIN)/python -m tests.bench.reports
	@$(BIN)/python -m tests.bench.documents
	@$(BIN)/python -m tests.bench.district
	@$(BIN)/python -m tests.bench.province
	@$(BIN)/python -m tests.bench

chaos: $(VENV)/.ready-dev
	@$(BIN)/python -m tests.chaos

load: $(VENV)/.ready-dev
	@$(BIN)/python -m tests.bench.deadline

fuzz: $(VENV)/.ready-dev
	@$(BIN)/python -m tests.fuzzing --minutes 15

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "nianbao needs Python 3.11 or newer")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.ready-dev: $(READY)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info
