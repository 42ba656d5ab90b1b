#!/usr/bin/env bash
# Makes xtdb-standalone:criu-checkpoint: an image of XTDB that starts thawed from a CRIU checkpoint, in Docker, podman,
# containerd or Kubernetes, with one capability instead of privileged mode.
#
#   ./build-with-criu.sh [IMAGE [OPTION ...]]
#
# IMAGE: the base, an image of XTDB 2.x as `thaw build --image` takes it. Without one: that of THAW_XTDB_IMAGE, else the real
# XTDB 1.24.5 of Examples/xtdb1, which is built from its jars. THAW_RECIPE says how the server is started and warmed up: unless told
# `xtdb`, and `xtdb1` without an image.
# OPTIONs go to `thaw build`: --to oci:FOLDER for a machine without Docker and podman, --tag for another name.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${THAW_CACHE:-/var/cache/thaw}
case ${1:-} in
-h | --help)
  sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"
  exit
  ;;
esac
image=${THAW_XTDB_IMAGE:-}
case ${1:--} in
-*) ;;
*)
  image=$1
  shift
  ;;
esac

make -s -C "$here" build
recipe=xtdb
if [ -z "$image" ]; then
  recipe=xtdb1
  "$here/Examples/xtdb1/image.sh"
  image=oci:$cache/xtdb1:latest
fi
tag=(--tag xtdb-standalone:criu-checkpoint)
for option in "$@"; do
  case $option in --tag | --tag=* | -t*) tag=() ;; esac
done
exec "$here/.build/release/thaw" build --recipe "$here/Recipes/${THAW_RECIPE:-$recipe}" --image "$image" "${tag[@]}" "$@"
