#!/usr/bin/env bash
# install.sh NAME...: puts engines into virtual environments of their own, .cache/engines/NAME; names as in python/requirements-NAME.txt.
set -euo pipefail
cd "$(dirname "$0")/../.."
for name in "$@"; do
  requirements=examples/engines/python/requirements-$name.txt
  test -e "$requirements" || { echo "no $requirements" >&2; exit 2; }
  environment=.cache/engines/$name
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet -r "$requirements"
  echo "$environment/bin/python"
done
