# Every target is a thin alias of `python -m lib ...`, which also works where there is no make.
#
#   make book PROFILE=cpu SOURCE="/path/to/a folder of text"
#   make chapter N=01 PROFILE=t4 SOURCE=hub

PYTHON ?= python3
PROFILE ?= cpu
SOURCE ?=
N ?=

ifeq ($(OS),Windows_NT)
LIB := .venv/Scripts/python -m lib
else
LIB := .venv/bin/python -m lib
endif
SOURCE_OPTION = $(if $(SOURCE),--source "$(SOURCE)")

.PHONY: help install book pages which-chapter chapter run test check bench lab workshop clean
.DEFAULT_GOAL := help

help:  ## these lines
	@echo "make book      install, run every chapter, build the pages   [PROFILE=cpu] [SOURCE=...]"
	@echo "make pages     the same from the recorded runs in results/: nothing is executed"
	@echo "make chapter   one chapter                                   N=01 [PROFILE=cpu] [SOURCE=...]"
	@echo "make test      lint, unit tests, every chapter at the ci profile"
	@echo "make check     what CI adds: browser tests, slow tests, a build from a fresh clone"
	@echo "make bench     times beside other libraries, which it fetches first (2.3 GB); 6 minutes"
	@echo "make lab       JupyterLab on the chapters"
	@echo "make workshop  a teaching kit: exercises, slides, pages, lessons, all on one stick"
	@echo "make install   only the environment in .venv                 [PYTHON=python3.12] [SMOLLM2=no]"
	@echo "make clean     removes _build"
	@echo
	@echo "Profiles: ci (seconds), cpu (minutes on a laptop, the default), night (some hours of it), t4 (Colab), paper (a large GPU)."
	@echo "More, such as several seeds at once: .venv/bin/python -m lib --help"

install:
	@"$(PYTHON)" -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed, and '$(PYTHON)' is not that or does not run;" \
	       "install one and name it, for example: make $(or $(MAKECMDGOALS),book) PYTHON=python3.12" >&2; \
	  exit 2; }
	@"$(PYTHON)" -m lib install --quiet

book: install
	@$(LIB) book --profile "$(PROFILE)" $(SOURCE_OPTION)

pages: install
	@$(LIB) pages

which-chapter:
	@test -n "$(N)" || { echo "Which chapter? For example: make chapter N=01" >&2; exit 2; }

chapter: which-chapter install
	@$(LIB) run "$(N)" --profile "$(PROFILE)" $(SOURCE_OPTION)

run: chapter

test: install
	@$(LIB) test

check: install
	@$(LIB) check

bench: install
	@$(LIB) bench --install
	@$(LIB) bench

lab: install
	@$(LIB) lab

workshop: install
	@$(LIB) workshop

clean:
	@test ! -d _build || "$(PYTHON)" -m lib clean
