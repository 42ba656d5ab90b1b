# shellcheck shell=bash
# Sourced by the test.sh of the Clojure servers beside: runs a server's own tests in its image, on the classes that were
# compiled ahead, on free ports of 127.0.0.1. Builds the image if it is not there yet.
#   run_tests IMAGE HOME      HOME is the working directory in the image; its tests are in the namespace IMAGE.tests
set -euo pipefail
exec 10>&- 251>&- || true

run_tests() {
  local name=$1 home=$2 cache=${THAW_CACHE:-/var/cache/thaw} umoci root
  umoci=$cache/bundle/tools/umoci
  [[ -x $umoci ]] || umoci=umoci
  work=$(mktemp -d "$cache/.$name-test-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  "$umoci" unpack --image "$cache/$name:latest" "$work/bundle" > "$work/umoci.log" 2>&1 ||
    { cat "$work/umoci.log" >&2; exit 1; }
  root=$work/bundle/rootfs
  # The host's own names for 127.0.0.1; the tree has none.
  cp /etc/hosts "$root/etc/hosts"
  # A mount and a pid namespace of its own: what the tests start and mount ends with them.
  # shellcheck disable=SC2016 # expanded by the inner shell
  unshare --mount --pid --fork --kill-child bash -euc '
    mount -t proc proc "$1/proc"
    exec chroot --userspec=20000:20000 "$1" sh -euc "
      cd \"/$3\"
      exec java -XX:+UseSerialGC -Xmx256m -XX:-UsePerfData \
        -cp \"$2.jar:test\" clojure.main -m $2.tests"
  ' bash "$root" "$name" "$home"
}
