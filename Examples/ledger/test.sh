#!/usr/bin/env bash
# Runs the ledger's own tests in its image, on free ports of 127.0.0.1. Builds the image if it is not there yet.
set -euo pipefail
exec 10>&- 251>&- || true

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${THAW_CACHE:-/var/cache/thaw}
umoci=$cache/bundle/tools/umoci
[[ -x $umoci ]] || umoci=umoci

"$here/image.sh"
work=$(mktemp -d "$cache/.ledger-test-XXXXXX")
trap 'rm -rf "$work"' EXIT
"$umoci" unpack --image "$cache/ledger:latest" "$work/bundle" > "$work/umoci.log" 2>&1 ||
  { cat "$work/umoci.log" >&2; exit 1; }
root=$work/bundle/rootfs
# The host's own names for 127.0.0.1; the tree has none.
cp /etc/hosts "$root/etc/hosts"
# A mount and a pid namespace of its own: what the tests start and mount ends with them.
# shellcheck disable=SC2016 # expanded by the inner shell
unshare --mount --pid --fork --kill-child bash -euc '
  mount -t proc proc "$1/proc"
  exec chroot --userspec=20000:20000 "$1" sh -euc "
    cd /usr/local/lib/ledger
    exec java -XX:+UseSerialGC -Xmx256m -XX:-UsePerfData -cp \"src:resources:test:lib/*\" clojure.main -m ledger.tests"
' bash "$root"
