# Targets for whoever runs the product; the Makefile includes this file.
.PHONY: test-ops check-aws check-container

check: check-aws check-container

test-ops: setup-dev ## pager, proxy and container tests, with Debian's nginx, prometheus and alertmanager
	@deploy/install-ops-tools.sh
	@TEST_OPS=1 $(BIN)/pytest tests/deploy

.venv-aws/.installed: deploy/aws/requirements.txt | $(UV)
	@$(UV) venv --quiet --allow-existing --python $(PYTHON) .venv-aws
	@VIRTUAL_ENV=$(CURDIR)/.venv-aws $(UV) pip install --quiet --require-hashes -r $<
	@touch $@

check-aws: .venv-aws/.installed setup-dev ## AWS stacks: synthesized offline, cdk-nag, cfn-lint, assertions
	@$(BIN)/ruff format --check --quiet deploy
	@$(BIN)/ruff check --quiet deploy
	@cd deploy/aws && PATH="$(CURDIR)/.venv-aws/bin:$(PATH)" python app.py
	@cd deploy/aws && $(CURDIR)/.venv-aws/bin/cfn-lint --template 'cdk.out/*.template.json'
	@cd deploy/aws && PATH="$(CURDIR)/.venv-aws/bin:$(PATH)" pytest

check-container: .venv-aws/.installed ## the Dockerfile's style
	@.venv-aws/bin/hadolint deploy/container/Dockerfile
