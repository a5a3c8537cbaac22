# The front door. `make help` lists what there is; everything is set up on the way.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
HOST   ?= 127.0.0.1
PORT   ?= 8000
ARGS   ?=

.DEFAULT_GOAL := help
.PHONY: help demo test lint types generate docs bench venv clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/.core ## build a small archive of the sky, serve it, cut M13 out of it (ARGS=--no-serve ends then)
	$(BIN)/sodalite demo --host $(HOST) --port $(PORT) $(ARGS)

test: $(VENV)/.all ## every test
	$(BIN)/pytest -n 2 $(ARGS)

lint: $(VENV)/.all ## style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.all ## mypy, strict
	$(BIN)/mypy

generate: $(VENV)/.all ## make again what is made of the schemas and declarations
	$(BIN)/nox -s generate

docs: $(VENV)/.all ## the documentation, into docs/_build
	$(BIN)/sphinx-build -W -q -b html docs docs/_build

bench: $(VENV)/.all ## ratios against peers
	$(BIN)/nox -s bench

venv: $(VENV)/.all ## only the environment

$(VENV)/.core: pyproject.toml constraints.txt
	tools/bootstrap.sh $(PYTHON) $(VENV) .
	@touch $@

$(VENV)/.all: pyproject.toml constraints.txt
	tools/bootstrap.sh $(PYTHON) $(VENV) '.[client,fast,test,dev,docs]'
	@touch $@ $(VENV)/.core

clean: ## remove what was made here
	rm -rf $(VENV) .nox .mypy_cache .pytest_cache .ruff_cache .hypothesis docs/_build dist demo-archive
