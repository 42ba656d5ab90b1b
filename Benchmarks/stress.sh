#!/usr/bin/env bash
# Puts servers under stress that check every byte of their memory, freezes and thaws them through generations, and
# prints what they found.
#
#   Benchmarks/stress.sh [--only PATTERN] [--jobs N] [--generations N] [--root DIR] [SECONDS]
#
# Programs: Tests/Stress. Combinations: JDK 17 or what this machine has, 21 and 25 (Setup/tree.sh jdks) under Serial,
# Parallel, G1 and Shenandoah; and the C program. Each is started, stressed for some seconds, frozen, thawed, stressed for
# SECONDS (60) a generation, and hibernated into the next (3 generations); 2 at a time unless --jobs says otherwise.
# --only takes an extended regular expression, such as '^21 G1$'. Ends with 1 if a byte was wrong or a step failed.
set -euo pipefail

only=. jobs=2 generations=3 root='' seconds=60
here=$(cd "$(dirname "$0")/.." && pwd)
thaw=${THAW_EXECUTABLE:-$here/.build/release/thaw}
jdks=${THAW_JDKS:-${THAW_CACHE:-/var/cache/thaw}/jdks}
while (($#)); do
  case $1 in
    --only) only=$2; shift 2 ;;
    --jobs) jobs=$2; shift 2 ;;
    --generations) generations=$2; shift 2 ;;
    --root) root=$2; shift 2 ;;
    -h | --help) sed -n '2,/^set/s/^# \{0,1\}//p' "$0" | sed '$d'; exit ;;
    *) seconds=$1; shift ;;
  esac
done

work=$(mktemp -d /tmp/thaw-stress.XXXXXX)
state=${root:-$work/state}
finish() {
  local file
  for file in "$work"/*.running; do
    [[ ! -e $file ]] ||
      "$thaw" --root "$state" rm --force --quiet "$(< "$file")" > "$work/end" 2>&1 || true
  done
  [[ -n ${THAW_STRESS_KEEP:-} ]] || rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

# --- programs -----------------------------------------------------------------------------------

mkdir "$work/classes"
javac --release 17 -d "$work/classes" "$here/Tests/Stress/Stress.java"
cc -O2 -pthread -o "$work/stress" "$here/Tests/Stress/stress.c"
# Hard links: CRIU finds no file in an overlay over another.
if [[ -d $jdks ]]; then
  mkdir -p "$work"/tree/{usr,proc,dev,sys,run,tmp}
  for part in bin sbin lib lib64 etc usr/bin usr/lib usr/lib64; do
    [[ ! -e $jdks/$part ]] || cp -al "$jdks/$part" "$work/tree/$part" 2> "$work/none" ||
      cp -a "$jdks/$part" "$work/tree/$part"
  done
  cp -r "$work/classes" "$work/tree/stress"
fi

collector() {
  case $1 in
    Serial) echo -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=20 -XX:-ShrinkHeapInSteps ;;
    Parallel) echo -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=20 ;;
    G1) echo -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=20 -XX:G1PeriodicGCInterval=500 ;;
    Shenandoah)
      echo -XX:+UnlockExperimentalVMOptions -XX:ShenandoahUncommitDelay=500 \
        -XX:ShenandoahGuaranteedGCInterval=1000
      ;;
  esac
}

# What starts the server of a combination.
words() {
  local jdk=$1 gc=$2 java=java classes=$work/classes
  if [[ $jdk == C ]]; then
    echo "$work/stress 8080"
    return
  fi
  if [[ $jdk != own ]]; then
    java=/usr/lib/jvm/java-$jdk-openjdk-amd64/bin/java classes=/stress
  fi
  echo "$java -XX:+Use${gc}GC $(collector "$gc") -Xms16m -Xmx96m -XX:MaxDirectMemorySize=64m" \
    "-XX:-UsePerfData -cp $classes Stress 8080"
}

recipe() {
  local folder=$1 hold=$2
  shift 2
  mkdir -p "$folder"
  cat > "$folder/recipe.yaml" << YAML
recipe: 1
name: stress
server: {command: [$(printf '"%s", ' "$@")]}
ports: [8080]
ready: {within: 120s, probes: [{http: {port: 8080, path: /check}}]}
warm-up: {steps: [{http: {port: 8080, path: /run/3}}]}
before-freeze: [$hold]
YAML
}

# --- one combination ----------------------------------------------------------------------------

# HTTP status and text of an answer, in one line.
ask() { curl -sS --max-time $((seconds + 60)) -w '\n%{http_code}' "http://127.0.0.1:$1$2" 2>&1 | tr '\n' ' '; }

line() { printf '%-16s %3s %10s %8s %9s %8s  %s\n' "$@"; }

# What the stress has done since the thaw, or the first error.
stress() {
  local combination=$1 generation=$2 port=$3 milliseconds=$4 copied=$5 before after
  before=$(ask "$port" /check | sed -n 's/^ok \([0-9]*\) .*/\1/p')
  after=$(ask "$port" "/run/$seconds")
  if [[ $after == "ok "* && -n $before ]]; then
    local rounds
    rounds=$(sed -n 's/^ok \([0-9]*\) .*/\1/p' <<< "$after")
    line "$combination" "$generation" $((rounds - before)) 0 "$milliseconds" "$copied" ''
  else
    line "$combination" "$generation" - 1 "$milliseconds" "$copied" "${after:0:300}"
    return 1
  fi
}

