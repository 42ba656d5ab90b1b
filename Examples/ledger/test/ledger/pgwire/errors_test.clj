(ns ledger.pgwire.errors-test
  (:require [clojure.test :refer [are deftest is]]
            [ledger.pgwire.errors :as errors])
  (:import [java.sql DriverManager SQLException]))

(defn- failure [sql]
  (with-open [connection (.connect (org.h2.Driver/load) "jdbc:h2:mem:;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE"
                                   (java.util.Properties.))
              statement (.createStatement connection)]
    (.execute statement "create table t (id int primary key, a int not null, b int check (b > 0), c int references t (id))")
    (.execute statement "insert into t values (1, 1, 1, 1)")
    (try (.execute statement sql) nil
         (catch SQLException e (errors/from-sql e)))))

(deftest h2-errors-as-postgresql-ones
  (are [sql state message] (let [e (failure sql)]
                             (and (= state (:sqlstate e)) (re-find message (:message e))))
    "selct 1"                             "42601" #"^syntax error at or near \"selct\"$"
    "select 1 +"                          "42601" #"^syntax error at end of input$"
    "select * from nope"                  "42P01" #"^relation \"nope\" does not exist$"
    "select nope from t"                  "42703" #"^column \"nope\" does not exist$"
    "select nope(1)"                      "42883" #"^function nope does not exist$"
    "create table t (x int)"              "42P07" #"^relation \"t\" already exists$"
    "create table u (x nope)"             "42704" #"^type \"nope\" does not exist$"
    "select 1 / 0"                        "22012" #"^division by zero$"
    "insert into t values (1, 1, 1, 1)"   "23505" #"^duplicate key value violates unique constraint"
    "insert into t values (2, null, 1, 1)" "23502" #"^null value in column \"a\" violates"
    "insert into t values (2, 1, -1, 1)"  "23514" #"violates check constraint"
    "insert into t values (2, 1, 1, 9)"   "23503" #"violates foreign key constraint"
    "select cast('x' as int)"             "22P02" #"x"))
