#!/usr/bin/env bash
# Builds the ledger's image as an OCI image layout: $THAW_CACHE/ledger, tag "latest".
#
#   image.sh            build what is not there yet; the second call only compares a hash
#   image.sh --print    only say where the image is
#
# Two parts are cached by content: the base (Debian, JDK, libraries), keyed by base.list, and the image, keyed by the
# base and the sources. Both are made in a temporary folder and renamed into place: no half image is ever seen.
# Needs root, mmdebstrap, and umoci (of Thaw's bundle, or in the PATH).
set -euo pipefail
# Descriptors that a caller leaked would be inherited by mmdebstrap's chroot.
exec 10>&- 251>&- || true

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${THAW_CACHE:-/var/cache/thaw}
image=$cache/ledger
home=usr/local/lib/ledger
jre=usr/lib/jvm/java-21-openjdk-amd64
work=

say() { printf 'ledger image: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
words() { sed -n "s/^$1 //p" "$here/base.list"; }

tool() {
  local name=$1
  if [[ -x $cache/bundle/tools/$name ]]; then
    echo "$cache/bundle/tools/$name"
  else
    command -v "$name" || die "needs $name: make the bundle first, or install the package $name"
  fi
}

# --- base: Debian, the JDK, the libraries -----------------------------------------------------

# A launcher for jcmd: the JRE has the module, only the JDK's package (95 MB) has the program.
write_jcmd() {
  cat > "$1/usr/local/bin/jcmd" <<'JCMD'
#!/bin/sh
exec java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -Xmx32m -m jdk.jcmd/sun.tools.jcmd.JCmd "$@"
JCMD
  chmod 755 "$1/usr/local/bin/jcmd"
}

# Both run in mmdebstrap's hook, in the finished tree with its package lists still there.
unpack_without_dependencies() {
  local tree=$1 deb
  shift
  mkdir "$tree/tmp/debs"
  # shellcheck disable=SC2016 # expanded by the inner shell
  chroot "$tree" sh -c 'cd /tmp/debs && apt-get -qq -o APT::Sandbox::User=root download "$@"' sh "$@"
  for deb in "$tree"/tmp/debs/*.deb; do
    chroot "$tree" dpkg --extract "/tmp/debs/${deb##*/}" /
  done
  rm -r "$tree/tmp/debs"
}

# Same mirror and keys as the tree's own release; nothing is installed from it.
add_release() {
  local tree=$1 suite=$2 release=$3
  sed "s/\b$suite\b/$release/g" "$tree/etc/apt/sources.list" > "$tree/etc/apt/sources.list.d/$release.list"
  chroot "$tree" apt-get -qq -o APT::Sandbox::User=root update
}

write_hook() {
  echo 'set -euo pipefail'
  declare -f unpack_without_dependencies add_release
  # shellcheck disable=SC2016 # a line of the hook
  echo 'tree=$1'
  echo "unpack_without_dependencies \"\$tree\" $(words unpack | paste -sd' ')"
  echo "add_release \"\$tree\" $(words suite) $(words older-suite)"
  echo "unpack_without_dependencies \"\$tree\" $(words older | sed "s,\$,/$(words older-suite)," | paste -sd' ')"
  echo "rm \"\$tree/etc/apt/sources.list.d/$(words older-suite).list\""
}

collect_libraries() {
  local tree=$1 name target
  mkdir -p "$tree/$home/lib"
  while read -r name; do
    # Debian's names are links, some of them through /etc/alternatives: resolve inside of the tree.
    # shellcheck disable=SC2016 # expanded by the inner shell; a name may be a pattern
    target=$(chroot "$tree" sh -c 'readlink -f /usr/share/java/$1.jar | head -n 1' sh "$name")
    [[ -f $tree$target ]] || die "no library $name.jar in Debian's packages"
    cp "$tree$target" "$tree/$home/lib/${name%-2\*}.jar"
  done
  rm -rf "$tree/usr/share/java" "$tree/usr/share/maven-repo"
}

