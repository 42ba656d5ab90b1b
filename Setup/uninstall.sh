#!/usr/bin/env bash
# Removes what Setup/install.sh put below a folder. Checkpoints and containers stay: they are in /var/lib/thaw.
#   Setup/uninstall.sh PREFIX
set -euo pipefail

prefix=$1
list=$prefix/share/thaw/installed
if [ ! -e "$list" ]; then
  echo "Setup/uninstall.sh: nothing of Thaw is installed below $prefix" >&2
  exit 1
fi
while IFS= read -r file; do
  rm -f "$prefix/$file"
done <"$list"
rm -f "$list"
rm -rf "$prefix/lib/thaw/bundle"
for folder in lib/thaw share/thaw; do
  if [ -d "$prefix/$folder" ]; then find "$prefix/$folder" -depth -type d -empty -delete; fi
done
echo "Removed thaw from $prefix"
