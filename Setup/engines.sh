#!/usr/bin/env bash
# Serves Docker, podman and containerd of today from the tree that Setup/tree.sh makes, in namespaces of their own.
#   Setup/engines.sh FOLDER                serves until its input ends; says "ready" when the engines answer
#   Setup/engines.sh FOLDER COMMAND …      the same for the time of one command, which runs inside
# While it serves, FOLDER/inside COMMAND … runs a command inside, as often as one likes.
#
# FOLDER, which must not be an overlay, keeps the engines' images and logs; it can be served again, or removed.
# Inside are a network of its own (no way out), processes, mounts, and control groups below the caller's. Of this machine, FOLDER,
# this checkout and $THAW_CACHE are visible, at their paths. When it ends, so does all that runs inside, and nothing is left.
set -euo pipefail

# ---- Inside: the first process sets up, starts the engines, serves.

# show PATH …: makes folders of this machine visible below the current folder
show() {
  local path
  for path; do
    mkdir -p ".$path"
    mount --rbind "$path" ".$path"
  done
}

# mount_groups: mounts all control groups anew: each hierarchy then begins at the session's own group
mount_groups() {
  local names
  mount -t tmpfs -o mode=755 tmpfs sys/fs/cgroup
  while IFS=: read -r _ names _; do
    case $names in
    "") mkdir sys/fs/cgroup/unified && mount -t cgroup2 cgroup2 sys/fs/cgroup/unified ;;
    name=*) mkdir "sys/fs/cgroup/${names#name=}" &&
      mount -t cgroup -o "none,$names" cgroup "sys/fs/cgroup/${names#name=}" ;;
    *) mkdir "sys/fs/cgroup/$names" && mount -t cgroup -o "$names" cgroup "sys/fs/cgroup/$names" ;;
    esac
  done </proc/self/cgroup
}

# keep FOLDER PATH …: has what an engine keeps at PATH lie in FOLDER, on the disk
keep() {
  local folder=$1 path
  shift
  for path; do
    mkdir -p "$folder/kept$path" "$path"
    mount --bind "$folder/kept$path" "$path"
  done
}

# start FOLDER NAME COMMAND …: starts an engine and waits until it says that it is ready
start() {
  local log=$1/$2.log
  shift 2
  # shellcheck disable=SC2016 # the inner shell expands them
  timeout 60 systemd-notify --fork -- sh -c 'exec "$@" >"$0" 2>&1' "$log" "$@" >/dev/null && return
  tail -n 20 "$log" >&2
  echo "Setup/engines.sh: $1 did not start (above)" >&2
  exit 1
}

