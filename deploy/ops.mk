# Targets for whoever runs the product; the Makefile includes this file.
.PHONY: test-ops test-pgbouncer check-aws check-container

check: check-aws check-container

API_TESTS := tests/accounts tests/admin tests/maintenance tests/notifications tests/resources \
	tests/infra/test_bad_input.py tests/infra/test_transaction.py \
	tests/test_access_matrix.py tests/test_apidocs.py tests/test_pgbouncer.py tests/test_security_headers.py

PARALLEL := -n auto --maxprocesses 4 --dist loadfile

# The image takes longest, so it begins; the proxy, the pager and the API's tests run beside it.
test-ops: setup-dev ## pager, proxy, image, the API behind a pooler: with Debian's nginx, prometheus, alertmanager, pgbouncer
	@deploy/install-ops-tools.sh
	@TEST_OPS=1 TEST_PGBOUNCER=1 $(BIN)/pytest $(PARALLEL) --no-loadscope-reorder \
		tests/deploy/test_container.py tests/deploy $(API_TESTS)

test-pgbouncer: setup-dev ## the API's tests through PgBouncer in transaction mode
	@deploy/install-ops-tools.sh
	@TEST_PGBOUNCER=1 $(BIN)/pytest $(PARALLEL) $(API_TESTS)

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
