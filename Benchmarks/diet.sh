#!/bin/bash
# What each means of the diet is worth: freezes the ledger by its recipe, with each means left out alone, and with means
# that were tried and not taken. Prints a Markdown table. Sizes are exact, the trial is one thaw.
# Usage: Benchmarks/diet.sh [THAW [VARIANT...]]; the variants are the names of the functions below.
set -euo pipefail
cd "$(dirname "$0")/.."

thaw=$(realpath "${1:-.build/release/thaw}")
shift $(($# < 1 ? $# : 1))
image=oci:${THAW_CACHE:-/var/cache/thaw}/ledger:latest
folder=$(mktemp -d "${TMPDIR:-/var/tmp}/thaw-diet.XXXXXX")
trap 'rm -rf "$folder"' EXIT
# A freeze that has begun ends first: nothing may be removed under it.
trap 'exit 130' INT
trap 'exit 143' TERM

# --- the variants: each changes $recipe, and fails where it finds nothing to change ---------------

# Runs sed with its arguments on the recipe.
change() {
  cp "$recipe" "$recipe.before"
  sed -E -i "$@" "$recipe"
  if cmp -s "$recipe" "$recipe.before"; then
    echo "diet.sh: the recipe has nothing of '$variant'" >&2
    return 1
  fi
}

flags() { change "s/-XX:-UsePerfData,/&$(printf ' "%s",' "$@")/"; }
environment() { change "s/^( *environment: \{)/\1$1: \"$2\", /"; }

as-is() { :; }
# --- left out
no-collection() { change '/GC\.run/,/within/d'; }
one-collection() { change '0,/GC\.run/{/GC\.run/{N;d}}'; }
no-shrinking() { change 's/-Xms24m/-Xms256m/; s/"-XX:M..HeapFreeRatio=[0-9]+", *//g; s/-XX:-ShrinkHeapInSteps,//'; }
no-trim() { change '/trim_native_heap/,/within/d'; }
relocated-archive() { change 's/-XX:\+UnlockDiagnosticVMOptions, "-XX:ArchiveRelocationMode=0",//'; }
no-requests() { change '/statements: \[SELECT 1\]/,/path: \/\}/{N;d}'; }
no-thresholds() { change 's/MALLOC_(MMAP|TRIM)_THRESHOLD_: "[0-9]+", //g'; }
no-compaction() { change '/echo .SET DB_CLOSE_DELAY/,/rm, .tmp.close/d'; }
nothing() { no-collection; no-shrinking; no-trim; relocated-archive; no-requests; no-thresholds; no-compaction; }
# --- tried
arenas-2() { environment MALLOC_ARENA_MAX 2; }
arenas-4() { environment MALLOC_ARENA_MAX 4; }
arenas-8() { environment MALLOC_ARENA_MAX 8; }
small-stacks() { flags -Xss256k -XX:CompilerThreadStackSize=512 -XX:VMThreadStackSize=256; }
trim-interval() { flags -XX:TrimNativeHeapInterval=500; }
one-code-cache() { flags -XX:-SegmentedCodeCache; }
small-code-cache() { flags -XX:ReservedCodeCacheSize=48m; }
no-class-unloading() { flags -XX:-ClassUnloading; }
long-warm-up() { change 's/repeat: 40/repeat: 160/'; }

all=(as-is nothing no-collection one-collection no-shrinking no-trim relocated-archive no-requests no-thresholds no-compaction
  arenas-2 arenas-4 arenas-8 small-stacks trim-interval one-code-cache small-code-cache no-class-unloading long-warm-up)

# --- measuring --------------------------------------------------------------------------------------

row() {
  "$thaw" --root "$1" inspect --json ledger < /dev/null | jq -r --arg variant "$variant" '
    def megabytes: . / 100000 | round / 10 | tostring | if contains(".") then . else . + ".0" end;
    .manifest as {$contents, $memory, $history}
    | [$variant, ([$contents[].size] | add | megabytes), ($memory.file.pages | megabytes), ($memory.copied | megabytes),
       ($memory.resident | megabytes),
       ([$contents[] | select(.path | endswith(".mv.db")).size] | add | megabytes),
       ($history.trialThaw | round)]
    | "| " + (map(tostring) | join(" | ")) + " |"'
}

echo '| variant | checkpoint, MB | pages in the memory file, MB | copied by CRIU, MB | resident, MB | database, MB | first answer in the trial, ms |'
echo '| --- | --- | --- | --- | --- | --- | --- |'
[ $# -gt 0 ] || set -- "${all[@]}"
for variant; do
  recipe=$folder/$variant/recipe.yaml
  cp -r Recipes/ledger "$folder/$variant"
  # However busy the machine is.
  change 's/within: (180|120)s/within: 900s/'
  "$variant"
  # A folder of its own for each: nothing of one is found by another.
  if "$thaw" --root "$folder/root" freeze --quiet --recipe "$folder/$variant" --image "$image" \
    > "$folder/$variant.log" 2>&1 < /dev/null
  then
    row "$folder/root"
  else
    echo "diet.sh: $variant could not be frozen: $(tail -n 3 "$folder/$variant.log")" >&2
  fi
  rm -rf "$folder/root"
done
