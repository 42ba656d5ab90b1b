#!/usr/bin/env bash
# Makes a tree of Debian forky that the tests use, whatever release this machine has.
#   Setup/tree.sh testbed|jdks|engines [FOLDER]   default: $THAW_CACHE/<name>, THAW_CACHE default: /var/cache/thaw
# `testbed`: crit, CRIU's own image tool. `jdks`: Java 21 and 25 with javac, below usr/lib/jvm, to be run in the tree (chroot).
# `engines`: Docker, podman, containerd and what belongs to them, which Setup/engines.sh starts.
set -euo pipefail

case "${1:-}" in
testbed) packages=criu,python3,python3-pycriu ;;
jdks) packages=openjdk-21-jdk-headless,openjdk-25-jdk-headless ;;
engines)
  packages=docker.io,docker-cli,docker-compose,podman,containerd,runc,crun,skopeo,umoci,docker-registry
  packages+=,aardvark-dns,catatonit,iptables,nftables,iproute2,procps,curl,ca-certificates,criu,jq,python3-minimal
  ;;
*)
  echo "usage: Setup/tree.sh testbed|jdks|engines [FOLDER]" >&2
  exit 64
  ;;
esac
tree=${2:-${THAW_CACHE:-/var/cache/thaw}/$1}
key=$(sha256sum <<<"forky $packages" | cut -c1-16)

[ "$(cat "$tree/.key" 2>/dev/null)" != "$key" ] || exit 0

# Who runs something in a tree holds its lock, shared: it is not replaced under them.
mkdir -p "$(dirname "$tree")"
exec 9>"$tree.lock"
flock --nonblock 9 || { echo "Waiting for those who use $tree" >&2 && flock 9; }
[ "$(cat "$tree/.key" 2>/dev/null)" != "$key" ] || exit 0

echo "Making the tree of $1 from Debian forky: $tree" >&2
work=$(mktemp -d "$(dirname "$tree")/.$1-XXXXXX")
trap 'rm -rf "$work"' EXIT
if ! mmdebstrap --aptopt='Acquire::Check-Valid-Until "false"' --variant=minbase \
  --include="$packages" forky "$work/tree" >"$work/log" 2>&1 9>&-; then
  tail -n 20 "$work/log" >&2
  echo "Setup/tree.sh: mmdebstrap failed (above): are Debian's packages reachable?" >&2
  exit 1
fi
echo "$key" >"$work/tree/.key"
rm -rf "$tree"
mv "$work/tree" "$tree"
