#!/bin/bash
# Growth with the heap: a small Java server holds 64 MB, 256 MB, 1 GB and 4 GB of live objects with checksums; each is
# frozen, then thawed and restored by CRIU in turns. Prints the figures as JSON lines, for `thaw bench --from`.
# Usage: Benchmarks/growth.sh [THAW [RUNS [MEGABYTES...]]]
set -euo pipefail
cd "$(dirname "$0")/.."

thaw=${1:-.build/release/thaw}
runs=${2:-20}
shift $(($# < 2 ? $# : 2))
[ $# -gt 0 ] || set -- 64 256 1024 4096

root=$(mktemp -d "${TMPDIR:-/var/tmp}/thaw-growth.XXXXXX")
trap 'rm -rf "$root"' EXIT
# The server's user reads its classes there.
chmod 755 "$root"
javac -d "$root/classes" Benchmarks/growth/Heap.java

for size; do
  name=heap-$size
  # A heap of a fixed size: what is free in it is zero, and costs nothing.
  "$thaw" --root "$root/state" freeze --name "$name" --ready http://127.0.0.1:8080/ --within 300s --user 20000:20000 \
    --workdir "$root" -- \
    java -XX:+UseSerialGC "-Xms$((size * 5 / 4 + 64))m" "-Xmx$((size * 5 / 4 + 64))m" -XX:-UsePerfData -Xshare:auto \
    -Djava.net.preferIPv4Stack=true -cp classes Heap "$size" >&2
  "$thaw" --root "$root/state" bench --json --runs "$runs" --way hot "$name" 2>/dev/null
  # CRIU copies gigabytes: fewer runs tell enough.
  "$thaw" --root "$root/state" bench --json --runs $((runs < 5 ? runs : 5)) --way criu "$name" 2>/dev/null
  "$thaw" --root "$root/state" rm "$name" >&2
done
