(ns ledger.pgwire.select-list-test
  (:require [clojure.test :refer [are deftest]]
            [ledger.pgwire.lexer :as lexer]
            [ledger.pgwire.select-list :as select-list]))

(deftest names-as-postgresql-gives-them
  (are [sql names] (= names (map select-list/output-name (select-list/items (lexer/tokens sql))))
    "SELECT a, t.b, \"C d\" FROM t"              ["a" "b" "C d"]
    "SELECT count(*), now(), max(a.b)"           ["count" "now" "max"]
    "SELECT 1, 'x', 1 + 1, a + b FROM t"         [nil nil nil nil]
    "SELECT 1::int, '1'::numeric(5,2), a::text"  ["int4" "numeric" "a"]
    "SELECT a AS x, b y, f(c) \"Z\" FROM t"      ["x" "y" "Z"]
    "SELECT DISTINCT a, (SELECT b FROM c) FROM t" ["a" nil]
    "SELECT true, null"                          ["bool" nil]))
