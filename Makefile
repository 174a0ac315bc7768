.DEFAULT_GOAL := help
.PHONY: help run test check bench faults fuzz lock clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

help:  ## Show what there is to make
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

$(INSTALLED): requirements/dev.txt
	@$(PYTHON) bot/launcher/virtual_environment.py $(VENV) requirements/dev.txt
	@touch $@

# 130: ended by Ctrl-C, as it should be.
run: $(INSTALLED)  ## Set up and run everything: Redis, a worker, a trainer, the bot (and the sandbox, without a token)
	@$(BIN)/python -m bot.launcher.processes || test $$? -eq 130

# A process for each core and one more, with a Redis of its own. Up to four: some tests load TensorFlow.
test: $(INSTALLED)  ## Set up and run the tests
	$(BIN)/python -m pytest -n auto --maxprocesses 4

check: $(INSTALLED)  ## Format, lint, types, walls, known vulnerabilities
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy bot model tests
	$(BIN)/lint-imports
	$(BIN)/python -m tests.audit

# NAMES="worker bot" measures these alone; JSON=FILE writes the measures there, not into bench.json.
bench: $(INSTALLED)  ## Measure what a photo costs, and everything else that has a target
	$(BIN)/python -m tests.bench $(NAMES) $(if $(JSON),--json $(JSON))

# NAMES="kills redis" makes these experiments alone; JSON=FILE writes the outcomes there, too.
faults: $(INSTALLED)  ## Kill, cut off, overload; do the promises hold? (forty minutes)
	$(BIN)/python -m tests.faults $(NAMES) $(if $(JSON),--json $(JSON))

# INPUTS=360 takes so many: half of them made to do harm, half damaged, of every format.
fuzz: $(INSTALLED)  ## Feed the decoder 20,000 broken and hostile files (ten minutes)
	$(BIN)/python -m tests.fuzz $(if $(INPUTS),--inputs $(INPUTS)) $(if $(JSON),--json $(JSON))

COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url pyproject.toml

lock: $(INSTALLED)  ## Pin the dependencies again, with hashes and without addresses
	$(COMPILE) --all-extras --output-file requirements/dev.txt
	for extra in bot worker trainer; do \
	  $(COMPILE) --constraint requirements/dev.txt --extra $$extra --output-file requirements/$$extra.txt || exit 1; \
	done

clean:  ## Remove the virtual environment and the caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
