# Needs Python 3.11 or newer and make; everything else goes into .venv.
# make demo | test | serve | browser | soak | bench | lint      PYTHON=... picks the Python.

# HOST, PORT, KEPT_DATABASE_URL reach Kept through the environment, also when given as `make demo PORT=9000`.
export PIP_DISABLE_PIP_VERSION_CHECK = 1

PYTHON ?=
PYTHONS = $(or $(PYTHON),python3.14 python3.13 python3.12 python3.11 python3 python)
PY = .venv/bin/python
# PostgreSQL's driver is an extra; a PostgreSQL address asks for it.
RUN = .venv/.installed$(if $(findstring postgresql,$(KEPT_DATABASE_URL)),-postgres)
DEV = .venv/.installed-dev
FRESHLY = $(if $(filter-out 0 no false,$(FRESH)),--fresh)

.DEFAULT_GOAL := help
.PHONY: help demo serve test browser soak bench lint clean
.DELETE_ON_ERROR:

help:
	@sed -n '1,2s/^# //p' Makefile

demo: $(RUN)
	@echo "3/3 starting the playground"
	@exec $(PY) -m adapters demo $(FRESHLY)

serve: $(RUN)
	@echo "3/3 starting Kept"
	@exec $(PY) -m adapters serve

test: $(DEV)
	@echo "3/3 testing"
	@$(PY) -m pytest -q -n 2 --dist worksteal -m "not browser and not soak"

browser: $(DEV)
	@echo "3/3 testing in Chromium"
	@$(PY) -m pytest -q -m browser

soak: $(DEV)
	@echo "3/3 testing at length"
	@KEPT_SOAK=1 $(PY) -m pytest -q -n 2 --dist worksteal -m "not browser"

bench: $(DEV)
	@exec $(PY) -m adapters bench

lint: $(DEV)
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	.venv/bin/lint-imports
	$(PY) -m mypy

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

.venv/.installed .venv/.installed-postgres .venv/.installed-dev: pyproject.toml constraints.txt | .venv/.created
	@echo "2/3 installing Kept and what it needs into .venv (about half a minute)"
	@$(PY) -m pip install -qq -c constraints.txt -e '.$(patsubst .installed-%,[%],$(filter-out .installed,$(@F)))'
	@touch .venv/.installed $@

# A .venv that works is kept, whoever made it; one left half made is made anew.
.venv/.created:
	@if ! $(PY) -m pip --version >/dev/null 2>&1; then \
	  found=; \
	  for each in $(PYTHONS); do \
	    version=$$($$each -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue; \
	    found="$$found $$each is $$version;"; \
	    $$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' || continue; \
	    if ! $$each -c 'import ensurepip, venv' 2>/dev/null; then bare=$$each; continue; fi; \
	    python=$$each; break; \
	  done; \
	  if [ -n "$$python" ]; then \
	    echo "1/3 creating .venv with $$($$python --version)"; \
	    $$python -m venv --clear .venv || exit 1; \
	  elif [ -n "$$bare" ]; then \
	    echo "$$bare cannot make a virtual environment: install the package python3-venv (on Debian and Ubuntu: apt install python3-venv), then run make again." >&2; exit 1; \
	  else \
	    echo "Kept needs Python 3.11 or newer:$${found:- none of $(PYTHONS) was found;} name another with make PYTHON=/path/to/python3." >&2; exit 1; \
	  fi; \
	fi
	@touch $@
