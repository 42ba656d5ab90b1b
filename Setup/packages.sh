#!/usr/bin/env bash
# Installs the Debian packages that Thaw needs and this host lacks.
#   Setup/packages.sh build|test
# `build`: to build thaw and its sample. `test`: what the tests use besides.
set -euo pipefail

build=(build-essential ca-certificates default-jdk-headless iproute2 libssl-dev libyaml-dev libzstd-dev make mmdebstrap
  nftables patchelf pkg-config postgresql-client curl)
test=(bash-completion busybox-static docker-registry e2fsprogs fish groff jq libh2-java man-db
  nodejs postgresql python3 python3-venv redis-server shellcheck strace zsh zstd)

case "${1:-}" in
build) wanted=("${build[@]}") ;;
test) wanted=("${build[@]}" "${test[@]}") ;;
*)
  echo "usage: Setup/packages.sh build|test" >&2
  exit 64
  ;;
esac

missing=()
for package in "${wanted[@]}"; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
    missing+=("$package")
done
[ "${#missing[@]}" -gt 0 ] || exit 0

if [ "$(id -u)" != 0 ]; then
  echo "Setup/packages.sh: not root, and these packages are missing: ${missing[*]}" >&2
  echo "Setup/packages.sh: install them with: apt-get install ${missing[*]}" >&2
  exit 77
fi
echo "Installing Debian packages: ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# No service of a package is started: the tests start their own, and stop them.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  trap 'rm -f "$log" "$policy"' EXIT
fi
if ! { apt-get update && apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
  tail -n 20 "$log" >&2
  echo "Setup/packages.sh: apt-get failed (above); mend it and call again" >&2
  exit 1
fi
