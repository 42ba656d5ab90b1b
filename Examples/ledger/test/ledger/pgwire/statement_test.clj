(ns ledger.pgwire.statement-test
  (:require [clojure.test :refer [are deftest is]]
            [ledger.pgwire.statement :as statement]))

(def ^:private session {:pid 7, :setting {"timezone" "UTC"}})

(defn- one [sql]
  (first (statement/parse sql session)))

(deftest tags
  (are [sql tag] (= tag (:tag (one sql)))
    "select 1"                              "SELECT"
    "(select 1)"                            "SELECT"
    "with x as (select 1) select * from x"  "SELECT"
    "values (1)"                            "SELECT"
    "insert into t values (1)"              "INSERT"
    "create table t (id int)"               "CREATE TABLE"
    "create or replace view v as select 1"  "CREATE VIEW"
    "create unique index i on t (a)"        "CREATE INDEX"
    "drop table t"                          "DROP TABLE"
    "alter table t add x int"               "ALTER TABLE"
    "truncate t"                            "TRUNCATE TABLE"))

(deftest kinds
  (are [sql kind] (= kind (:kind (one sql)))
    "begin"                                 :begin
    "START TRANSACTION READ ONLY"           :begin
    "commit work"                           :commit
    "end"                                   :commit
    "abort"                                 :rollback
    "rollback to savepoint a"               :rollback-to
    "ROLLBACK WORK TO a"                    :rollback-to
    "set x = 1"                             :set
    "set transaction isolation level serializable" :accepted
    "copy t to stdout"                      :unsupported
    "select 1"                              :sql))

(deftest what-h2-spells-otherwise
  (are [sql rewritten] (= rewritten (:sql (one sql)))
    "select $1, '$1'"                       "select ?1, '$1'"
    "select E'a\\'b\\n'"                    "select 'a''b\n'"
    "select $x$it's$x$"                     "select 'it''s'"
    "create table t (a timestamptz, b int[])" "create table t (a timestamp with time zone, b int ARRAY)"
    "select now(), pg_backend_pid()"        "select current_timestamp, 7"
    "select interval '2 days'"              "select INTERVAL '2' DAY"
    "select current_setting('timezone')"    "select 'UTC'"
    "select '{}'::jsonb, '\\x00ff'::bytea"  "select JSON '{}', X'00ff'"
    "select a !~ 'b'"                       "select a  NOT REGEXP  'b'"
    "insert into t values (1) returning id" "SELECT  id FROM FINAL TABLE (insert into t values (1) )"
    "delete from t returning *"             "SELECT  * FROM OLD TABLE (delete from t )"
    "select 'returning now()'"              "select 'returning now()'"))

(deftest parameters-with-a-cast-have-its-type
  (is (= {1 23, 2 1700, 3 16} (:hints (one "select $1::int, cast($2 as numeric(5,2)), $3 :: bool, $4, $5::int[]")))))

(deftest several-statements
  (is (= [["a" 0] ["b" 4]] (map (juxt :source :offset) (statement/parse "a ; b;" session))))
  (is (= [] (statement/parse " -- nothing" session))))
