# One word for each chore. `make demo` and `make test` are all a fresh machine needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: setup demo test check bench bench-rescue bench-short torture torture-big system-deps lock wheel docs reference man format clean

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml hatch_build.py
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

demo: setup
	$(BIN)/python -m tools.demo build/demo

test: setup
	$(BIN)/python -m pytest -n auto -m "not long"

torture: setup
	$(BIN)/python -m pytest -n auto -m "long and not big"

torture-big: setup
	$(BIN)/python -m pytest -m big

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) --no-print-directory docs

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: setup
	$(BIN)/mkdocs build --strict --site-dir build/docs

# The command reference, made anew from the commands themselves.
reference: setup
	$(BIN)/python -m tools.cli_reference docs/reference/cli.md

man: setup
	$(BIN)/python -m tools.man_pages build/man

bench: setup
	$(BIN)/python -m bench

bench-rescue: setup
	$(BIN)/python -m bench.rescue

bench-short: setup
	$(BIN)/python -m bench --short

wheel: setup
	$(BIN)/python -m build --quiet --no-isolation --outdir build/dist

lock:
	uv pip compile --quiet pyproject.toml --extra dev --generate-hashes --universal \
	    --no-emit-index-url --no-emit-find-links --no-header --no-annotate --output-file requirements.lock

system-deps:
	bash tools/system-deps

clean:
	rm -rf build $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
