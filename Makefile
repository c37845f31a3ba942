# SPDX-License-Identifier: EUPL-1.2
# Each target sets up what it needs and then does its job: demo, test, check, bench, soak, audit.
# Needed beforehand: a POSIX shell, make, Python 3.11 or newer with venv.

PYTHON ?= python3
PORT ?= 8000
SCHOOLKLIMAAT_DATA ?= instance
SERVICES ?= yes
export SCHOOLKLIMAAT_DATA

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
SOURCES := schoolklimaat sensors tests wsgi.py

.PHONY: demo test check bench soak fuzz load audit services front-end front-end-test clean help
.DEFAULT_GOAL := help

help:
	@echo "make demo    install, fill a demo region and start the whole site on http://127.0.0.1:$(PORT)"
	@echo "make test    install and run the whole suite, checks included"
	@echo "make check   ruff, mypy, import rules, house tests"
	@echo "make bench   ratios against peers, in one run"
	@echo "make load    a class that signs in at once; 300 pupils who hand in beside 10 live grids"
	@echo "make fuzz    half an hour of random questions to the JSON API"
	@echo "make audit   known holes in what we install (says \"not run\" when their database does not answer)"
	@echo "make soak    the long promises of the ingester (kill -9 two hundred times)"

demo: $(VENV)/.site front-end
	@exec $(BIN)/schoolklimaat demo --port $(PORT)

# Two processes, each with its own servers; a file stays in one of them, so that what it built is built once.
test: $(VENV)/.test front-end-test services check-code
	@$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(VENV)/.test check-code
	@$(BIN)/python -m pytest -q tests/house

.PHONY: check-code
check-code: $(VENV)/.test
	@$(BIN)/ruff check $(SOURCES)
	@$(BIN)/ruff format --check $(SOURCES)
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(VENV)/.test front-end-test services
	@$(BIN)/python -m tests.bench

load: $(VENV)/.test
	@$(BIN)/python -m tests.load

fuzz: $(VENV)/.test
	@$(BIN)/python -m pytest -q -m fuzz tests/api

audit: $(VENV)/.test
	@sh tests/setup/audit.sh $(VENV)

soak: $(VENV)/.test services
	@$(BIN)/python -m pytest -q -m soak

# --- setting up ------------------------------------------------------------------------------------------------------

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed; found: $$($(PYTHON) --version 2>&1). Install it, or say make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "Python's venv module is missing. On Debian or Ubuntu: sudo apt install python3-venv" >&2; exit 1; }
	@echo "Setting up $(VENV) …" >&2
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.site: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Schoolklimaat …" >&2
	@$(PIP) install --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.test: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Schoolklimaat and what its tests use …" >&2
	@$(PIP) install --constraint constraints.txt --editable '.[test]'
	@touch $(VENV)/.site $@

# Chart.js and the font come from npm. Without npm a Python package brings node; without either the site goes on
# with Chart.js from its CDN and the system's font.
front-end: $(VENV)/.site
	@sh tests/setup/front_end.sh $(VENV) --omit=dev

front-end-test: $(VENV)/.test
	@sh tests/setup/front_end.sh $(VENV)

services:
	@SERVICES=$(SERVICES) sh tests/setup/services.sh

clean:
	rm -rf $(VENV) node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
