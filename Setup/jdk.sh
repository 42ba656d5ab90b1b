#!/usr/bin/env bash
# Makes an image of Debian with a JDK, as an OCI layout: what `thaw build --jars` puts a server's jars on, unless --image names another.
#   Setup/jdk.sh [FOLDER]      default: $THAW_CACHE/jdk, THAW_CACHE default: /var/cache/thaw
# Needs root, mmdebstrap, and umoci: of Thaw's bundle, or in the PATH.
set -euo pipefail

packages=openjdk-21-jdk-headless,ca-certificates
suite=trixie
cache=${THAW_CACHE:-/var/cache/thaw}
layout=${1:-$cache/jdk}
key=$(sha256sum <<<"$suite $packages $(sed 1,/^set/d "${BASH_SOURCE[0]}")" | cut -c1-16)

[ "$(cat "$layout/key" 2>/dev/null)" != "$key" ] || exit 0

umoci=$cache/bundle/tools/umoci
[ -x "$umoci" ] || umoci=umoci
echo "Making an image with a JDK from Debian $suite: $layout" >&2
mkdir -p "$(dirname "$layout")"
work=$(mktemp -d "$(dirname "$layout")/.jdk-XXXXXX")
trap 'rm -rf "$work"' EXIT
# Manuals and package lists are of no use there; without their folders a JDK's package cannot be installed.
# shellcheck disable=SC2016 # expanded by the hook's shell
if ! mmdebstrap --aptopt='Acquire::Check-Valid-Until "false"' --variant=minbase --include="$packages" \
  --customize-hook='rm -rf "$1"/usr/share/man/* "$1"/usr/share/doc/* "$1"/usr/share/locale/* "$1"/var/lib/apt/lists/* "$1"/var/cache/* "$1"/var/log/*' \
  "$suite" "$work/tree.tar" >"$work/log" 2>&1; then
  tail -n 20 "$work/log" >&2
  echo "Setup/jdk.sh: mmdebstrap failed (above): are Debian's packages reachable?" >&2
  exit 1
fi
"$umoci" init --layout "$work/layout"
"$umoci" new --image "$work/layout:latest"
"$umoci" raw add-layer --image "$work/layout:latest" --history.created_by 'Setup/jdk.sh' "$work/tree.tar"
"$umoci" config --image "$work/layout:latest" --config.env=LANG=C.UTF-8 \
  --config.env=PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
"$umoci" gc --layout "$work/layout"
echo "$key" >"$work/layout/key"
rm -rf "$layout"
mv "$work/layout" "$layout"
