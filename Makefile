# Everything installs into .venv; nothing else on the machine is touched.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
KGV := $(BIN)/kg-videorag
STAMP := $(VENV)/.installed
UV_VERSION := 0.13.9
# Trust what the machine trusts: behind a company's proxy uv's own list is not enough.
export UV_SYSTEM_CERTS ?= 1

.PHONY: help setup demo test lint type check format lock bench clean

help: ## What can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

setup: $(STAMP) ## Make .venv with kg-videorag in it; a no-op the second time

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else f"Python 3.11 to 3.13 is needed, this is {v[0]}.{v[1]}: make PYTHON=python3.12 ...")'
	@command -v c++ >/dev/null || { echo "A C++ compiler is needed (hnswlib publishes no wheels): install g++ or clang."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	$(BIN)/uv pip sync --python $(BIN)/python requirements.lock
	$(BIN)/uv pip install --python $(BIN)/python --no-deps --editable .
	@touch $@

demo: setup ## Four sample videos in, five questions answered
	$(KGV) ingest samples/apollo_people.mp4 samples/apollo_flight.mp4 samples/apollo_computer.mp4 samples/skylab.mp4
	$(KGV) graph summary
	$(KGV) ask "Where was Neil Armstrong born?"
	$(KGV) ask "In which city was the rocket developed that launched Apollo 11?"
	$(KGV) ask "Where was the commander of the first crew of Skylab born?"
	$(KGV) ask "What happens at 00:45?" --video skylab.mp4
	$(KGV) ask "Who was the first woman in space?"
	@echo
	@echo "Open the graph in Neo4j Browser:  $(KGV) db browser"
	@echo "Ask on:                           $(KGV) ask \"...\""
	@echo "Take the samples out again:       $(KGV) videos delete apollo_people.mp4"

test: setup ## All tests, on real Neo4j
	$(BIN)/pytest

lint: setup ## Style, imports' direction
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

type: setup ## Types
	$(BIN)/mypy

check: lint type ## All that needs no Neo4j

format: setup ## Mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: ## Resolve all dependencies anew, as far as requirements.lock allows; delete it to upgrade
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --all-extras --group dev \
		--no-header --no-annotate --no-emit-package kg-videorag pyproject.toml -o requirements.lock

bench: setup ## Measurements beside a plain peer
	$(BIN)/python benchmarks/extractive.py
	$(BIN)/python benchmarks/extractive.py extractive_russian_new
	$(BIN)/python benchmarks/retrieval.py
	$(BIN)/python benchmarks/similar.py
	$(BIN)/python benchmarks/extraction.py

clean: ## Remove .venv and caches; data in KGV_HOME stays
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
