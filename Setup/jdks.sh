#!/usr/bin/env bash
# Makes the tree of Debian forky that the tests take other JDKs from than this machine's: 21 and 25, with javac, below
# usr/lib/jvm. Run them in it (chroot).
#   Setup/jdks.sh [FOLDER]       default: $THAW_CACHE/jdks, THAW_CACHE default: /var/cache/thaw
set -euo pipefail

cache=${THAW_CACHE:-/var/cache/thaw}
tree=${1:-$cache/jdks}
packages=openjdk-21-jdk-headless,openjdk-25-jdk-headless
key=$(cat "${BASH_SOURCE[0]}" - <<<"$packages" | sha256sum | cut -c1-16)

[ "$(cat "$tree/.key" 2>/dev/null)" != "$key" ] || exit 0

echo "Making the tree of JDKs from Debian forky: $tree" >&2
mkdir -p "$(dirname "$tree")"
work=$(mktemp -d "$(dirname "$tree")/.jdks-XXXXXX")
trap 'rm -rf "$work"' EXIT
if ! mmdebstrap --aptopt='Acquire::Check-Valid-Until "false"' --variant=minbase \
  --include="$packages" forky "$work/tree" >"$work/log" 2>&1; then
  tail -n 20 "$work/log" >&2
  echo "Setup/jdks.sh: mmdebstrap failed (above): are Debian's packages reachable?" >&2
  exit 1
fi
echo "$key" >"$work/tree/.key"
rm -rf "$tree"
mv "$work/tree" "$tree"