inside() {
  local folder=$1 tree=$2 checkout=$3 cache=$4 first
  shift 4
  # The mounted /proc is still this machine's, and tells our number there.
  read -r first _ </proc/self/stat
  echo "exec nsenter --target $first --mount --net --pid --cgroup --uts --ipc -- \"\$@\"" >>"$folder/inside"
  # The tree stays as it is: what changes lies in memory or in FOLDER.
  mount -t tmpfs -o mode=755 tmpfs /mnt
  mkdir /mnt/upper /mnt/work /mnt/root
  mount -t overlay -o "lowerdir=$tree,upperdir=/mnt/upper,workdir=/mnt/work" overlay /mnt/root
  cd /mnt/root
  mount -t proc proc proc
  mount -t sysfs sysfs sys
  mount --rbind /dev dev
  mount_groups
  mount -t tmpfs -o mode=755 tmpfs run
  mount -t tmpfs tmpfs tmp
  show "$folder" "$checkout" "$cache"
  mkdir old
  pivot_root . old
  cd /
  umount -l /old
  rmdir /old
  ip link set lo up
  hostname engines
  export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8
  export PODMAN_IGNORE_CGROUPSV1_WARNING=1

  # No systemd is here to make control groups, and crun refuses hierarchies of both versions.
  printf '[engine]\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\nruntime = "runc"\n' \
    >/etc/containers/containers.conf
  keep "$folder" /var/lib/docker /var/lib/containerd /var/lib/containers
  start "$folder" containerd containerd
  start "$folder" docker dockerd --containerd /run/containerd/containerd.sock
  chmod +x "$folder/inside"
  if [ $# -gt 0 ]; then
    "$@"
  else
    echo ready
    cat >/dev/null
  fi
}

# ---- Outside: namespaces and control groups, and their end.

# groups NAME: the paths of NAME below each control group of this process
groups() {
  local names path
  while IFS=: read -r _ names path; do
    names=${names:-unified}
    echo "/sys/fs/cgroup/${names#name=}${path%/}/$1"
  done </proc/self/cgroup
}

# make_groups NAME: makes them; one of cpuset is of no use before it has what its parent has
make_groups() {
  local group file old
  while IFS= read -r group; do
    # Those of a session that was killed before it could end are swept.
    for old in "${group%-*}"-*; do
      [ ! -d "$old" ] || [ -d "/proc/${old##*-}" ] || find "$old" -depth -type d -exec rmdir {} +
    done
    mkdir "$group"
    for file in "$group"/cpuset.{cpus,mems}; do
      [ ! -e "$file" ] || cat "${group%/*}/${file##*/}" >"$file"
    done
  done < <(groups "$1")
}

# remove_groups NAME: removes them with all below
# shellcheck disable=SC2317 # called at the end
remove_groups() {
  local group
  while IFS= read -r group; do
    [ ! -d "$group" ] || find "$group" -depth -type d -exec rmdir {} +
  done < <(groups "$1")
}

if [ "${1:-}" = --inside ]; then
  shift
  inside "$@"
  exit
fi
if [ $# = 0 ] || [ ! -d "$1" ]; then
  echo "usage: Setup/engines.sh FOLDER [COMMAND …]" >&2
  exit 64
fi

folder=$(realpath "$1")
shift
checkout=$(realpath "$(dirname "${BASH_SOURCE[0]}")/..")
cache=$(realpath "${THAW_CACHE:-/var/cache/thaw}")
"$checkout/Setup/tree.sh" engines "$cache/engines"

# Descriptors that a caller leaked are none of the engines' business.
for descriptor in /proc/self/fd/*; do
  number=${descriptor##*/}
  if [ "$number" -gt 2 ] && [ "$number" -ne 255 ]; then eval "exec $number>&-" 2>/dev/null || true; fi
done

# Held until the session ends: the tree is not replaced meanwhile.
exec 9>"$cache/engines.lock"
flock --shared 9

name=engines-of-thaw-$$
make_groups "$name"
{
  echo '#!/bin/sh'
  echo '# Runs a command inside. Setup/engines.sh wrote this, and removes it when it ends.'
  groups "$name" | sed "s|.*|echo \$\$ >&/cgroup.procs|"
  echo 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8'
  echo 'export PATH HOME LANG PODMAN_IGNORE_CGROUPSV1_WARNING=1'
} >"$folder/inside"

session=
# shellcheck disable=SC2317 # called at the end
end() {
  # With the first process go all others. It is the only child of unshare, which waits for it.
  [ -z "$session" ] || xargs -r kill -KILL <"/proc/$session/task/$session/children" || true
  wait
  remove_groups "$name"
  rm -f "$folder/inside"
}
trap end EXIT
trap 'exit 143' TERM INT HUP

{
  while IFS= read -r group; do echo "$BASHPID" >"$group/cgroup.procs"; done < <(groups "$name")
  exec unshare --mount --propagation private --net --pid --cgroup --uts --ipc --fork --kill-child \
    "${BASH_SOURCE[0]}" --inside "$folder" "$cache/engines" "$checkout" "$cache" "$@"
} <&0 9>&- &
session=$!
status=0
wait "$session" || status=$?
session=
exit "$status"
