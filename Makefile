# Everything here sets up what it needs, under .venvs/ and js/node_modules/. A second run finds it made.

PYTHON ?= python3
VENVS := $(CURDIR)/.venvs
BIN := $(VENVS)/dev/bin
ENVIRONMENTS := $(PYTHON) tools/environments.py
PYTEST := $(BIN)/pytest
NODE_MODULES := js/node_modules/.package-lock.json
CLIENT := $(shell find js/src -type f) $(wildcard js/*.mjs) js/package.json
BUNDLE := nbsession/static/bridge.js
# The tests that need real kernels, servers or browsers. Each waits more than it works, so two run side by side: the
# longest first, so that none runs alone at the end.
REAL := test-lab test-backends test-notebook test-server test-kernel test-oldest-kernel test-nbval test-headless
UNIT_TESTS := tests $(addprefix --ignore=tests/,backends browser deploy headless kernel load nbval places server soak)

ifndef SIDE_BY_SIDE
.NOTPARALLEL:
endif
.PHONY: help demo test test-all bench lint types format clean setup node
.PHONY: environments gallery-kernel test-unit test-js $(REAL)

help:
	@echo "make demo      open the quickstart notebook in JupyterLab"
	@echo "make test      lint, types, and all tests on the newest and the oldest ipykernel"
	@echo "make test-all  the same on every supported ipykernel and Python, under load, and at length: two hours"
	@echo "make bench     print the table of measurements"
	@echo "make lint | types | format | clean"

demo: node
	@$(ENVIRONMENTS) demo
	@.venvs/demo/bin/python tools/demo.py

# All of it runs, whatever fails. What each of the real ones prints is shown when it ends. (A make before 4.0 mixes it.)
test:
	@$(PYTHON) tools/run_tests.py PYTHON=$(PYTHON) environments lint types test-unit test-js -- \
		PYTHON=$(PYTHON) SIDE_BY_SIDE=1 -j2 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target) $(REAL)

# -- set-up ----------------------------------------------------------------------------------------------------------

node:
	@$(PYTHON) tools/programs.py node

$(NODE_MODULES): js/package-lock.json
	@$(PYTHON) tools/programs.py node
	cd js && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(BUNDLE): $(NODE_MODULES) $(CLIENT)
	cd js && npm run --silent build

setup: $(BUNDLE)
	@$(ENVIRONMENTS) dev

environments: setup
	@$(PYTHON) tools/programs.py chromium
	@$(ENVIRONMENTS) ipykernel-6.29.5 notebook
	@# Its first import on a machine says on stderr that it lists the fonts, which is no output of a notebook's cell.
	@for each in dev notebook; do $(VENVS)/$$each/bin/python -c "import matplotlib.font_manager" 2>&1; done

gallery-kernel: environments
	@$(VENVS)/notebook/bin/python -m ipykernel install --prefix $(VENVS)/kernels --name ipykernel-6

# -- what `make test` consists of ------------------------------------------------------------------------------------

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	cd js && npm run --silent lint
	cd js && npm run --silent typecheck

types: setup
	$(BIN)/mypy
	$(BIN)/mypy tests
	$(BIN)/python tools/verify_types.py

test-unit: setup
	$(PYTEST) $(UNIT_TESTS)

test-js: setup
	cd js && npm test --silent

test-kernel: environments
	$(PYTEST) tests/kernel

test-oldest-kernel: environments
	NBSESSION_TEST_PYTHONS=$(VENVS)/ipykernel-6.29.5/bin/python $(PYTEST) -m "not any_front_end" tests/kernel

test-lab: environments
	NBSESSION_TEST_FRONTEND=lab $(PYTEST) -m "not at_length" tests/browser

test-notebook: environments
	NBSESSION_TEST_FRONTEND=notebook NBSESSION_TEST_PYTHON=$(VENVS)/notebook/bin/python \
		$(PYTEST) -m "not (any_front_end or at_length)" tests/browser

test-server: environments
	$(PYTEST) -m "not at_length" tests/server tests/load

test-backends: environments
	@$(PYTHON) tools/programs.py nginx openssl
	$(PYTEST) -m "not at_length" tests/backends tests/deploy

test-headless: environments
	NBSESSION_TEST_PYTHONS=$(VENVS)/ipykernel-6.29.5/bin/python:$(BIN)/python $(PYTEST) tests/headless

# The gallery is run twice: by a kernel of this environment, and by one of the newest ipykernel 6.
test-nbval: gallery-kernel
	$(PYTEST) tests/nbval
	$(PYTEST) --nbval --nbsession --nbval-current-env notebooks
	JUPYTER_PATH=$(VENVS)/kernels/share/jupyter \
		$(PYTEST) --nbval --nbsession --nbval-kernel-name ipykernel-6 notebooks

# -- the long ones ---------------------------------------------------------------------------------------------------

# ONLY="kernels, python-3.12" does one run of it, ONLY="kernels, *" some: `python3 tools/matrix.py --list` prints their titles.
test-all: gallery-kernel
	@$(BIN)/python tools/matrix.py $(if $(ONLY),--only "$(ONLY)")

bench: setup
	@$(PYTHON) tools/programs.py chromium
	@$(ENVIRONMENTS) bench
	.venvs/bench/bin/python -m bench

# -- the rest --------------------------------------------------------------------------------------------------------

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	cd js && npm run --silent format

clean:
	rm -rf .venvs dist test-results js/node_modules nbsession/static
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
