#!/usr/bin/env bash
# What `make run` does when all is built: freezes the sample server unless that is done, measures a cold and a thawed
# start, and leaves the thawed server serving on 127.0.0.1.
#   Setup/demonstrate.sh PROGRAM IMAGE
set -euo pipefail

thaw=$1
image=$2
state=${THAW_ROOT:-/var/lib/thaw}

# The checkpoint is made anew when the program, the image or the recipe is another one.
key=$(cat "$thaw" Recipes/ledger/* "$(sed 's/^oci://; s/:[^:]*$//' <<<"$image")/index.json" | sha256sum | cut -c1-16)

# A server of an earlier call is in the way of its own ports.
"$thaw" rm --force --quiet ledger-demo >/dev/null 2>&1 || true

if [ "$(cat "$state/ledger.key" 2>/dev/null)" != "$key" ] || ! "$thaw" inspect ledger >/dev/null 2>&1; then
  echo "Freezing the sample server, a SQL database in Clojure on a JVM (Examples/ledger):" >&2
  "$thaw" freeze --recipe Recipes/ledger --image "$image"
  echo "$key" >"$state/ledger.key"
fi

echo
"$thaw" bench --runs 3 --cold-runs 1 --way cold --way hot --no-throughput ledger
echo
"$thaw" run --detach --name ledger-demo ledger
cat <<'TEXT'

It serves on 127.0.0.1: SQL on 5432, health on 8080, a web console on 3000. Try:

  PGPASSWORD=ledger psql -h 127.0.0.1 -U ledger ledger
  curl http://127.0.0.1:8080/healthz/ready
  curl http://127.0.0.1:3000/
TEXT
cat <<TEXT
  $thaw ps
  $thaw logs ledger-demo
  $thaw stop ledger-demo
  $thaw bench ledger
TEXT
