# Everything a clone needs: `make run` and `make test`. Only Python ≥ 3.11 has to be there.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: run setup test test-all test-browser chromium lint tables lock wheel paper verify bench clean

run: setup  ## the main job: a sweep that shows how a scoring rule silences and parts people
	$(BIN)/scored sweep association_and_conformity --out runs/association_and_conformity --overwrite

setup: $(VENV)/installed  ## only install

$(VENV)/installed: pyproject.toml requirements.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; say which with: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

test: setup  ## install and run the tests
	$(BIN)/python -m pytest -n auto -m "not slow and not browser"

test-all: setup  ## the slow ones too
	$(BIN)/python -m pytest -n auto -m "not browser"

test-browser: setup chromium  ## the page in a real browser; SCORED_CHROMIUM says where that is
	$(BIN)/python -m pytest -m browser tests/viewer

chromium:
	@test -n "$$SCORED_CHROMIUM" || command -v chromium >/dev/null \
	  || (apt-get update -qq && apt-get install -y -qq chromium) \
	  || (echo "no chromium: install it, or say where it is with SCORED_CHROMIUM" >&2; exit 1)

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

tables: setup  ## write the generated tables into the documents
	$(BIN)/python -m experiments.tables

lock:  ## exact versions with hashes, for every platform and Python; no addresses
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
	  --fork-strategy requires-python --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-annotate --no-header --output-file requirements.lock

wheel: setup
	$(BIN)/python -m build --no-isolation --wheel

paper: setup  ## the paper's data, figures and findings again; verify compares what is committed
	$(BIN)/scored reproduce

verify: setup
	$(BIN)/scored verify

bench: setup
	$(BIN)/scored bench

clean:
	rm -rf $(VENV) build dist runs
