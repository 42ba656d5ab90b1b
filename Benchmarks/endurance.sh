#!/usr/bin/env bash
# Thaws one checkpoint again and again, and tells failures, times, and what has grown since the first thaw.
#
#   Benchmarks/endurance.sh [--count 200] [--url http://127.0.0.1:8080/] [--root DIR] [--json] CHECKPOINT [RUN OPTION…]
#
# Each round is `thaw run -d`, one question to URL, `thaw stop`. After the first 10 rounds, and after the last, it
# measures what a leak would make grow: processes, mounts, network links, packet filter tables, control groups, runc's
# state, containers' folders, open files and sockets of the whole machine, and the kernel's own memory (Slab,
# Percpu, KernelStack) after its caches were dropped. It ends with 1 if a thaw failed or was cold, or if something that is
# counted grew.
set -euo pipefail

count=200 url='' json='' name='' options=()
thaw=${THAW_EXECUTABLE:-$(dirname "$0")/../.build/release/thaw}
while (($#)); do
  case $1 in
    --count) count=$2; shift 2 ;;
    --url) url=$2; shift 2 ;;
    --root) export THAW_ROOT=$2; shift 2 ;;
    --json) json=1; shift ;;
    -h | --help) sed -n '2,/^set/s/^# \{0,1\}//p' "$0"; exit ;;
    *) if [[ -z $name ]]; then name=$1; else options+=("$1"); fi; shift ;;
  esac
done
[[ -n $name ]] || { sed -n '4p' "$0" >&2; exit 64; }
root=${THAW_ROOT:-/var/lib/thaw}
folder=$(mktemp -d)
trap '"$thaw" stop endurance > "$folder/end" 2>&1 || true; rm -rf "$folder"' EXIT

lines() { wc -l | tr -d ' '; }

# name value, one a line; the first ones are counted exactly, those of memory are in kB.
measure() {
  sync
  { echo 3 > /proc/sys/vm/drop_caches; } 2> "$folder/refused" || true
  echo processes "$(find /proc -maxdepth 1 -regex '/proc/[0-9]+' | lines)"
  echo mounts "$(lines < /proc/self/mountinfo)"
  echo links "$(grep -c thaw /proc/net/dev || true)"
  echo tables "$(nft list tables 2> "$folder/nft" | grep -c thaw || true)"
  echo groups "$(find /sys/fs/cgroup -maxdepth 2 -type d -name 'thaw-*' | lines)"
  echo runc "$(find /run/thaw/runc -mindepth 1 -maxdepth 1 2> "$folder/none" | lines)"
  echo containers "$(find "$root/containers" -mindepth 1 -maxdepth 1 -type d | lines)"
  echo namespaces "$(find /proc/[0-9]*/ns -maxdepth 1 -type l -printf '%l\n' 2> "$folder/gone" \
    | sort -u | lines)"
  echo files "$(cut -f1 /proc/sys/fs/file-nr)"
  echo sockets "$(sed -n 's/sockets: used //p' /proc/net/sockstat)"
  sed -nE 's/^(Slab|SUnreclaim|Percpu|KernelStack): +([0-9]+) kB/\1 \2/p' /proc/meminfo
}

now() { date +%s%N; }

failures=0 cold=0
: > "$folder/times"
for ((round = 1; round <= count; round++)); do
  began=$(now)
  if "$thaw" run -d --rm --name endurance "${options[@]}" "$name" > "$folder/run" 2> "$folder/errors"; then
    echo $((($(now) - began) / 1000)) >> "$folder/times"
    grep -q ', hot' "$folder/run" || { cold=$((cold + 1)); cat "$folder/run" >&2; }
    if [[ -n $url ]] && ! curl -fsS --max-time 10 -o "$folder/answer" "$url" 2> "$folder/errors"; then
      failures=$((failures + 1))
      echo "round $round: $url: $(cat "$folder/errors")" >&2
    fi
    "$thaw" stop endurance > "$folder/stop" 2>&1 || { failures=$((failures + 1)); cat "$folder/stop" >&2; }
  else
    failures=$((failures + 1))
    echo "round $round: $(cat "$folder/errors")" >&2
  fi
  if ((round == 10 || (count < 10 && round == 1))); then measure > "$folder/before"; fi
done
measure > "$folder/after"

sort -n "$folder/times" > "$folder/sorted"
n=$(lines < "$folder/sorted")
at() { ((n)) && sed -n "$(((n - 1) * $1 / 100 + 1))p" "$folder/sorted" || echo 0; }
grown=0
if [[ -z $json ]]; then
  echo "$count thaws of $name: $failures failed, $cold cold"
  printf 'thaw run -d: median %.1f ms, 95 %% %.1f ms, longest %.1f ms\n' \
    "$(at 50)e-3" "$(at 95)e-3" "$(at 100)e-3"
  printf '%-12s %12s %12s %10s\n' "" "after 10" "after $count" growth
fi
while read -r what before _ after; do
  [[ -n $json ]] || printf '%-12s %12s %12s %+10d\n' "$what" "$before" "$after" $((after - before))
  case $what in
    mounts | links | tables | groups | runc | containers)
      ((after <= before)) || grown=1 ;;
  esac
done < <(paste -d ' ' "$folder/before" "$folder/after")
if [[ -n $json ]]; then
  paste -d ' ' "$folder/before" "$folder/after" | awk -v count="$count" -v failures="$failures" \
    -v cold="$cold" -v median="$(at 50)" -v longest="$(at 100)" '
      BEGIN { printf "{\"thaws\": %d, \"failed\": %d, \"cold\": %d, \"median\": %.1f, \"max\": %.1f", \
        count, failures, cold, median / 1000, longest / 1000 }
      { printf ", \"%s\": [%d, %d]", $1, $2, $4 }
      END { print "}" }'
fi
((failures == 0 && cold == 0 && grown == 0))
