# Two commands are enough: `make demo` and `make test`. Without make: python3 dev.py demo
PYTHON ?= python3
TASKS := demo install test check fix docs planted simulate kill powercut core fuzz proof languages sbom lock demo-pg

.PHONY: help $(TASKS)
help:
	@$(PYTHON) dev.py
$(TASKS):
	@$(PYTHON) dev.py $@ $(ARGS)
