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
for module in "${modules[@]}"; do
  log=$(mktemp)
  timeout --kill-after=10 1200 swift test --skip-build --disable-xctest --filter "^$module\\." >"$log" 2>&1
  status=$?
  grep -E '✘|skipped|Test run with|error:|Fatal' "$log" | grep -v '◇' || true
  count=$(sed -n 's/.*Test run with \([0-9]*\) tests\{0,1\} .*/\1/p' "$log" | tail -n 1)
  if [ "$status" = 0 ] && [ "${count:-0}" -gt 0 ]; then
    passed=$((passed + count))
    echo "ok      $module: $count tests"
  else
    failed=$((failed + 1))
    echo "FAILED  $module (status $status)"
    tail -n 60 "$log"
  fi
  rm -f "$log"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
