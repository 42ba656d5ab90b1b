# shellcheck shell=bash disable=SC2154
# Sourced by the image.sh of the Clojure servers beside: how their images are built as OCI image layouts.
#
#   image.sh            build what is not there yet; the second call only compares a hash
#   image.sh --no-aot   with sources only: nothing compiled ahead, no class-data archive
#
# The layout has two tags: `latest`, and `plain` with sources only, which is what most images are like: `thaw build` makes
# both of what is missing there.
#
#   image.sh --print    only say where the image is
#
# Two parts are cached by content: the base (Debian, JDK, libraries), keyed by base.list, and the image, keyed by the
# base and the sources. Both are made in a temporary folder and renamed into place: no half image is ever seen.
# Needs root, mmdebstrap, curl, iproute2, and umoci (of Thaw's bundle, or in the PATH).
#
# The script that sources this says, and then calls build_main "$@":
#   name title here     the image's folder; what it is called in the log; the script's folder
#   user data           whom the server runs as (uid 20000), where its data lies
#   jvm_flags main command    how it is started: java FLAG… clojure.main -m MAIN COMMAND…
#   ports environment   what it listens to; NAME=value, besides PATH and LANG
#   health_check        Docker's, as JSON; none if it is not set
#   contents            files and folders beside the script that belong into the image
#   find_libraries            looks whether all is there that is not Debian's
#   collect_libraries TREE    puts the libraries into TREE/$home/lib
#   ready               succeeds when the server is ready; both are called where its ports are 127.0.0.1's
#   train train_with    asks what users ask; the functions that it calls: what it makes the server load is compiled ahead and goes into the archive
set -euo pipefail
# Descriptors that a caller leaked would be inherited by mmdebstrap's chroot.
exec 10>&- 251>&- || true

clojure=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${THAW_CACHE:-/var/cache/thaw}
image=$cache/$name
home=usr/local/lib/$user
jre=usr/lib/jvm/java-21-openjdk-amd64
aot=yes
work=

say() { printf '%s image: %s\n' "$title" "$*" >&2; }
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
  [[ -z $(words unpack) ]] || echo "unpack_without_dependencies \"\$tree\" $(words unpack | paste -sd' ')"
  if [[ -n $(words older) ]]; then
    echo "add_release \"\$tree\" $(words suite) $(words older-suite)"
    echo "unpack_without_dependencies \"\$tree\" $(words older | sed "s,\$,/$(words older-suite)," | paste -sd' ')"
    echo "rm \"\$tree/etc/apt/sources.list.d/$(words older-suite).list\""
  fi
}

