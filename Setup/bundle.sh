#!/usr/bin/env bash
# Makes the bundle: CRIU, runc, skopeo and umoci of Debian forky with their libraries and loader, in a
# folder of their own. They run on any x86-64 Linux, whatever its C library; the host's own release
# stays as it is.
#   Setup/bundle.sh [FOLDER]        default: $THAW_CACHE/bundle, THAW_CACHE default: /var/cache/thaw
#
#   criu/criu, criu/compel, criu/lib/      started through its loader, so that the folder can be copied anywhere
#   tools/runc, skopeo, umoci, tools/lib/
set -euo pipefail

cache=${THAW_CACHE:-/var/cache/thaw}
bundle=${1:-$cache/bundle}
packages=criu,runc,skopeo,umoci
key=$(cat "${BASH_SOURCE[0]}" - <<<"$packages $bundle" | sha256sum | cut -c1-16)

[ "$(cat "$bundle/key" 2>/dev/null)" != "$key" ] || exit 0

echo "Making the bundle of CRIU, runc, skopeo and umoci from Debian forky: $bundle" >&2
mkdir -p "$cache" "$(dirname "$bundle")"
work=$(mktemp -d "$(dirname "$bundle")/.bundle-XXXXXX")
trap 'rm -rf "$work"' EXIT

if ! mmdebstrap --aptopt='Acquire::Check-Valid-Until "false"' --variant=extract \
  --include="$packages" forky "$work/tree" >"$work/log" 2>&1; then
  tail -n 20 "$work/log" >&2
  echo "Setup/bundle.sh: mmdebstrap failed (above): are Debian's packages reachable?" >&2
  exit 1
fi

libraries=$work/tree/usr/lib/x86_64-linux-gnu
loader=$work/tree/usr/lib64/ld-linux-x86-64.so.2

# libraries_of PROGRAM: the files in the tree that it loads, one a line
libraries_of() {
  "$loader" --library-path "$libraries" --list "$1" | awk '$2 == "=>" && $3 ~ "^/" { print $3 }'
}

mkdir -p "$work/new/criu/lib" "$work/new/tools/lib"
cp -L "$loader" "$work/new/criu/lib/"
cp -L "$loader" "$work/new/tools/lib/"

for program in usr/sbin/criu usr/bin/compel; do
  cp -L "$work/tree/$program" "$work/new/criu/"
  libraries_of "$work/tree/$program" | xargs -I {} cp -nL {} "$work/new/criu/lib/"
done

# runc starts itself through /proc/self/exe, which would name the loader: it gets the loader's path
# written into it instead, and skopeo and umoci likewise.
for tool in runc skopeo umoci; do
  cp -L "$work/tree/usr/bin/$tool" "$work/new/tools/$tool"
  libraries_of "$work/tree/usr/bin/$tool" | xargs -I {} cp -nL {} "$work/new/tools/lib/"
  patchelf --set-interpreter "$bundle/tools/lib/ld-linux-x86-64.so.2" \
    --force-rpath --set-rpath "$bundle/tools/lib" "$work/new/tools/$tool"
done

chmod -R u+w,go-w,a+rX "$work/new"
echo "$key" >"$work/new/key"
rm -rf "$bundle"
mv "$work/new" "$bundle"
"$bundle/tools/runc" --version >/dev/null
"$bundle/criu/lib/ld-linux-x86-64.so.2" --library-path "$bundle/criu/lib" \
  "$bundle/criu/criu" --version >/dev/null
