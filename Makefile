# Targets for developers. The scripts are in scripts/.
.DEFAULT_GOAL := help
.PHONY: help run js test test-fast test-js test-postgres test-browser test-engines test-next stack-test coverage prove lint types check format tables sbom lock clean
SHELL := /bin/bash

help: ## list all targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-20s %s\n", $$1, $$2}'

run: ## install what is missing, set up the demo and serve it (PORT=8000; EXTRA_APPS= leaves the demo out)
	@scripts/run.sh

js: ## bundle static/js into static/bundles; commit the result
	@scripts/node_packages.sh
	@node scripts/build_js.mjs

test: ## run everything that CI runs; installs what it needs
	@scripts/test.sh

test-fast: ## run the quick tests: JavaScript, and Python on SQLite without browsers and servers
	@scripts/test.sh fast

test-js: ## run the JavaScript tests
	@scripts/test.sh js

test-postgres: ## run tests that depend on the database on a temporary PostgreSQL server
	@scripts/test.sh postgres

test-browser: ## run the tests in Chromium
	@scripts/test.sh browser

test-engines: ## run the tests in Firefox and WebKit
	@scripts/test.sh engines

test-next: ## run tests that depend on Django on Django 6.1 (Python 3.12 or later)
	@scripts/test.sh next

stack-test: ## kill each part of a whole installation in turn: nginx, servers, PostgreSQL, Redis
	@scripts/test.sh stack

coverage: ## say which lines and branches the tests run, also in servers and commands; half an hour
	@scripts/coverage.sh

prove: ## run the long measurements behind the numbers in the documentation, about two hours
	@scripts/prove.sh

lint: ## check style, layers, security, templates and shell
	@scripts/test.sh style

types: ## check types with mypy and tsc
	@scripts/test.sh types

check: ## check migrations and deployment settings
	@scripts/test.sh checks

format: ## format Python
	@scripts/venv.sh .venv requirements/test.txt
	@.venv/bin/python -m ruff check --fix-only --quiet .
	@.venv/bin/python -m ruff format .

tables: ## write the tables of the documentation that are made from the code
	@scripts/venv.sh .venv requirements/test.txt
	@.venv/bin/python scripts/tables.py

sbom: ## write a bill of materials (CycloneDX) to var/sbom.json
	@scripts/venv.sh .venv requirements/test.txt
	@mkdir -p var
	@.venv/bin/python scripts/licences.py --sbom > var/sbom.json

lock: ## compile requirements/*.txt from pyproject.toml (UPGRADE=1 takes newer versions)
	@scripts/lock.sh

clean: ## remove generated files; keeps var/ with the database and pictures
	rm -rf .venv .venv-next node_modules .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find liveblog updates tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +
