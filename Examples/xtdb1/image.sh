#!/usr/bin/env bash
# Builds an image of XTDB 1 as an OCI image layout: $THAW_CACHE/xtdb1, tag "latest". How: ../clojure/image.sh.
# XTDB's jars are taken from $THAW_XTDB1, a folder with lib/*.jar as base.list names them; nothing is fetched but Debian.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
name=xtdb1 title='XTDB 1' user=xtdb data=/var/lib/xtdb main=xtdb1.main
contents=(src test config.edn memory.edn)
command=(-f config.edn)
ports=(3000 8080)
# Two arenas are what XTDB recommends; it warns when there may be more.
environment=(MALLOC_ARENA_MAX=2)
# Chosen for a small memory image (Recipes/xtdb1/recipe.yaml says why each). The library path: RocksDB's library would
# be unpacked to the temporary folder at every start.
jvm_flags=(
  -XX:+UseSerialGC -Xms24m -Xmx512m -XX:MaxDirectMemorySize=128m
  -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=20 -XX:-ShrinkHeapInSteps
  -XX:-UsePerfData -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0
  -Djava.io.tmpdir=/tmp -Djava.net.preferIPv4Stack=true -Dfile.encoding=UTF-8
  -Djava.library.path=native
)
# Times in nanoseconds. The image has no wget.
# shellcheck disable=SC2016,SC2089 # expanded in the container, and JSON
health_check='{"Test":["CMD","bash","-c","exec 3<>/dev/tcp/127.0.0.1/8080; echo GET /healthz/alive HTTP/1.0 >\&3; echo >\&3; read -r _ status _ <\&3; [ $status = 200 ]"],"StartPeriod":15000000000,"Timeout":3000000000}'

jars=${THAW_XTDB1:-$(dirname "$(dirname "$(dirname "$here")")")/shared/xtdb1}

find_libraries() {
  local sum jar
  [[ -d $jars/lib ]] || die "no XTDB 1 in $jars: set THAW_XTDB1 to a folder with its jars in lib (base.list names them)"
  while read -r sum jar; do
    [[ -f $jars/lib/$jar ]] || die "no $jar in $jars/lib: base.list names what belongs there"
    echo "$sum  $jars/lib/$jar" | sha256sum --check --status || die "$jars/lib/$jar is not the file that base.list names"
  done < <(words sum)
}

