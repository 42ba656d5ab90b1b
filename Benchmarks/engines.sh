#!/usr/bin/env bash
# How long it takes from `docker run` to a server's first answer through its published port, against a server that needs
# nothing: in turns, in the container engines of Setup/engines.sh.
#
#   Benchmarks/engines.sh [--runs N] [--engine docker|podman|runc] [--answer URL] [IMAGE [OPTION …]]
#
# IMAGE: oci:FOLDER:TAG, or a tar archive that `docker load` and `podman load` take. OPTIONs are those of docker and podman run; without
# any, the server gets the rights that a thaw needs. URL: http://127.0.0.1:8080/healthz/alive unless told, or sql://127.0.0.1:5432.
# Without an IMAGE, and with runc, only the server that needs nothing is measured: `thaw bench` has the figure of `thaw run`.
# Prints medians, least and most in milliseconds, and the ratio of the medians; N is 20, all engines are tried unless told.
set -euo pipefail

# ---- Inside of the engines' session

# median, least, most of the numbers in a file
summary() {
  sort -n "$1" | awk '{ n[NR] = $1 } END {
    printf "%8.1f %8.1f %8.1f", (n[int((NR + 1) / 2)] + n[int(NR / 2) + 1]) / 2, n[1], n[NR] }'
}

# once ENGINE WHAT COMMAND …: starts, measures, removes
once() {
  local engine=$1 what=$2
  shift 2
  "$folder/first-answer" "$url" "$@" >>"$folder/$engine-$what" 2>"$folder/log" || {
    cat "$folder/log" >&2
    exit 1
  }
  case $engine in
  docker) docker rm --force bench ;;
  podman) podman rm --force --time 0 bench ;;
  runc) runc delete --force bench ;;
  esac >/dev/null
}

# take_image: gives docker and podman the image, by the name bench:image
take_image() {
  case $image in
  '') ;;
  oci:*)
    # Through a registry, for no other way into Docker takes layers in zstd from there.
    printf 'version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: %s\nhttp:\n  addr: 127.0.0.1:5000\n' \
      "$folder/registry" >"$folder/registry.yml"
    docker-registry serve "$folder/registry.yml" >"$folder/registry.log" 2>&1 &
    curl -fsS --retry 20 --retry-connrefused --retry-delay 1 -o /dev/null http://127.0.0.1:5000/v2/ 2>/dev/null
    skopeo copy --quiet --dest-tls-verify=false "$image" docker://127.0.0.1:5000/bench:image
    docker pull --quiet 127.0.0.1:5000/bench:image
    docker tag 127.0.0.1:5000/bench:image bench:image
    podman pull --quiet --tls-verify=false 127.0.0.1:5000/bench:image
    podman tag 127.0.0.1:5000/bench:image bench:image
    kill %1
    ;;
  *)
    docker tag "$(docker load --quiet --input "$image" | sed 's/^Loaded image[^:]*: //')" bench:image
    podman tag "$(podman load --quiet --input "$image" | sed 's/^Loaded image[^:]*: //')" bench:image
    ;;
  esac >/dev/null
}

inside() {
  folder=$1 runs=$2 url=$3 image=$4
  local engines=() options engine turn port=${url##*:}
  read -r -a engines <<<"$5"
  options=("${@:6}")
  port=${port%%/*}
  for engine in docker podman; do
    tar -C "$folder/rootfs" -c . |
      "$engine" import --change 'ENTRYPOINT ["/hello"]' --change 'USER 20000:20000' - hello:1 >/dev/null 2>&1
  done
  take_image
  (cd "$folder" && runc spec && jq --arg port "$port" '.process.terminal = false | .process.args = ["/hello", $port]
    | .process.user = { uid: 20000, gid: 20000 } | .linux.namespaces |= map(select(.type != "network"))' config.json >c &&
    mv c config.json)

  printf '%-8s %-8s %8s %8s %8s %8s\n' engine server median least most ratio
  for engine in "${engines[@]}"; do
    # The first start of an engine brings in what it is made of, and does not count.
    for ((turn = 0; turn <= runs; turn++)); do
      if [ "$engine" = runc ]; then
        once runc hello runc run --detach --bundle "$folder" bench
        continue
      fi
      once "$engine" hello "$engine" run -d --name bench "${options[@]}" -p "$port:$port" hello:1 "$port"
      [ -z "$image" ] || once "$engine" image "$engine" run -d --name bench "${options[@]}" -p "$port:$port" bench:image
    done
    local base='' what figures
    for what in hello image; do
      [ -e "$folder/$engine-$what" ] || continue
      sed -i 1d "$folder/$engine-$what"
      figures=$(summary "$folder/$engine-$what")
      base=${base:-$(awk '{ print $1 }' <<<"$figures")}
      awk -v e="$engine" -v w="$what" -v b="$base" '{ printf "%-8s %-8s %s %8.2f\n", e, w, $0, $1 / b }' <<<"$figures"
    done
  done
}

if [ "${1:-}" = --inside ]; then
  inside "${@:2}"
  exit
fi

# ---- Outside

cd "$(dirname "${BASH_SOURCE[0]}")/.."
here=$PWD
runs=20 wanted='' url=http://127.0.0.1:8080/healthz/alive
while [ $# -gt 0 ]; do
  case $1 in
  --runs) runs=$2 && shift 2 ;;
  --engine) wanted+="$2 " && shift 2 ;;
  --answer) url=$2 && shift 2 ;;
  -h | --help) sed -n '2,/^set/s/^# \{0,1\}//p' "$0" | sed '$d' && exit ;;
  *) break ;;
  esac
done
image=${1:-}
options=("${@:2}")
[ "${#options[@]}" -gt 0 ] || options=(--cap-drop ALL --cap-add CHECKPOINT_RESTORE
  --security-opt no-new-privileges --security-opt "seccomp=$here/Images/seccomp.json")

# On the disk, as the engines' images are; the image, too, since only this folder is seen inside.
folder=$(mktemp -d "${TMPDIR:-/var/tmp}/thaw-engines-XXXXXX")
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
mkdir -p "$folder/rootfs/tmp"
cc -static -O2 -o "$folder/first-answer" Benchmarks/engines/first-answer.c
cc -static -O2 -o "$folder/rootfs/hello" Benchmarks/engines/hello.c
case $image in
'') ;;
oci:*)
  path=${image#oci:}
  cp -a "${path%:*}" "$folder/oci"
  image=oci:$folder/oci:${path##*:}
  ;;
*)
  cp "$image" "$folder/image.tar"
  image=$folder/image.tar
  ;;
esac
Setup/engines.sh "$folder" "$here/Benchmarks/engines.sh" --inside "$folder" "$runs" "$url" "$image" \
  "${wanted:-docker podman runc}" "${options[@]}" </dev/null