trim() {
  local tree=$1
  rm -rf "$tree"/usr/share/{doc,man,info,locale,lintian,bug,gcc,pixmaps,applications,binfmts,debconf} \
    "$tree"/usr/share/{jetty12,perl5,bash-completion,common-licenses} \
    "$tree"/var/lib/apt/lists/* "$tree"/var/cache/* "$tree"/var/log/* "$tree"/tmp/* "$tree"/var/tmp/* \
    "$tree"/usr/lib/x86_64-linux-gnu/gconv "$tree/$jre"/{man,docs,lib/src.zip,legal} \
    "$tree/$jre"/lib/server/classes_nocoops.jsa "$tree"/etc/machine-id
  find "$tree/var/lib/dpkg/info" -name '*.md5sums' -delete
}

add_user() {
  local tree=$1
  chroot "$tree" groupadd --gid 20000 ledger
  chroot "$tree" useradd --uid 20000 --gid 20000 --home-dir "/$home" --no-create-home --shell /usr/sbin/nologin ledger
  install -d -m 0750 -o 20000 -g 20000 "$tree/var/lib/ledger"
}

# A layer of the same content has the same digest: names sorted, times and owners fixed.
pack() {
  tar --create --file "$2" --sort=name --mtime=@0 --numeric-owner --xattrs --format=posix \
    --pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime --directory "$1" .
}

build_base() {
  local layout=$1 tree=$work/tree umoci
  umoci=$(tool umoci)
  command -v mmdebstrap > /dev/null || die "needs mmdebstrap: apt-get install mmdebstrap"
  local install
  install=$(words install | paste -sd,)
  say "base system: Debian $(words suite), JDK 21 and the Clojure libraries (about a minute, once)"
  # As a file: mmdebstrap starts hooks through sh, which drops exported functions.
  write_hook > "$work/hook.sh"
  mmdebstrap --variant=minbase --aptopt='Acquire::Check-Valid-Until "false"' --include="$install" \
    --customize-hook="bash '$work/hook.sh' \"\$1\"" \
    "$(words suite)" "$tree" > "$work/mmdebstrap.log" 2>&1 ||
    { tail -n 30 "$work/mmdebstrap.log" >&2; die "mmdebstrap failed (its last lines are above)"; }
  say "base system: libraries, user, trimming"
  words jar | collect_libraries "$tree"
  write_jcmd "$tree"
  add_user "$tree"
  trim "$tree"
  say "base system: layer of $(du -sm "$tree" | cut -f1) MB"
  pack "$tree" "$work/base.tar"
  "$umoci" init --layout "$layout"
  "$umoci" new --image "$layout:base"
  "$umoci" raw add-layer --image "$layout:base" --history.created_by 'image.sh: base' "$work/base.tar"
  "$umoci" gc --layout "$layout"
  rm -rf "$tree" "$work/base.tar"
}

# --- image: sources, configuration, how it is started -----------------------------------------

# Chosen for a small memory image (Recipes/ledger/recipe.yaml says why each).
jvm_flags=(
  -XX:+UseSerialGC -Xms24m -Xmx256m -XX:MaxDirectMemorySize=64m
  -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=20 -XX:-ShrinkHeapInSteps
  -XX:-UsePerfData -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0
  -Djava.io.tmpdir=/tmp -Djava.net.preferIPv4Stack=true -Dfile.encoding=UTF-8
)

configure() {
  local umoci=$1 layout=$2 word arguments=()
  for word in java "${jvm_flags[@]}" -cp 'src:resources:lib/*' clojure.main -m ledger.main; do
    arguments+=("--config.entrypoint=$word")
  done
  for word in -f config.yaml; do
    arguments+=("--config.cmd=$word")
  done
  for word in PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8; do
    arguments+=("--config.env=$word")
  done
  for word in 5432 8080 3000; do
    arguments+=("--config.exposedports=$word/tcp")
  done
  "$umoci" config --image "$layout:latest" --config.user=20000:20000 "--config.workingdir=/$home" \
    --config.volume=/var/lib/ledger --config.stopsignal=SIGTERM \
    --config.label=org.opencontainers.image.title=ledger "${arguments[@]}"
}

build_image() {
  local layout=$1 base=$2 umoci tree=$work/app
  umoci=$(tool umoci)
  say "image: sources and configuration"
  # Blobs are never changed in place, so the base's can be shared by hard links.
  cp -al "$base" "$layout"
  rm -f "$layout/key" "$layout/index.json"
  cp "$base/index.json" "$layout/index.json"
  mkdir -p "$tree/$home"
  cp -r "$here"/{src,resources,test,config.yaml} "$tree/$home/"
  chmod -R u=rwX,go=rX "$tree"
  chown -R 0:0 "$tree"
  pack "$tree" "$work/app.tar"
  "$umoci" tag --image "$layout:base" latest
  "$umoci" raw add-layer --image "$layout:latest" --history.created_by 'image.sh: sources' "$work/app.tar"
  configure "$umoci" "$layout"
  "$umoci" rm --image "$layout:base"
  "$umoci" gc --layout "$layout"
}

# --- keys and places ----------------------------------------------------------------------------

digest() { sha256sum | cut -d' ' -f1; }

base_key() {
  { cat "$here/base.list"; declare -f write_jcmd unpack_without_dependencies add_release write_hook collect_libraries trim add_user pack build_base; } | digest
}

image_key() {
  { echo "$1"; declare -p jvm_flags; declare -f configure build_image pack; sources; } | digest
}

sources() {
  (cd "$here" && find src resources test config.yaml -type f -print0 | sort -z | xargs -0 sha256sum)
}

has_key() { [[ -f $1/key && $(< "$1/key") == "$2" ]]; }

# Renames a finished folder into place. What was there goes first: two folders cannot be swapped in one step by mv.
place() {
  if [[ -e $2 ]]; then
    mv -T "$2" "$work/replaced-${2##*/}"
  fi
  mv -T "$1" "$2"
}

main() {
  case ${1:-} in
    --print) echo "$image"; exit ;;
    '') ;;
    *) die "usage: image.sh [--print]" ;;
  esac
  local base_key base image_key
  base_key=$(base_key)
  base=$cache/ledger-base
  image_key=$(image_key "$base_key")
  if has_key "$image" "$image_key"; then
    say "up to date: $image"
    exit
  fi
  [[ $EUID == 0 ]] || die "must be run as root (mmdebstrap, chroot)"
  mkdir -p "$cache"
  exec 9> "$cache/ledger.lock"
  flock 9
  if has_key "$image" "$image_key"; then
    say "up to date: $image"
    exit
  fi
  # What a killed run left; no other run is alive, since this one holds the lock.
  rm -rf "$cache"/.ledger-??????
  work=$(mktemp -d "$cache/.ledger-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  if ! has_key "$base" "$base_key"; then
    build_base "$work/base"
    echo "$base_key" > "$work/base/key"
    place "$work/base" "$base"
  fi
  build_image "$work/image" "$base"
  echo "$image_key" > "$work/image/key"
  place "$work/image" "$image"
  say "done: $image"
}

main "$@"
