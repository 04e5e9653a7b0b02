# Everything a person does with a checkout. Each target brings what it needs into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run once demo test test-slow soak kills fuzz check clean

run: $(VENV)/.installed
	$(BIN)/watcher run

once: $(VENV)/.installed
	$(BIN)/watcher once

demo: $(VENV)/.installed
	$(BIN)/watcher demo

# File by file, the long ones first; three at once on two processors, as many tests wait for something.
AT_ONCE ?= 3
PYTEST = $(BIN)/python -m pytest -n $(AT_ONCE) --dist loadfile --no-loadscope-reorder

test: $(VENV)/.tested
	$(PYTEST)

test-slow: $(VENV)/.tested
	$(PYTEST) --slow

# An hour of work under watch; SOAK_S=600 makes it ten minutes.
SOAK_S ?= 3600
soak: $(VENV)/.tested
	WATCHER_SOAK_S=$(SOAK_S) $(BIN)/python -m pytest tests/crash/test_soak.py --slow

# Thousands of kills at random moments; SEED=5 makes them others. `make test-slow` has those at every system call.
KILLS ?= 5000
SEED ?= 1
kills: $(VENV)/.tested
	WATCHER_KILLS=$(KILLS) WATCHER_SEED=$(SEED) $(BIN)/python -m pytest tests/crash/test_hundreds.py

# A hundred times the usual inputs through every door; then, where atheris can be installed, those that find new paths.
FUZZ_S ?= 300
fuzz: $(VENV)/.tested
	WATCHER_FUZZ=100 $(BIN)/python -m pytest tests/fuzz --slow --timeout 7200
	-$(BIN)/pip install --quiet --editable '.[fuzz]'
	for door in feed page text config base; do \
	  PYTHONPATH=tests $(BIN)/python -m fuzz.coverage $$door -max_total_time=$(FUZZ_S) -rss_limit_mb=2048 || exit 1; done

check: $(VENV)/.checked
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml
	$(BIN)/pip install --quiet --editable .
	@touch $@

$(VENV)/.tested: $(VENV)/.installed
	$(BIN)/pip install --quiet --editable '.[test]'
	@touch $@

$(VENV)/.checked: $(VENV)/.installed
	$(BIN)/pip install --quiet --editable '.[check]'
	@touch $@

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
