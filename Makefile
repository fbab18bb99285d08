# One word for each chore. `make demo` and `make test` are all a fresh machine needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
FUZZ_STAMP := $(VENV)/.fuzz-installed
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: setup demo test check bench bench-rescue bench-short torture torture-big fuzz fuzz-short fuzz-minimise system-deps lock wheel docs reference messages man format clean

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml hatch_build.py image/ewf/chunk_batches.c
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

# Every parser gets changed inputs, five minutes each, as many at once as there are processors; new ones and what ended badly go to build/fuzz.
fuzz: $(FUZZ_STAMP)
	$(BIN)/python -m tests.fuzz fuzz

# The same inputs each time, in less than a minute; a bad end is named at the end.
fuzz-short: $(FUZZ_STAMP)
	$(BIN)/python -m tests.fuzz fuzz --short --where-possible

# Takes what runs have found into tests/fuzz/corpus, and leaves there what reaches code that the others do not.
fuzz-minimise: setup
	$(BIN)/python -m tests.fuzz minimise

$(FUZZ_STAMP): $(STAMP) requirements-fuzz.lock
	$(BIN)/pip install --quiet --require-hashes -r requirements-fuzz.lock
	touch $@

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

# What documents say, collected from the code; translations of report/languages compiled.
messages: setup
	$(BIN)/python -m tools.messages

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
	uv pip compile --quiet pyproject.toml --extra dev --extra pkcs11 --generate-hashes --universal \
	    --no-emit-index-url --no-emit-find-links --no-header --no-annotate --output-file requirements.lock
	sed -n '/^fuzz = \[/,/^\]/ s/^    "\(.*\)",$$/\1/p' pyproject.toml | tr "'" '"' | uv pip compile --quiet - --generate-hashes \
	    --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
	    --output-file requirements-fuzz.lock

system-deps:
	bash tools/system-deps

clean:
	rm -rf build $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
