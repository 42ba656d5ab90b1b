#!/usr/bin/env bash
# Says what to do where Swift is missing or too old.
set -euo pipefail

if ! command -v swift >/dev/null; then
  echo "No swift in PATH: install Swift 6.3 or later from https://www.swift.org/install/linux/" >&2
  exit 1
fi
version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
if [ "$(printf '%s\n' 6.2 "$version" | sort -V | head -n 1)" != 6.2 ]; then
  echo "Swift $version is too old: Thaw needs 6.2 or later" >&2
  exit 1
fi
