# The tasks of development. `make help` lists them.
#
# Stamp files in .venv and node_modules record what is installed, so a second call takes seconds.
# Deleting one of these folders also deletes its stamps.

PYTHON ?= python3
PORT ?= 8000

VENV := .venv
BIN := $(VENV)/bin
# `make test` starts Python more than fifty times. Without bytecode files each of these processes
# compiles the program and the tests again.
unexport PYTHONDONTWRITEBYTECODE
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check install
NPM := npm --prefix frontend
LOCK := UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile pyproject.toml --quiet \
	--group build \
	--universal --python-version 3.11 --generate-hashes --no-emit-index-url $(UPGRADE)

# The generator of the example client needs other versions of packages than Tenure.
EXAMPLE := docs/examples/python
CODEGEN := $(VENV)/codegen/.installed

INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
MODULES := frontend/node_modules/.installed
PEER_MODULES := tests/benchmarks/peers/postgraphile/node_modules/.installed
PAGE := frontend/dist/index.html
PAGE_SOURCES := $(shell find frontend -type f -not -path '*/node_modules/*' \
	-not -path 'frontend/dist/*' -not -path 'frontend/tests/*' 2>/dev/null)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test lint format bench peers screenshots schema examples lock clean

help: ## List the tasks
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(INSTALLED) $(PAGE) ## Install the packages and build the page
	@:

run: setup ## Serve demonstration data on port 8000 (PORT=…)
	@exec $(BIN)/tenure serve --port $(PORT) --demo

test: setup $(INSTALLED_DEV) ## Run the tests; all with CI=true (ARGS=… is passed to pytest)
	@$(BIN)/python -m tests.services
	@$(NPM) test
	@$(BIN)/pytest $(if $(filter true,$(CI))$(ARGS),$(ARGS),-m "not bench and not thorough")

lint: $(INSTALLED_DEV) $(MODULES) ## Check style, types and layers of Python and the page
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(NPM) run check

format: $(INSTALLED_DEV) $(MODULES) ## Format the sources of Python and the page
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .
	@$(NPM) run format

bench: setup $(INSTALLED_DEV) $(if $(ARGS),,$(PEER_MODULES)) ## Run the benchmarks, on an idle machine
	@$(BIN)/python -m tests.services
	@failed=0; \
	$(if $(ARGS),,$(BIN)/python -m tests.benchmarks.peers || failed=1;) \
	$(BIN)/pytest -m bench --numprocesses=0 --capture=no --timeout=0 $(ARGS) || failed=1; \
	exit $$failed

peers: setup $(INSTALLED_DEV) $(PEER_MODULES) ## Compare with PostGraphile and others (ARGS=--help)
	@$(BIN)/python -m tests.services
	@$(BIN)/python -m tests.benchmarks.peers $(ARGS)

screenshots: setup $(INSTALLED_DEV) ## Write the pictures of README.md and docs/desk.md
	@$(BIN)/python -m tests.browser.screenshots

schema: $(INSTALLED) ## Write the GraphQL schema for the types of the page
	@$(BIN)/tenure schema > $(VENV)/schema.graphql
	@mv $(VENV)/schema.graphql frontend/schema.graphql

examples: $(CODEGEN) $(INSTALLED_DEV) ## Generate the example client in Python, and the collection
	@cd $(EXAMPLE) && $(CURDIR)/$(VENV)/codegen/bin/ariadne-codegen --config codegen.toml \
		>/dev/null
	@$(BIN)/python -m tests.partners.collection

lock: $(INSTALLED_DEV) ## Lock the Python dependencies (UPGRADE=--upgrade for newer releases)
	@$(PIP) 'uv~=0.13.9'
	@$(LOCK) --output-file backend/requirements.lock
	@$(LOCK) --extra dev --constraint backend/requirements.lock \
		--output-file backend/requirements-dev.lock
	@$(BIN)/uv pip compile $(EXAMPLE)/codegen.in --quiet --custom-compile-command "make lock" \
		--universal --python-version 3.11 --generate-hashes --no-emit-index-url $(UPGRADE) \
		--output-file $(EXAMPLE)/codegen.lock

clean: ## Remove installed and built files, but not the database
	rm -rf $(VENV) frontend/node_modules frontend/dist tests/benchmarks/peers/postgraphile/node_modules

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Tenure needs Python 3.11 or newer; '$(PYTHON)' is not. Set PYTHON=…."; exit 1; }
	@$(PYTHON) -m venv $(VENV) >/dev/null || \
		{ rm -rf $(VENV); \
		echo "'$(PYTHON) -m venv' failed; on Debian: apt-get install python3-venv"; exit 1; }

$(INSTALLED): $(VENV)/pyvenv.cfg backend/requirements.lock pyproject.toml
	@echo "Installing the Python packages …"
	@$(PIP) --require-hashes --requirement backend/requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(INSTALLED_DEV): $(INSTALLED) backend/requirements-dev.lock
	@echo "Installing the Python packages for development …"
	@$(PIP) --require-hashes --requirement backend/requirements-dev.lock
	@touch $@

$(CODEGEN): $(INSTALLED) $(EXAMPLE)/codegen.lock
	@echo "Installing the generator of the example client …"
	@$(PYTHON) -m venv $(VENV)/codegen
	@$(VENV)/codegen/bin/python -m pip -qq --disable-pip-version-check install --require-hashes \
		--requirement $(EXAMPLE)/codegen.lock
	@touch $@

$(MODULES): frontend/package.json frontend/package-lock.json
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null && \
		command -v npm >/dev/null || \
		{ echo "Tenure needs Node.js 20 or newer, with npm: see nodejs.org"; exit 1; }
	@echo "Installing the packages of the page …"
	@$(NPM) ci --no-audit --no-fund --loglevel=error
	@touch $@

$(PEER_MODULES): tests/benchmarks/peers/postgraphile/package.json \
		tests/benchmarks/peers/postgraphile/package-lock.json
	@echo "Installing PostGraphile …"
	@npm --prefix $(@D)/.. ci --no-audit --no-fund --loglevel=error
	@touch $@

$(PAGE): $(MODULES) $(PAGE_SOURCES)
	@echo "Building the page …"
	@$(NPM) run build --loglevel=error
	@touch $@
