# Everything a newcomer needs starts here: `make help`.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
UV := .tools/bin/uv
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
export VIRTUAL_ENV := $(CURDIR)/.venv
export UV_PYTHON_DOWNLOADS := never

.PHONY: help setup setup-dev run test test-backend test-web test-browser check format lock bench screenshots clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: .venv/.installed web/dist/.built ## install the product and build its user interface

setup-dev: .venv/.installed-dev web/dist/.built

run: setup ## start everything on http://127.0.0.1:3000 with the demo community
	@exec $(BIN)/communityshare run --demo

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .tools
	.tools/bin/pip install --quiet --disable-pip-version-check uv

.venv/bin/python: | $(UV)
	$(UV) venv --quiet --allow-existing --python $(PYTHON) .venv

.venv/.installed: requirements/run.txt requirements/build.txt pyproject.toml | .venv/bin/python
	$(UV) pip install --quiet --require-hashes -r requirements/run.txt -r requirements/build.txt
	$(UV) pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.venv/.installed-dev: requirements/dev.txt .venv/.installed
	$(UV) pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

lock: $(UV) ## pin the newest allowed versions, with hashes
	$(UV) pip compile --quiet --generate-hashes --no-header --python-version 3.11 pyproject.toml -o requirements/run.txt --upgrade
	$(UV) pip compile --quiet --generate-hashes --no-header --python-version 3.11 requirements/build.in -c requirements/run.txt -o requirements/build.txt --upgrade
	$(UV) pip compile --quiet --generate-hashes --no-header --python-version 3.11 pyproject.toml requirements/build.in --extra test --extra check --extra bench -c requirements/run.txt -c requirements/build.txt -o requirements/dev.txt --upgrade
