#!/usr/bin/env bash
# Runs the tests of XTDB 1's server in its image.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=Examples/clojure/test.sh
source "$here/../clojure/test.sh"
"$here/image.sh"
run_tests xtdb1 usr/local/lib/xtdb
