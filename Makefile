# citybench: `make help` lists the verbs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEV_READY := $(VENV)/.dev-ready
SOURCES := pipelines app tests
export PYTHONDONTWRITEBYTECODE :=
export DO_NOT_TRACK := 1
export DAGSTER_DISABLE_TELEMETRY := 1

.DEFAULT_GOAL := help
.PHONY: help setup run test check fix build bench mutants contracts clean

help: ## List the verbs
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(READY) ## Make the environment in .venv from the lock file

run: $(READY) ## Build the sample edition if needed, then serve app (8501) and orchestrator (3000)
	@$(BIN)/citybench build --sample
	@$(BIN)/citybench serve

build: $(READY) ## Take the sample cities end to end and publish the edition
	@$(BIN)/citybench build --sample

test: $(DEV_READY) ## Run every test, browser and dbt included
	@sh tests/bring_tools.sh
	@$(BIN)/python -m pytest tests -n 2 --dist loadfile

check: $(DEV_READY) ## Format, lint, types, SQL lint, imports, contracts, dbt parse; reports every failure
	@sh tests/run_checks.sh $(BIN)

fix: $(DEV_READY) ## Repair what can be repaired
	-@$(BIN)/ruff check --fix --quiet $(SOURCES)
	-@$(BIN)/ruff format --quiet $(SOURCES)
	-@$(BIN)/sqlfluff fix --quiet dbt_project/models dbt_project/tests
	-@$(BIN)/citybench contracts

contracts: $(READY) ## Validate contracts and write what is generated from them
	@$(BIN)/citybench contracts

bench: $(DEV_READY) ## Measure; prints the figures of BENCHMARKS.md
	@$(BIN)/python -m tests.benchmarks.measuring

mutants: $(DEV_READY) ## Put small faults into methods and models; prints the share that the tests notice (ten minutes)
	@$(BIN)/python -m tests.benchmarks.mutating

clean: ## Remove the environment, built files and the data folder's builds; accepted submissions stay
	rm -rf $(VENV) dbt_project/target .pytest_cache .ruff_cache .mypy_cache *.egg-info .citybench/warehouse .citybench/logs

$(VENV)/bin/uv: requirements-uv.lock
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) or sys.version_info >= (3, 14))' || { echo "Python 3.11 to 3.13 is needed; set PYTHON=/path/to/python3"; exit 1; }
	@echo "environment: making .venv"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock

$(READY): $(VENV)/bin/uv requirements.lock pyproject.toml
	@echo "environment: installing pinned packages (1 to 3 minutes the first time)"
	@$(BIN)/uv pip install --system-certs --python $(BIN)/python --compile-bytecode --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --system-certs --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@echo "environment: compiling the models that checks run"
	@$(BIN)/citybench compile
	@touch $@

$(DEV_READY): $(READY) requirements-dev.lock
	@echo "environment: adding test tools"
	@$(BIN)/uv pip install --system-certs --python $(BIN)/python --compile-bytecode --require-hashes -r requirements-dev.lock
	@touch $@
