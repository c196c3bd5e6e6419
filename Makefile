# make report  reads seeds/, runs the notebooks, prints where the reports are
# make test    every test, the notebooks included
# make lab     JupyterLab on the same notebooks
# make check   style, types, boundaries of the packages
# make bench   our report run beside the plain commands
# make lock    pins every version anew, with hashes
# All of them set up .venv first, once, from requirements.txt.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
READY  := $(VENV)/ready
# All but `scheduler`, which asks for an old pytz and has constraints of its own.
EXTRAS := files topics pdf docx live remote dev
# NLTK refuses data files with more than one hard link, so uv must copy.
UV     := UV_LINK_MODE=copy $(BIN)/uv
COMPILE = $(UV) pip compile pyproject.toml --universal --python-version 3.11 \
  --no-emit-index-url --no-header --no-annotate --quiet

# Notebooks and command lines start many Pythons; without bytecode each start would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: report test lab check bench lock clean setup
report: $(READY)
	@$(BIN)/workbench report

test: $(READY)
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -p no:nbval
	@$(BIN)/python -m pytest -n 2 --dist loadfile --nbval-lax --nbval-cell-timeout=300 -p no:cacheprovider notebooks

lab: $(READY)
	@$(BIN)/workbench lab

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY)
	@$(BIN)/python -m benchmarks.reports

lock: $(READY)
	$(COMPILE) $(addprefix --extra ,$(EXTRAS)) --generate-hashes -o requirements.txt
	$(COMPILE) $(addprefix --extra ,$(filter-out dev,$(EXTRAS)) scheduler) -o constraints/scheduler.txt

setup: $(READY)

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "$(PYTHON) is older than Python 3.11. mend: make $(or $(MAKECMDGOALS),report) PYTHON=python3.11"; exit 2; }
	@echo "Setting up $(VENV) (once, about a minute) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv || true
	@if test -x $(BIN)/uv; then \
	  $(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements.txt && \
	  $(UV) pip install --quiet --python $(BIN)/python --no-deps -e . ; \
	else \
	  $(BIN)/python -m pip install --quiet --require-hashes -r requirements.txt && \
	  $(BIN)/python -m pip install --quiet --no-deps -e . ; \
	fi
	@touch $(READY)

clean:
	rm -rf $(VENV) .workbench
