#!/usr/bin/env bash
# Builds the ledger's image as an OCI image layout: $THAW_CACHE/ledger, tag "latest". How: ../clojure/image.sh.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
name=ledger title=ledger user=ledger data=/var/lib/ledger main=ledger.main
contents=(src resources test config.yaml)
command=(-f config.yaml)
ports=(5432 8080 3000)
environment=()
# Chosen for a small memory image (Recipes/ledger/recipe.yaml says why each).
jvm_flags=(
  -XX:+UseSerialGC -Xms24m -Xmx256m -XX:MaxDirectMemorySize=64m
  -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=20 -XX:-ShrinkHeapInSteps
  -XX:-UsePerfData -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0
  -Djava.io.tmpdir=/tmp -Djava.net.preferIPv4Stack=true -Dfile.encoding=UTF-8
)

# All are Debian's.
find_libraries() { :; }

collect_libraries() {
  local tree=$1 name target
  while read -r name; do
    # Debian's names are links, some of them through /etc/alternatives: resolve inside of the tree.
    # shellcheck disable=SC2016 # expanded by the inner shell; a name may be a pattern
    target=$(chroot "$tree" sh -c 'readlink -f /usr/share/java/$1.jar | head -n 1' sh "$name")
    [[ -f $tree$target ]] || die "no library $name.jar in Debian's packages"
    cp "$tree$target" "$tree/$home/lib/${name%-2\*}.jar"
  done < <(words jar)
}

ready() { curl --fail --silent --output /dev/null http://127.0.0.1:8080/healthz/ready && sql -c 'SELECT 1' > /dev/null; }

sql() { PGPASSWORD=ledger psql -X -q -h 127.0.0.1 -U ledger -v ON_ERROR_STOP=1 "$@" ledger; }

get() { curl --fail --silent --show-error "http://127.0.0.1:$1"; }

train() {
  local path
  sql -f "$here/../../Recipes/ledger/warm-up.sql" > /dev/null
  # Described: the messages of the extended protocol.
  printf '%s\n' 'SELECT * FROM balances WHERE code = '\''1000'\'' \gdesc' 'SELECT count(*), max(amount) FROM journal \gdesc' | sql
  sql -c '\d accounts' -c '\dt' -c '\l' > /dev/null
  sql -c 'SELECT code, name, balance FROM balances ORDER BY code' -c 'SELECT CAST(1.50 AS NUMERIC(8, 2)), true, NULL, DATE '\''2024-02-29'\'
  PGPASSWORD=ledger psql -X -q -h 127.0.0.1 -U ledger -c 'SELECT nonsense' ledger 2>&1 || true
  curl --fail --silent --show-error --output /dev/null -H 'Content-Type: application/json' http://127.0.0.1:3000/api/transfers \
    -d '{"memo": "sale", "entries": [{"account": "1000", "amount": 119}, {"account": "4000", "amount": -119}]}'
  get 3000/api/balances
  for path in / /journal /tables /query /style.css; do
    get "3000$path" > /dev/null
  done
  for path in alive started ready; do
    get "8080/healthz/$path"
  done
  get 8080/metrics > /dev/null
}
train_with=(sql get)

# shellcheck source=Examples/clojure/image.sh
source "$here/../clojure/image.sh"
build_main "$@"
