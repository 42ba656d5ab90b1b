#!/usr/bin/env bash
# Installs kubernetes-validate from PyPI into a folder of its own: it knows the schemas of Kubernetes's API.
#   Setup/kubernetes-validate.sh [FOLDER]       default: $THAW_CACHE/kubernetes-validate, THAW_CACHE default: /var/cache/thaw
set -euo pipefail

folder=${1:-${THAW_CACHE:-/var/cache/thaw}/kubernetes-validate}
version=1.37.0

[ ! -e "$folder/$version" ] || exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -rf "$folder"
if ! { python3 -m venv "$folder" && "$folder/bin/pip" install "kubernetes-validate==$version"; } >"$work/log" 2>&1; then
  tail -n 20 "$work/log" >&2
  rm -rf "$folder"
  echo "Setup/kubernetes-validate.sh: pip failed (above); the tests that need it are skipped" >&2
  exit 0
fi
touch "$folder/$version"
