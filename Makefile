# Everything a developer does has a target here; the work itself stands in scripts/.
.DEFAULT_GOAL := help
.PHONY: help run js test test-fast test-js test-postgres test-browser test-engines test-next prove lint types check format lock clean
SHELL := /bin/bash

help: ## these lines
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-20s %s\n", $$1, $$2}'

run: ## install what is missing, make the demo and serve it (PORT=8000; EXTRA_APPS= leaves the demo out)
	@scripts/run.sh

js: ## bundle static/js into static/bundles, to be committed
	@scripts/node_packages.sh
	@node scripts/build_js.mjs

test: ## the whole gate, as CI runs it; installs what it needs
	@scripts/test.sh

test-fast: ## what is quick: JavaScript, and Python on SQLite without browser and other servers
	@scripts/test.sh js fast

test-js: ## JavaScript's own tests
	@scripts/test.sh js

test-postgres: ## what depends on the database, on a PostgreSQL server of its own
	@scripts/test.sh postgres

test-browser: ## in Chromium
	@scripts/test.sh browser

test-engines: ## in Firefox and WebKit
	@scripts/test.sh engines

test-next: ## what depends on Django, on the next one, with Python 3.12 or later
	@scripts/test.sh next

prove: ## the long measurements behind the documentation's figures, some 45 minutes: not part of the gate
	@scripts/prove.sh

lint: ## style, layers, templates, shell
	@scripts/test.sh style

types: ## mypy and tsc
	@scripts/test.sh types

check: ## migrations and deployment settings
	@scripts/test.sh checks

format: ## put Python in order
	@scripts/venv.sh .venv requirements/test.txt
	@.venv/bin/python -m ruff check --fix-only --quiet .
	@.venv/bin/python -m ruff format .

lock: ## compile requirements/*.txt anew from pyproject.toml (UPGRADE=1 takes newer versions)
	@scripts/lock.sh

clean: ## remove what can be made again; var/, with the database and pictures, stays
	rm -rf .venv .venv-next node_modules .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find liveblog updates tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +
