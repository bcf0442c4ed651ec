# Two commands do everything on a machine with Python 3.11, make and git: `make demo` and `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Twice quiet: errors still show.
PIP := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: help demo test lint types contract docs tests coverage hooks bench benchasking picture pages build constraints clean

help:  ## List the targets.
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(BIN)/mmra: pyproject.toml constraints.txt
	@echo "Installing into $(VENV) (some minutes the first time) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --editable .
	@touch $@

$(VENV)/dev: $(BIN)/mmra
	@echo "Installing what the tests need ..."
	@$(PIP) --editable '.[dev,docs]'
	@touch $@

demo: $(BIN)/mmra  ## Install, then see the whole tool at work, offline.
	@$(BIN)/mmra demo

test: lint types contract docs tests  ## Install what tests need; lint, types, import contract, site, tests, coverage.

lint: $(VENV)/dev  ## Style.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev  ## Types: the package strictly; tests, benchmarks, examples and scripts by what they do.
	$(BIN)/mypy

contract: $(VENV)/dev  ## Who may import whom.
	@# Without its cache: it has been seen to judge by files that had moved.
	$(BIN)/lint-imports --no-cache

docs: $(VENV)/dev  ## Build the site of the documents and the reference into site/, without network.
	@# The variable turns off an advertisement of the theme's next version.
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet

tests: $(VENV)/dev  ## The tests, and how much of the package they run.
	$(BIN)/pytest --numprocesses=auto --dist=loadfile --cov

coverage: $(VENV)/dev  ## Show the lines that the last `make tests` did not run.
	$(BIN)/coverage report --show-missing

hooks: $(VENV)/dev  ## Let git check style, types and contract before each commit.
	$(BIN)/pre-commit install

bench: $(VENV)/dev  ## Measure start-up, the main job, the wire formats and the reading of a million replies (5 minutes).
	$(BIN)/python bench/startup.py
	$(BIN)/python bench/main_job.py
	$(BIN)/python bench/formats.py
	$(BIN)/python bench/fuzz_extraction.py

benchasking: $(VENV)/dev  ## Measure the dispatcher: faults, kills, unknown limits, throughput, hits (15 minutes).
	$(BIN)/python bench/faults.py
	$(BIN)/python bench/kills.py
	$(BIN)/python bench/limiter.py
	$(BIN)/python bench/unknown_limits.py
	$(BIN)/python bench/throughput.py
	$(BIN)/python bench/warm.py

picture: $(BIN)/mmra  ## Draw the picture of the report for the README, from the demo's runs.
	$(BIN)/python docs/draw_report.py

pages: $(BIN)/mmra  ## Write the tables of the service pages from the code.
	$(BIN)/python docs/write_services.py

build: $(VENV)/dev  ## Build the wheel and the source archive.
	$(BIN)/python -m build

constraints: $(VENV)/dev  ## Pin what is installed now.
	$(BIN)/python -m pip freeze --exclude-editable --exclude torch > constraints.txt

clean:  ## Remove what was built and measured; never the cache or runs.
	rm -rf $(VENV) dist build site .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.* mmra-demo
