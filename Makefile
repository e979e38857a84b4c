# `make run` shows what your skills did and cost; `make test` checks the project. Each makes .venv by itself.
.POSIX:
.SHELLFLAGS := -euc
SHELL := /bin/sh

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test test-long check lint format bench lock clean
# Two targets must not fill one .venv at the same time.
.NOTPARALLEL:

run: $(VENV)/.run
	@$(BIN)/outrider report

test: check
	$(BIN)/python -m pytest

test-long: check
	OUTRIDER_LONG=1 HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

lint: check

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.run
	$(BIN)/python bench/run.py --outrider $(BIN)/outrider

# Versions stand in the lock files with their hashes; uv is used where it is on the PATH, else venv and pip.
$(VENV)/.run: requirements.lock pyproject.toml
	@sh scripts/make_venv.sh "$(PYTHON)" $(VENV) requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml
	@sh scripts/make_venv.sh "$(PYTHON)" $(VENV) requirements-dev.lock
	@touch $@ $(VENV)/.run

lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url scripts/build.in pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url --extra server pyproject.toml -o requirements-plugin.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url --extra dev scripts/build.in pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
