# Undersigned. `make run` tries it, `make test` tests it; nothing is installed outside .venv, except
# Debian's packages where make runs as root.

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help setup run test check bench campaign screenshots messages lock clean

PIP := .venv/bin/python -m pip --disable-pip-version-check install --quiet

help: ## what can be made
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

setup: .venv/runtime ## the environment in .venv, with the undersigned command in it

run: setup ## a demo on http://127.0.0.1:8000
	@.venv/bin/undersigned demo
	@exec .venv/bin/undersigned serve

test: .venv/dev ## everything CI runs
	@scripts/test

check: .venv/dev ## format, lint, types
	.venv/bin/ruff format --check --quiet
	.venv/bin/ruff check --quiet
	.venv/bin/mypy --no-error-summary
	.venv/bin/djlint templates --lint --quiet

bench: .venv/dev ## measures what the documentation promises
	@scripts/provide postgresql wrk weasyprint chromium npm || true
	@$(MAKE) build/lighthouse || true
	@.venv/bin/python -m bench

campaign: .venv/dev ## plays a sign-on of two weeks with 500 invitees, and counts clicks
	@.venv/bin/python -m bench.campaign

screenshots: .venv/dev ## the README's picture, and pictures of the pages in build/screenshots
	.venv/bin/python scripts/picture
	mkdir -p build/screenshots
	SCREENSHOTS=build/screenshots .venv/bin/pytest -m browser

messages: .venv/dev ## catalogues of the interface's languages, up to date with the source
	.venv/bin/python scripts/messages.py

lock: build/uv/bin/uv ## the locked requirements after pyproject.toml (UPGRADE=1: newest versions)
	$(COMPILE) --extra build --extra word -o requirements.lock
	$(COMPILE) --extra build --extra word --extra dev -o requirements-dev.lock

clean: ## away with everything made; var, the data, stays
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@scripts/environment .venv

# The three empty files below say when that was last done; the locks decide whether to do it again.
.venv/runtime: requirements.lock pyproject.toml | .venv/bin/python .venv/fonts
	@echo 'Installing into .venv ...'
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev: requirements-dev.lock .venv/runtime
	@echo 'Installing what tests need into .venv ...'
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

.venv/fonts: | .venv/bin/python
	@scripts/provide fonts || true
	@touch $@

# Checkers that come from npm's registry, as their locks say.
build/nu: tests/harness/nu/package-lock.json
	@$(NPM)

build/lighthouse: bench/lighthouse/package-lock.json
	@$(NPM)

NPM = mkdir -p $@ && cp $(<D)/package*.json $@ && \
	npm ci --prefix $@ --ignore-scripts --no-audit --no-fund --silent && touch $@ || \
	{ rm -rf $@; false; }

COMPILE := build/uv/bin/uv pip compile pyproject.toml --quiet --universal \
	--generate-hashes --no-emit-index-url --no-header $(if $(UPGRADE),--upgrade)

build/uv/bin/uv:
	@scripts/environment build/uv
	@build/uv/bin/python -m pip --disable-pip-version-check install --quiet uv
