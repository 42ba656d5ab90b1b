#!/usr/bin/env bash
# Runs a server of Examples/ through the launcher of the warm tier, without a freeze: exercise, warm-up, park, then main with
# today's arguments and a variable. Once on an empty data folder, and once on what that left. Checks that nothing of the exercise
# stays (listeners, files, data, threads that would keep the JVM alive), and prints times and memory.
#   Benchmarks/parked.sh ledger|xtdb1
# Needs root, the image ($THAW_CACHE/NAME), the bundle with its launcher (make build), ip, ss, curl, psql, python3.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${THAW_CACHE:-/var/cache/thaw}
name=${1:?usage: Benchmarks/parked.sh ledger|xtdb1}
case $name in
ledger) home=/usr/local/lib/ledger data=/var/lib/ledger arguments=(-f config.yaml) variable=LEDGER_LOG=debug ;;
xtdb1) home=/usr/local/lib/xtdb data=/var/lib/xtdb arguments=(-f config.edn) variable=XTDB_LOGGING_LEVEL=debug ;;
*) echo "usage: Benchmarks/parked.sh ledger|xtdb1" >&2 && exit 64 ;;
esac

die() { echo "parked.sh: $*" >&2; tail -n 30 "$log" >&2; exit 1; }
now() { date +%s%N; }
since() { echo $((($(now) - $1) / 1000000)); }

sql() { PGPASSWORD=ledger psql -X -q -h 127.0.0.1 -U ledger -v ON_ERROR_STOP=1 "$@" ledger; }
ask() { curl --fail --silent --output /dev/null "http://127.0.0.1:3000/_xtdb/$1" "${@:2}"; }
ready() { curl --fail --silent --output /dev/null http://127.0.0.1:8080/healthz/ready; }

first_answer() {
  case $name in
  ledger) sql -c 'SELECT 1' >/dev/null 2>&1 ;;
  xtdb1) ask query --data-binary '{:query {:find [e] :where [[e :xt/id :thaw/nothing]]}}' ;;
  esac
}

# A little of the recipe's warm-up.
warm_up() {
  for _ in {1..12}; do
    case $name in
    ledger)
      sql -f "$root/Recipes/ledger/warm-up.sql" >/dev/null
      curl --fail --silent --output /dev/null http://127.0.0.1:3000/ --next --fail --silent --output /dev/null \
        http://127.0.0.1:3000/api/balances
      ;;
    xtdb1)
      ask submit-tx --data-binary '{:tx-ops [[:xtdb.api/put {:xt/id :thaw/ada :thaw/name "Ada" :thaw/likes #{:thaw/alan}}]]}'
      ask 'sync?timeout=20000'
      for _ in {1..5}; do
        ask query --data-binary '{:query {:find [n m] :where [[e :thaw/name n] [e :thaw/likes m]] :order-by [[n :asc]] :limit 5}}'
        ask 'entity?eid-edn=:thaw/ada'
      done
      ;;
    esac
    ready
  done
}

# What makes the second start one on data.
fill() {
  # shellcheck disable=SC2016 # H2's quotes
  case $name in
  ledger) sql -c 'CREATE TABLE big AS SELECT "X" AS id, concat($$row $$, "X") AS text FROM generate_series(1, 100000)' ;;
  xtdb1)
    for part in {1..20}; do
      python3 -c 'import sys; print("{:tx-ops [", *("[:xtdb.api/put {:xt/id %d :n \"name %d\"}]" % (int(sys.argv[1]) * 100 + i, i)
        for i in range(100)), "]}")' "$part" | ask submit-tx --data-binary @-
    done
    ask 'sync?timeout=30000'
    ;;
  esac
}

memory() { awk '/^(VmRSS|RssAnon)/ { printf "%s %d MB  ", $1, $2 / 1024 }' "$tree/proc/$server/status"; }
jcmd() { chroot --userspec=20000:20000 "$tree" env -i PATH=/usr/local/bin:/usr/bin sh -c 'cd /tmp; jcmd "$@"' sh "$server" "$@"; }

# texts WORD...: each ended by a NUL
texts() { printf '%s\0' "$@"; }

check_parked() {
  local left
  left=$(ss -ltnH | head -n 3)
  [[ -z $left ]] || die "it listens: $left"
  left=$(find "$tree/tmp" "$tree$data" ! -type d ! -type s)
  [[ -z $left ]] || die "files stay: $left"
  left=$(readlink "$tree/proc/$server/fd/"* | grep -F -e "$data" -e /exercise -e /dev/shm || true)
  [[ -z $left ]] || die "files are open: $left"
  left=$(jcmd Thread.print | grep '^"' | grep -Ev ' daemon |^"main"|^"VM |^"G1 |^"GC ' || true)
  [[ -z $left ]] || die "threads stay: $left"
}

