#!/usr/bin/env bash
# Runs the tests that are built, module by module: a process that one module's tests leave to their own cannot hold up
# those of another. Fails if any failed, and sums up.
#   Setup/run-tests.sh [MODULE ...]      default: all in Tests/
set -uo pipefail

modules=("$@")
if [ "${#modules[@]}" = 0 ]; then
  for folder in Tests/*Tests; do modules+=("${folder#Tests/}"); done
fi

passed=0
failed=0
# A test holds its thread to the end. Of more tests than threads, all but the first would wait for one with their time
# limits running.
width=(--experimental-maximum-parallelization-width "$(nproc)")

# run NAME OPTION …: the tests that the options choose
run() {
  local name=$1 log status count
  shift
  log=$(mktemp)
  timeout --kill-after=10 1800 swift test --skip-build --disable-xctest "${width[@]}" "$@" >"$log" 2>&1
  status=$?
  grep -E '✘|skipped|Test run with|error:|Fatal' "$log" | grep -v '◇' || true
  count=$(sed -n 's/.*Test run with \([0-9]*\) tests\{0,1\} .*/\1/p' "$log" | tail -n 1)
  if [ "$status" = 0 ] && [ "${count:-0}" -gt 0 ]; then
    passed=$((passed + count))
    echo "ok      $name: $count tests"
  else
    failed=$((failed + 1))
    echo "FAILED  $name (status $status)"
    tail -n 60 "$log"
  fi
  rm -f "$log"
}

# Tests that take minutes hold the few threads that all share, and the time limits of others run on meanwhile: each kind has a
# process of its own.
engines='^EndToEndTests\.(BuiltImage|EngineFiles|History|Situation|StoppedImage)Tests'
machines='^EndToEndTests\.(JavaStress|Launcher|OtherJavaStress|RealServer|Warm|XTDB1)Tests'
for module in "${modules[@]}"; do
  if [ "$module" = EndToEndTests ]; then
    run "$module, container engines" --filter "$engines"
    run "$module, JVMs" --filter "$machines"
    run "$module, all others" --filter "^$module\\." --skip "$engines" --skip "$machines"
  else
    run "$module" --filter "^$module\\."
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
