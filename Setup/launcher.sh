#!/usr/bin/env bash
# Compiles the launcher of the warm tier into the bundle: Launcher/src becomes $BUNDLE/launcher/launcher.jar, once for each state of
# the sources; the same sources give the same bytes. Needs javac. After Setup/bundle.sh, which makes its folder anew.
#   Setup/launcher.sh [BUNDLE]      default: $THAW_CACHE/bundle, THAW_CACHE default: /var/cache/thaw
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
sources=$here/../Launcher/src
bundle=${1:-${THAW_CACHE:-/var/cache/thaw}/bundle}
place=$bundle/launcher
key=$({ cat "${BASH_SOURCE[0]}" && cd "$sources" && find . -name '*.java' | LC_ALL=C sort | xargs cat --; } | sha256sum | cut -c1-16)

[ "$(cat "$place/key" 2>/dev/null)" != "$key" ] || exit 0

mkdir -p "$bundle"
work=$(mktemp -d "$bundle/.launcher-XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/classes" "$work/new"
find "$sources" -name '*.java' -print0 | LC_ALL=C sort -z |
  xargs -0 javac --release 11 -Xlint:all -Werror -g -encoding UTF-8 -d "$work/classes"
(cd "$work/classes" && find . -name '*.class' | LC_ALL=C sort | cut -c3- |
  xargs jar --create --file "$work/new/launcher.jar" --no-manifest --date=1990-01-01T00:00:00Z)
echo "$key" >"$work/new/key"
chmod -R u+w,go-w,a+rX "$work/new"
rm -rf "$place"
mv "$work/new" "$place"