trim() {
  local tree=$1
  rm -rf "$tree"/usr/share/{doc,man,info,locale,lintian,bug,gcc,pixmaps,applications,binfmts,debconf} \
    "$tree"/usr/share/{java,maven-repo,jetty12,perl5,bash-completion,common-licenses} \
    "$tree"/var/lib/apt/lists/* "$tree"/var/cache/* "$tree"/var/log/* "$tree"/tmp/* "$tree"/var/tmp/* \
    "$tree"/usr/lib/x86_64-linux-gnu/gconv "$tree/$jre"/{man,docs,lib/src.zip,legal} \
    "$tree/$jre"/lib/server/classes_nocoops.jsa "$tree"/etc/machine-id
  find "$tree/var/lib/dpkg/info" -name '*.md5sums' -delete
}

add_user() {
  local tree=$1
  chroot "$tree" groupadd --gid 20000 "$user"
  chroot "$tree" useradd --uid 20000 --gid 20000 --home-dir "/$home" --no-create-home --shell /usr/sbin/nologin "$user"
  install -d -m 0750 -o 20000 -g 20000 "$tree$data"
}

# A layer of the same content has the same digest: names sorted, times and owners fixed.
pack() {
  tar --create --file "$2" --sort=name --mtime=@0 --numeric-owner --xattrs --format=posix \
    --pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime --directory "$1" .
}

build_base() {
  local layout=$1 tree=$work/tree umoci install
  umoci=$(tool umoci)
  find_libraries
  command -v mmdebstrap > /dev/null || die "needs mmdebstrap: apt-get install mmdebstrap"
  install=$(words install | paste -sd,)
  say "base system: Debian $(words suite), JDK 21 and the libraries (about a minute, once)"
  # As a file: mmdebstrap starts hooks through sh, which drops exported functions.
  write_hook > "$work/hook.sh"
  mmdebstrap --variant=minbase --aptopt='Acquire::Check-Valid-Until "false"' --include="$install" \
    --customize-hook="bash '$work/hook.sh' \"\$1\"" \
    "$(words suite)" "$tree" > "$work/mmdebstrap.log" 2>&1 ||
    { tail -n 30 "$work/mmdebstrap.log" >&2; die "mmdebstrap failed (its last lines are above)"; }
  say "base system: libraries, user, trimming"
  mkdir -p "$tree/$home/lib"
  collect_libraries "$tree"
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

# --- ahead of time: the jar, its classes, the class-data archive ----------------------------------

# Runs in namespaces of its own, where the server's ports are free: serve TREE LOG HOME DATA WORD...
# Starts the server, asks it what `train` asks, ends it as `docker stop` would.
serve() {
  local tree=$1 log=$2 home=$3 data=$4 server status=0 folder started
  shift 4
  mount -t proc proc "$tree/proc"
  for folder in /tmp "$data"; do
    mount -t tmpfs -o mode=1777 tmpfs "$tree$folder"
  done
  ip link set lo up
  # shellcheck disable=SC2016 # expanded by the inner shell
  chroot --userspec=20000:20000 "$tree" sh -c 'cd "/$0" && exec "$@"' "$home" "$@" >> "$log" 2>&1 &
  server=$!
  # $EPOCHREALTIME is in seconds with six places; the comma of some languages is none here.
  started=${EPOCHREALTIME/[.,]/}
  until ready 2> /dev/null; do
    kill -0 "$server" 2> /dev/null && ((SECONDS < 300)) || return 1
    sleep 0.05
  done
  printf 'ready after %d.%02d\n' $(((${EPOCHREALTIME/[.,]/} - started) / 1000000)) \
    $(((${EPOCHREALTIME/[.,]/} - started) / 10000 % 100)) >> "$log"
  train > "$log.answers" 2>> "$log" || return 1
  kill -TERM "$server"
  wait "$server" || status=$?
  [[ $status == 143 ]]
}

# run_server TREE LOG WORD...: the server of TREE with these words behind `java`
run_server() {
  local tree=$1 log=$2
  shift 2
  unshare --mount --pid --net --fork --kill-child bash -euo pipefail -c \
    "$(declare -f serve ready train "${train_with[@]}"; declare -p here)"$'\n''serve "$@"' \
    bash "$tree" "$log" "$home" "$data" env LANG=C.UTF-8 "${environment[@]}" java "$@" ||
    { tail -n 30 "$log" >&2; die "the server failed while it was warmed up (its last lines are above)"; }
}

in_tree() {
  local tree=$1
  shift
  # shellcheck disable=SC2016 # expanded by the inner shell
  unshare --mount --pid --fork --kill-child bash -euc '
    mount -t proc proc "$1/proc"
    exec chroot "$1" sh -c "cd \"/\$0\" && exec \"\$@\"" "${@:2}"' bash "$tree" "$home" "$@"
}

# make_jar TREE [NAMESPACES]: both paths are inside of TREE
make_jar() {
  local tree=$1
  shift
  in_tree "$tree" java -XX:+UseSerialGC -XX:-UsePerfData -cp 'src:resources:lib/*' \
    clojure.main clojure/jar.clj "$name.jar" "$main" "$@" > "$work/jar.log" 2>&1 ||
    { tail -n 30 "$work/jar.log" >&2; die "the server's jar could not be made (the last lines are above)"; }
  # The archive holds the jars' times; all files of a layer are of the epoch.
  touch -d @0 "$tree/$home/$name.jar"
}

# The server runs three times: on its sources, to see what it loads; compiled, to make the archive; and with both, to see
# that it starts and answers the same.
compile_ahead() {
  local tree=$1 made=$1/$home/made start=(-m "$main" "${command[@]}")
  local compiled=("${jvm_flags[@]}" -cp "$name.jar")
  install -d -o 20000 -g 20000 "$made"
  say "ahead of time: what the server loads"
  run_server "$tree" "$work/sources.log" "${compiled[@]}" -Drecord=made/namespaces \
    clojure.main -i clojure/record.clj "${start[@]}"
  say "ahead of time: $(grep -c . "$made/namespaces") namespaces, compiled"
  make_jar "$tree" made/namespaces
  run_server "$tree" "$work/archive.log" "${compiled[@]}" "-XX:ArchiveClassesAtExit=made/$name.jsa" clojure.main "${start[@]}"
  install -m 0644 "$made/$name.jsa" "$tree/$home/$name.jsa"
  run_server "$tree" "$work/check.log" "${compiled[@]}" "-XX:SharedArchiveFile=$name.jsa" \
    -Xlog:class+load:file=made/classes.log clojure.main "${start[@]}"
  cmp "$work/sources.log.answers" "$work/check.log.answers" >&2 ||
    die "the compiled server answers otherwise than the sources do"
  check_archive "$made/classes.log"
  say "ahead of time: ready after $(seconds_to_ready sources) s from sources, $(seconds_to_ready check) s compiled with the archive"
  rm -r "$made"
}

# The JVM goes on without an archive that it does not like, as if nothing were wrong: hence counted.
check_archive() {
  local shared all
  shared=$(grep -c 'source: shared objects file' "$1")
  all=$(grep -c 'source: ' "$1")
  ((shared * 10 > all * 8)) || die "only $shared of $all classes come from the class-data archive"
  say "ahead of time: $shared of $all classes come from the archive"
}

seconds_to_ready() { sed -n 's/^ready after //p' "$work/$1.log"; }

# --- image: sources, configuration, how it is started -----------------------------------------

# What umoci cannot say: Docker's health check, put into a finished image's configuration.
add_health_check() {
  local layout=$1 tag=$2 blobs=$1/blobs/sha256 manifest config new
  [[ -n ${health_check:-} ]] || return 0
  sed 's|{"mediaType"|\n&|g' "$layout/index.json" | grep "\"$tag\"" > "$work/entry"
  manifest=$(digest_in "$work/entry" manifest)
  config=$(digest_in "$blobs/$manifest" config)
  new=$work/config
  sed "s|\"config\":{|&\"Healthcheck\":$health_check,|" "$blobs/$config" > "$new"
  replace_blob "$blobs" "$config" "$new" "$blobs/$manifest" > "$work/manifest"
  replace_blob "$blobs" "$manifest" "$work/manifest" "$layout/index.json" > "$work/index"
  mv "$work/index" "$layout/index.json"
}

# The first digest of a media type in compact JSON.
digest_in() {
  sed -n "s|.*image\.$2\.v1+json\",\"digest\":\"sha256:\([0-9a-f]*\)\".*|\1|p" "$1"
}

# replace_blob BLOBS OLD NEW REFERRER: stores the file NEW for the blob OLD, and writes REFERRER with its digest and size.
replace_blob() {
  local blobs=$1 old=$2 new=$3 referrer=$4 digest
  digest=$(digest < "$new")
  install -m 0644 "$new" "$blobs/$digest"
  sed "s|sha256:$old\",\"size\":[0-9]*|sha256:$digest\",\"size\":$(stat -c %s "$new")|" "$referrer"
  rm "$blobs/$old"
}

configure() {
  local umoci=$1 image=$2 word arguments=() archive=()
  [[ ! -e $work/app/$home/$name.jsa ]] || archive=("-XX:SharedArchiveFile=$name.jsa")
  for word in java "${jvm_flags[@]}" "${archive[@]}" -cp "$name.jar" clojure.main -m "$main"; do
    arguments+=("--config.entrypoint=$word")
  done
  for word in "${command[@]}"; do
    arguments+=("--config.cmd=$word")
  done
  for word in PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 "${environment[@]}"; do
    arguments+=("--config.env=$word")
  done
  for word in "${ports[@]}"; do
    arguments+=("--config.exposedports=$word/tcp")
  done
  "$umoci" config --image "$image" --config.user=20000:20000 "--config.workingdir=/$home" \
    "--config.volume=$data" --config.stopsignal=SIGTERM \
    "--config.label=org.opencontainers.image.title=$name" "${arguments[@]}"
}

build_image() {
  local layout=$1 base=$2 umoci tree=$work/root
  umoci=$(tool umoci)
  "$umoci" raw unpack --image "$base:base" "$tree" > "$work/umoci.log" 2>&1 || die "$(tail -n 5 "$work/umoci.log")"
  # The host's own names for 127.0.0.1; the tree has none.
  cp /etc/hosts "$tree/etc/hosts"
  (cd "$here" && cp -r "${contents[@]}" "$tree/$home/")
  cp -r "$clojure" "$tree/$home/clojure"
  # Blobs are never changed in place, so the base's can be shared by hard links.
  cp -al "$base" "$layout"
  rm -f "$layout/key" "$layout/index.json"
  cp "$base/index.json" "$layout/index.json"
  say "image: sources and configuration"
  make_jar "$tree"
  add_image "$layout" plain
  if [[ $aot == no ]]; then
    "$umoci" tag --image "$layout:plain" latest
  else
    compile_ahead "$tree"
    add_image "$layout" latest
  fi
  "$umoci" rm --image "$layout:base"
  "$umoci" gc --layout "$layout"
}

# add_image LAYOUT TAG: the base with what of the server lies in the tree now
add_image() {
  local layout=$1 tag=$2 tree=$work/root app=$work/app made umoci
  umoci=$(tool umoci)
  rm -rf "$app"
  mkdir -p "$app/$home"
  for made in "${contents[@]}" "$name.jar" "$name.jsa"; do
    [[ ! -e $tree/$home/$made || $made == src || $made == resources ]] || cp -r "$tree/$home/$made" "$app/$home/"
  done
  chmod -R u=rwX,go=rX "$app"
  chown -R 0:0 "$app"
  pack "$app" "$work/app.tar"
  "$umoci" tag --image "$layout:base" "$tag"
  "$umoci" raw add-layer --image "$layout:$tag" --history.created_by 'image.sh: the server' "$work/app.tar"
  configure "$umoci" "$layout:$tag"
  add_health_check "$layout" "$tag"
}

# --- keys and places ----------------------------------------------------------------------------

digest() { sha256sum | cut -d' ' -f1; }

base_key() {
  { cat "$here/base.list"; declare -p user data home
    declare -f write_jcmd unpack_without_dependencies add_release write_hook find_libraries collect_libraries trim add_user pack build_base; } | digest
}

image_key() {
  { echo "$1"; declare -p aot jvm_flags main command ports data environment contents; declare -p health_check 2> /dev/null || true
    declare -f configure build_image add_image compile_ahead serve ready train "${train_with[@]}" pack add_health_check; sources; } | digest
}

sources() {
  (cd "$here" && find "${contents[@]}" "$clojure" -type f -name '*.*' -print0 | sort -z | xargs -0 sha256sum | sed 's, /.*/, ,')
}

has_key() { [[ -f $1/key && $(< "$1/key") == "$2" ]]; }

# Renames a finished folder into place. What was there goes first: two folders cannot be swapped in one step by mv.
place() {
  if [[ -e $2 ]]; then
    mv -T "$2" "$work/replaced-${2##*/}"
  fi
  mv -T "$1" "$2"
}

build_main() {
  local base_key base=$image-base image_key word
  for word in "$@"; do
    case $word in
      --print) echo "$image"; exit ;;
      --no-aot) aot=no ;;
      *) die "usage: image.sh [--no-aot | --print]" ;;
    esac
  done
  base_key=$(base_key)
  image_key=$(image_key "$base_key")
  if has_key "$image" "$image_key"; then
    say "up to date: $image"
    exit
  fi
  [[ $EUID == 0 ]] || die "must be run as root (mmdebstrap, chroot)"
  mkdir -p "$cache"
  exec 9> "$cache/$name.lock"
  flock 9
  if has_key "$image" "$image_key"; then
    say "up to date: $image"
    exit
  fi
  # What a killed run left; no other run is alive, since this one holds the lock.
  rm -rf "$cache/.$name"-??????
  work=$(mktemp -d "$cache/.$name-XXXXXX")
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
