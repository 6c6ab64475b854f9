# Everything stands on a virtual environment in .venv; PYTHON (3.11 or later) makes it.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
READY := .venv/.ready
TESTS_READY := .venv/.tests-ready

.PHONY: setup run test lint check bench faults fuzz clean
.DEFAULT_GOAL := setup

setup: $(READY)  ## the virtual environment and its packages

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; set PYTHON=...")'
	$(PYTHON) -m venv .venv

$(READY): requirements.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(TESTS_READY): tests/requirements.txt tests/validators/package-lock.json $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	@! command -v npm >/dev/null || npm ci --silent --no-audit --no-fund --prefix tests/validators || echo "ical.js could not be installed"
	@touch $@

run: $(READY)  ## web, worker and the sample city at http://127.0.0.1:8000 (PORT changes it)
	@exec $(BIN)/eventsys run

test: $(TESTS_READY)  ## the tests on every database, queue and browser that is found
	@$(BIN)/python -m tests $(PARTS)

lint: $(TESTS_READY)  ## format, style, types, who imports whom
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

check: lint test  ## what CI runs

bench: $(TESTS_READY)  ## the benchmark table
	@$(BIN)/python -m tests.bench

faults: $(TESTS_READY)  ## the long fault runs: 2,000 letters while worker, web process and mail server are killed
	@$(BIN)/python -m tests --faults

fuzz: $(TESTS_READY)  ## any octets for the reader of incoming mail, for ten minutes
	@$(BIN)/python -m tests.fuzz --minutes 10

clean:  ## what was made, but not the data
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info
	find eventsys tests -name __pycache__ -type d -prune -exec rm -rf {} +
