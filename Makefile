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
# Certificates that the machine trusts, such as those of an organisation's proxy.
export UV_SYSTEM_CERTS := true
export NODE_USE_SYSTEM_CA := 1

.PHONY: help setup setup-dev run test test-backend test-web test-browser check client audit format lock fuzz bench bench-scale screenshots clean

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
	$(UV) pip compile --quiet --generate-hashes --no-header --python-version 3.11 pyproject.toml requirements/build.in --extra test --extra check --extra bench --group traces -c requirements/run.txt -c requirements/build.txt -o requirements/dev.txt --upgrade
	$(UV) pip compile --quiet --generate-hashes --no-header --python-version 3.11 --group traces -c requirements/dev.txt -o requirements/traces.txt --upgrade

# --- the user interface -------------------------------------------------------------------------------------------

web/node_modules/.installed: web/package-lock.json .venv/.installed
	cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

web/dist/.built: web/node_modules/.installed $(shell find web/src web/public web/scripts web/*.ts web/*.html -type f 2>/dev/null)
	cd web && npm run --silent build
	@touch $@

# --- tests ----------------------------------------------------------------------------------------------------------

test: test-backend test-web test-browser ## run every test: back end, front end, browser

test-backend: setup-dev ## run the tests of the back end
	@# What takes longest begins, so that nobody waits for it at the end.
	$(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder tests/test_fuzz.py tests/chaos tests/e2e tests

test-web: setup-dev ## run the tests of the front end
	cd web && npm run --silent test

test-browser: setup-dev ## run the tests in a real browser against the running product
	$(BIN)/python scripts/with_demo_server.py npm --prefix web run --silent browser

check: setup-dev ## format, lint, types, links, schema dump, generated client, bundle sizes
	$(BIN)/ruff format --check --quiet src tests bench scripts
	$(BIN)/ruff check --quiet src tests bench scripts
	$(BIN)/basedpyright --level error
	$(BIN)/python scripts/check_links.py
	$(BIN)/python scripts/audit.py
	$(BIN)/python scripts/dump_schema.py --check
	$(BIN)/communityshare openapi | diff -q - web/openapi.api.json || (echo 'web/openapi.api.json is old: run `make client`'; exit 1)
	$(BIN)/python -m communityshare.notifications | diff -q - web/openapi.notifications.json || (echo 'web/openapi.notifications.json is old: run `make client`'; exit 1)
	cd web && npm run --silent check && npm run --silent budgets

client: setup-dev ## write the OpenAPI document and the front end's client anew
	$(BIN)/communityshare openapi > web/openapi.api.json
	$(BIN)/python -m communityshare.notifications > web/openapi.notifications.json
	cd web && npm run --silent generate

audit: setup-dev ## ask the registries for known vulnerabilities of the dependencies
	$(BIN)/python scripts/audit.py

format: setup-dev ## format everything
	$(BIN)/ruff format src tests bench scripts
	$(BIN)/ruff check --fix src tests bench scripts
	cd web && npm run --silent format

fuzz: setup-dev ## 100,000 requests made up from the OpenAPI document
	$(BIN)/python -m tests.fuzz --requests 100000

bench: setup-dev ## measure; prints a table and writes bench/results/latest.json
	$(BIN)/python -m bench

bench-scale: setup-dev ## measure on 1,000,000 schedules and 5,000,000 logs; a quarter of an hour, 20 GB below TMPDIR
	$(BIN)/python -m bench scale

screenshots: setup-dev ## write a picture of every screen to docs/screenshots
	$(BIN)/python scripts/with_demo_server.py npm --prefix web run --silent screenshots

clean: ## remove what was built and installed; your data stays
	rm -rf .venv .tools web/node_modules web/dist .pytest_cache .ruff_cache

-include deploy/ops.mk
