#!/usr/bin/env bash
# Runs the ledger's own tests in its image.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=Examples/clojure/test.sh
source "$here/../clojure/test.sh"
"$here/image.sh"
run_tests ledger usr/local/lib/ledger