collect_libraries() {
  local tree=$1 library=librocksdbjni-linux64.so jar
  while read -r _ jar; do
    install -m 0644 "$jars/lib/$jar" "$tree/$home/lib/$jar"
  done < <(words sum)
  mkdir "$tree/$home/native"
  in_tree "$tree" java -cp 'lib/*' clojure.main -e "
    (with-open [in (.getResourceAsStream (ClassLoader/getSystemClassLoader) \"$library\")]
      (clojure.java.io/copy in (clojure.java.io/file \"native/$library\")))"
}

ready() { curl --fail --silent --output /dev/null http://127.0.0.1:8080/healthz/ready; }

ask() { curl --fail --silent --show-error "http://127.0.0.1:3000/_xtdb/$1" "${@:2}"; }

query() { ask query --data-binary "$1"; }

# Every kind of request once, on people who like each other. The answers must be the same in each run: no times of now.
train() {
  ask submit-tx --output /dev/null --data-binary '{:tx-ops [
    [:xtdb.api/put {:xt/id :ada :name "Ada" :age 36 :likes #{:grace :alan}} #inst "2020-01-01"]
    [:xtdb.api/put {:xt/id :ada :name "Ada" :age 37 :likes #{:grace}} #inst "2021-01-01" #inst "2022-01-01"]
    [:xtdb.api/put {:xt/id :grace :name "Grace" :age 85 :boss :ada :likes #{:alan}} #inst "2020-01-01"]
    [:xtdb.api/put {:xt/id :alan :name "Alan" :age 41 :boss :grace} #inst "2020-01-01"]]}'
  ask submit-tx --output /dev/null -H 'Content-Type: application/json' -H 'Accept: application/json' --data-binary '{"tx-ops": [
    ["match", "edsger", null], ["put", {"xt/id": "edsger", "name": "Edsger", "age": 72}, "2020-01-01T00:00:00Z"]]}'
  ask submit-tx --output /dev/null --data-binary '{:tx-ops [
    [:xtdb.api/match :alan {:xt/id :alan :name "Nobody"}] [:xtdb.api/put {:xt/id :alan :name "Alonzo"}]]}'
  ask sync --output /dev/null
  ask 'tx-committed?tx-id=2'
  query '{:query {:find [e n] :where [[e :name n]]}}'
  query '{:query {:find [n m] :where [[e :name n] [e :likes f] [f :name m]] :order-by [[n :asc] [m :desc]]}}'
  query '{:query {:find [n a] :where [[e :name n] [e :age a] [(> a 40)] (not [e :boss])] :order-by [[a :desc]] :limit 5}}'
  query '{:query {:find [(count e) (sum a) (min a) (max a) (avg a)] :where [[e :age a]]}}'
  query '{:query {:find [b (count-distinct e)] :where [[e :boss b]]}}'
  query '{:query {:find [n] :in [boss] :where [(under boss e) [e :name n]]
          :rules [[(under b e) [e :boss b]] [(under b e) [x :boss b] (under x e)]]} :in-args [:ada]}'
  query '{:query {:find [n] :in [[n ...]] :where [[e :name n] (or [e :age 36] [e :age 41])]} :in-args [["Ada" "Alan"]]}'
  query '{:query {:find [(pull e [:name {:boss [:name]} {:likes [*]}])] :where [[e :boss]]}}'
  query '{:query {:find [n l] :where [[e :name n] (or-join [e l] (and [e :age a] [(+ a 1) l]))]}}'
  query '{:query {:find [e s] :where [[e :name n] [(clojure.string/upper-case n) s] [(get-attr e :likes #{}) [x ...]]]}}'
  query '{:query {:find [e] :where [[e :name n] (not-join [e] [o :boss e])]}}'
  ask query -H 'Content-Type: application/json' -H 'Accept: application/json' \
    --data-binary '{"query": "{:find [e n] :in [n] :where [[e :name n]]}", "in-args": ["Edsger"]}'
  ask 'query?valid-time=2021-06-01' --get --data-urlencode 'query-edn={:find [a] :where [[:ada :age a]]}'
  ask 'entity?eid-edn=:ada'
  ask 'entity?eid-edn=:ada&valid-time=2021-06-01T00:00:00Z'
  ask 'entity?eid=edsger' -H 'Accept: application/json'
  ask 'entity?eid-edn=:ada&history=true&sort-order=desc&with-docs=true&with-corrections=true' | sed 's/#inst "[^"]*"//g'
  ask 'entity-tx?eid-edn=:ada' --output /dev/null
  ask tx-log --output /dev/null
  ask attribute-stats
  ask submit-tx --output /dev/null --data-binary '{:tx-ops [
    [:xtdb.api/delete :ada #inst "2021-01-01" #inst "2021-07-01"] [:xtdb.api/delete :alan] [:xtdb.api/evict :grace]]}'
  ask sync --output /dev/null
  query '{:query {:find [e n] :where [[e :name n]]}}'
  ask 'entity?eid-edn=:ada&history=true' -H 'Accept: application/json' --output /dev/null
  ask status | sed 's/:xtdb.kv[^,}]*//g'
  ask latest-completed-tx --output /dev/null
  # Errors are answers, too.
  curl --silent http://127.0.0.1:3000/_xtdb/query --data-binary '{:query {:find [x]}}'
  curl --silent http://127.0.0.1:3000/_xtdb/submit-tx --data-binary '{:tx-ops [[:put'
  curl --silent 'http://127.0.0.1:3000/_xtdb/entity?eid-edn=:nobody'
  for path in healthz/alive healthz/started healthz/ready; do
    curl --fail --silent "http://127.0.0.1:8080/$path"
  done
  curl --fail --silent --output /dev/null http://127.0.0.1:8080/metrics
}
train_with=(ask query)

# shellcheck source=Examples/clojure/image.sh
source "$here/../clojure/image.sh"
build_main "$@"
