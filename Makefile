# What this project can do, one target a line; `make` alone lists them.
# Nothing here writes outside the checkout; `make test` may install Chromium where it can (see tools/chromium.py).
SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# The first Python of 3.11 or newer that can build an environment; PYTHON=... overrides.
ABLE := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
ifndef PYTHON
PYTHON := $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3; do \
	"$$p" -c '$(ABLE)' >/dev/null 2>&1 && { echo "$$p"; break; }; done)
endif
VENV := .venv/bin/python
ARGS ?=

.PHONY: help python env dev-env run test check bench bench-ballots bench-casework bench-lake bench-projects bench-tables bench-wall fuzz lock assets messages docs wheel clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

python:
	@test -n "$(PYTHON)" || { echo "Leitai needs Python 3.11 or newer with venv (Debian: apt-get install python3-venv)."; exit 1; }

env: python ## build .venv with the `leitai` command
	@"$(PYTHON)" tools/env.py run

dev-env: python
	@"$(PYTHON)" tools/env.py dev

run: env assets messages ## start a place with a year of records: web, intake and worker (ARGS="--port 8080")
	@exec .venv/bin/leitai run $(ARGS)

test: dev-env assets messages ## run every test: rules, SQLite, PostgreSQL, browser (ARGS="--only rules")
	@$(VENV) tools/test.py $(ARGS)

check: dev-env messages ## lint, format, types, layers, translations, reference pages, house rules
	@$(VENV) tools/check.py $(ARGS)

bench: dev-env assets messages ## measure each headline figure beside its limit
	@$(VENV) -m bench $(ARGS)

fuzz: dev-env messages ## send the HTTP interface what it may not expect, for five minutes (ARGS="--minutes 1")
	@$(VENV) tools/fuzz.py $(ARGS)

bench-ballots: dev-env ## measure the ballot door beside its limits, on SQLite and PostgreSQL
	@$(VENV) -m bench ballots $(ARGS)

bench-casework: dev-env ## measure working time, a sweep among a million open cases, lateness of escalations
	@$(VENV) -m bench casework $(ARGS)

bench-lake: dev-env ## measure the recount of 100 million verdicts beside bare DuckDB (ARGS="10" for ten)
	@$(VENV) -m bench lake $(ARGS)

bench-projects: dev-env assets messages ## measure pages of 10,000 projects beside 200 ms, on SQLite and PostgreSQL
	@$(VENV) -m bench projects $(ARGS)

bench-tables: dev-env ## measure drawn tables and rank sets beside bare numpy, time and peak memory
	@$(VENV) -m bench score $(ARGS)
	@$(VENV) -m bench ranks

bench-year: dev-env messages ## play whole years of two places at speed (ARGS="linqu 2022 10" for one)
	@$(VENV) -m bench year $(ARGS)

bench-wall: dev-env assets messages ## measure the wall: server time, first paint, eight hours in a browser (ARGS="pages")
	@$(VENV) -m bench wall $(ARGS)

lock: dev-env ## write requirements/*.lock anew (ARGS="--upgrade" for newer versions)
	@$(VENV) tools/lock.py $(ARGS)

assets: env ## fetch the front-end parts by their lock file
	@$(VENV) tools/assets.py

messages: env ## compile the translations
	@$(VENV) tools/messages.py compile

docs: dev-env messages ## write docs/reference from the code
	@$(VENV) tools/reference.py

wheel: env assets messages ## build dist/*.whl, which needs no Node to install
	@$(VENV) -m hatchling build -t wheel

clean: ## remove all that was built: .venv, .cache, front-end parts, compiled translations
	rm -rf .venv .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache dist src/leitai/ui/static/vendor
	find src -name '*.mo' -delete
	find src tests tools bench -name __pycache__ -type d -prune -exec rm -rf {} +