combination() {
  local number=$1 jdk=$2 gc=$3 port=$((18100 + $1)) name="stress-$1" options=() hold='' generation
  [[ $jdk == C ]] || hold="{http: {port: 8080, path: /hold}}"
  [[ $jdk == C || $jdk == own ]] || options=(--image "rootfs:$work/tree")
  # shellcheck disable=SC2046 # words
  recipe "$work/recipe-$number" "$hold" $(words "$jdk" "$gc")
  echo "$name" > "$work/$number.running"
  if ! "$thaw" --root "$state" freeze --name "$name-1" --recipe "$work/recipe-$number" \
    "${options[@]}" > "$work/$number.log" 2>&1; then
    line "$jdk $gc" 0 - 1 - - "freeze: $(grep -m 1 '^error' "$work/$number.log")"
    return 1
  fi
  for ((generation = 1; generation <= generations; generation++)); do
    if ! "$thaw" --root "$state" run -d --rm --name "$name" -p "127.0.0.1:$port:8080" \
      "$name-$generation" > "$work/$number.log" 2>&1 || ! grep -q ', hot' "$work/$number.log"; then
      line "$jdk $gc" "$generation" - 1 - - "run: $(tail -n 1 "$work/$number.log")"
      return 1
    fi
    stress "$jdk $gc" "$generation" "$port" \
      "$(sed -n 's/.* answers after \([^,]*\),.*/\1/p' "$work/$number.log" | tail -n 1)" \
      "$("$thaw" --root "$state" inspect --json "$name-$generation" |
        sed -n 's/.*"copied":\([0-9]*\).*/\1/p' | head -n 1)" || return 1
    if ((generation < generations)); then
      [[ -z $hold ]] || ask "$port" /hold > "$work/$number.held"
      if ! "$thaw" --root "$state" hibernate --name "$name-$((generation + 1))" "$name" \
        > "$work/$number.log" 2>&1; then
        line "$jdk $gc" "$generation" - 1 - - "hibernate: $(grep -m 1 '^error' "$work/$number.log")"
        return 1
      fi
    fi
  done
  "$thaw" --root "$state" stop "$name" > "$work/$number.log" 2>&1
}

line combination gen rounds errors thaw copied ''
number=0 failures=0
for jdk in own 21 25; do
  [[ $jdk == own || -d $work/tree ]] || { echo "JDK $jdk: left out, Setup/tree.sh jdks makes it"; continue; }
  for gc in Serial Parallel G1 Shenandoah; do
    [[ "$jdk $gc" =~ $only ]] && echo "$jdk $gc"
  done
done > "$work/list"
if [[ "C program" =~ $only ]]; then echo "C program" >> "$work/list"; fi
while read -r jdk gc; do
  while (($(jobs -pr | wc -l) >= jobs)); do wait -n || failures=$((failures + 1)); done
  number=$((number + 1))
  combination "$number" "$jdk" "$gc" < /dev/null &
done < "$work/list"
while (($(jobs -pr | wc -l))); do wait -n || failures=$((failures + 1)); done
echo "$number combinations, $failures failed"
((failures == 0))