# round TITLE: one JVM from its start to its end
round() {
  local folder=$tree/dev/shm/thaw fifo started status=0
  log=$work/$1.log
  mkdir "$folder"
  cp "$root/Recipes/$name/exercise.clj" "$folder/"
  for fifo in close parked main; do mkfifo "$folder/$fifo"; done
  chown -R 20000:20000 "$folder"
  started=$(now)
  # shellcheck disable=SC2016 # expanded by the inner shell
  chroot --userspec=20000:20000 "$tree" env -i PATH=/usr/bin:/bin LANG=C.UTF-8 MALLOC_MMAP_THRESHOLD_=33554432 \
    MALLOC_TRIM_THRESHOLD_=33554432 sh -c 'cd "$0" && exec "$@"' "$home" java "${flags[@]}" >"$log" 2>&1 &
  server=$!
  until ready; do kill -0 "$server" 2>/dev/null || die "it ended"; done
  echo "$1: loaded and exercised in $(since "$started") ms"
  warm_up
  started=$(now)
  timeout 30 sh -c ": >'$folder/close'; : <'$folder/parked'" || die "it does not park"
  echo "$1: closed in $(since "$started") ms"
  jcmd GC.run >/dev/null && jcmd GC.run >/dev/null && jcmd System.trim_native_heap >/dev/null
  echo "$1: parked, $(memory)"
  [[ $1 == existing ]] || check_parked
  [[ $1 != existing ]] || cp -a "$work/data/." "$tree$data/"
  texts 1 "$home" "${#arguments[@]}" "${arguments[@]}" 4 PATH=/usr/bin:/bin LANG=C.UTF-8 TZ=Europe/Berlin \
    "$variable" >"$folder/main.request"
  chown 20000:20000 "$folder/main.request"
  started=$(now)
  timeout 10 sh -c ": >'$folder/main'" || die "nobody waits for main"
  until curl --silent --output /dev/null http://127.0.0.1:8080/healthz/alive; do kill -0 "$server" 2>/dev/null || die "it ended"; done
  echo "$1: alive $(since "$started") ms after the request"
  until first_answer; do kill -0 "$server" 2>/dev/null || die "it ended"; done
  echo "$1: first answer $(since "$started") ms after the request"
  until ready; do kill -0 "$server" 2>/dev/null || die "it ended"; done
  echo "$1: ready $(since "$started") ms after the request, $(memory)"
  grep -q DEBUG "$log" || die "$variable had no effect"
  [[ $name != ledger || $(sql -Atc 'SELECT extract(TIMEZONE_HOUR FROM CURRENT_TIMESTAMP)') == [12] ]] || die "TZ had no effect"
  [[ ! -e $folder/main.request ]] || die "the request is still there"
  [[ $1 == existing ]] || fill
  kill -TERM "$server"
  wait "$server" || status=$?
  [[ $status == 143 ]] || die "it ended with status $status"
  [[ $1 == existing ]] || cp -a "$tree$data" "$work/data"
  rm -rf "$folder" "${tree:?}$data"/*
}

inside() {
  work=$1 tree=$1/bundle/rootfs
  local folder
  mount -t proc proc "$tree/proc"
  for folder in /tmp "$data" /dev; do mount -t tmpfs -o mode=1777 tmpfs "$tree$folder"; done
  for folder in null urandom random; do
    touch "$tree/dev/$folder"
    mount --bind "/dev/$folder" "$tree/dev/$folder"
  done
  mkdir "$tree/dev/shm"
  ip link set lo up
  mkdir -p "$tree/usr/local/lib/thaw"
  cp "$cache/bundle/launcher/launcher.jar" "$tree/usr/local/lib/thaw/"
  mapfile -t flags < <(python3 - "$work/bundle/config.json" "$name" <<'PYTHON'
import json, sys
words = json.load(open(sys.argv[1]))["process"]["args"]
words = words[1:words.index("clojure.main")]
words[words.index("-cp") + 1] += ":/usr/local/lib/thaw/launcher.jar"
for package in ("java.lang", "java.util", "java.util.concurrent", "java.net"):
    print("--add-opens=java.base/%s=ALL-UNNAMED" % package)
print("-Dthaw.launch=/dev/shm/thaw", "-Dthaw.exercise=/dev/shm/thaw/exercise.clj", *words, sep="\n")
print("thaw.Launcher", "clojure.main", "-m", sys.argv[2] + ".main", sep="\n")
PYTHON
  )
  round empty
  round existing
}

if [[ ${2:-} == inside ]]; then
  inside "$3"
  exit
fi
[[ $EUID == 0 ]] || { echo "parked.sh: must be run as root" >&2; exit 1; }
work=$(mktemp -d "$cache/.parked-XXXXXX")
trap 'rm -rf "$work"' EXIT
"$cache/bundle/tools/umoci" unpack --image "$cache/$name:latest" "$work/bundle" >"$work/umoci.log" 2>&1 ||
  { cat "$work/umoci.log" >&2; exit 1; }
cp /etc/hosts "$work/bundle/rootfs/etc/hosts"
# In namespaces of its own, where the server's ports are free.
unshare --mount --pid --net --fork --kill-child bash "${BASH_SOURCE[0]}" "$name" inside "$work"
