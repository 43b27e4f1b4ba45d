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
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "年报助手需要 Python 3.11 或更新的版本，这里的 $(PYTHON) 是：$$($(PYTHON) -V 2>&1 | tail -1)。"; \
		echo "请装一个，再写明用它，例如：make chat PYTHON=python3.12"; exit 1; } >&2
	@test -x $(BIN)/python || $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "这里的 $(PYTHON) 没有 venv，建不了 $(VENV)。请装上（Debian、Ubuntu：apt install python3-venv），"; \
		echo "或者换一个 Python，例如：make chat PYTHON=python3.12"; exit 1; } >&2
	@echo "正在安装需要的程序包（只在第一次和更新以后），要一两分钟，请等一下……" >&2
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.ready-dev: $(READY)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info
