# The targets are thin: dev/ does the work. `make help` lists them.

PYTHON ?= python3
# Some shells export HOST with the machine's name: only make's own argument counts.
ifeq ($(origin HOST),environment)
HOST :=
endif
export ADDONS CACHE CHECKS DB DEMO EXPLAIN FULL HEIGHT HOST K LOGIN ODOO_SRC OUT PORT RECORD ROWS URL WIDTH

GCK := @$(PYTHON) "$(CURDIR)/dev/make.py"

.DEFAULT_GOAL := help
.PHONY: bench clean distclean format help i18n lint run screenshot shell stop test test-pbx

help: ## show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## install what is missing and serve the demo on http://localhost:8069
	$(GCK) run

test: ## run every test (ADDONS=a,b and K=name narrow it)
	$(GCK) test

test-pbx: ## let a real Asterisk make calls and look for their records (as root)
	$(GCK) test-pbx

bench: ## measure on a large database (ROWS=… K=name EXPLAIN=1)
	$(GCK) bench

lint: ## check style and conventions (CHECKS=ruff,format,pylint,xml narrows it)
	$(GCK) lint

format: ## put the Python files into shape (ruff)
	$(GCK) format

i18n: ## export the .pot files and merge them into the .po files
	$(GCK) i18n

shell: ## Odoo's shell on the demo database (reads a script from standard input)
	$(GCK) shell

screenshot: ## picture of a page of the demo: URL=… OUT=… [LOGIN=… WIDTH= HEIGHT= FULL=1]
	$(GCK) screenshot

stop: ## end the server and the database cluster
	$(GCK) stop

clean: ## remove .run with its databases (CACHE=1: the user's cache as well)
	$(GCK) clean

distclean: export CACHE = 1
distclean: ## like clean, and remove the cache of downloads as well
	$(GCK) clean
