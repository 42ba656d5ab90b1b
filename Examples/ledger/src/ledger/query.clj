(ns ledger.query
  "HoneySQL over java.jdbc, for the ledger's own statements."
  (:require [clojure.java.jdbc :as jdbc]
            [honey.sql :as sql]
            [ledger.database :as database]))

(defn rows
  "The rows of a HoneySQL query, as maps."
  [connection query]
  (jdbc/query connection (sql/format query)))

(defn execute! [connection statement]
  (jdbc/execute! connection (sql/format statement)))

(defn insert!
  "Inserts one row and returns its generated id."
  [connection table row]
  (:id (first (jdbc/query connection
                          (update (sql/format {:insert-into table :values [row]}) 0
                                  #(str "SELECT id FROM FINAL TABLE (" % ")"))))))

(defmacro with-transaction
  "Runs the body in one transaction; an exception undoes all of it."
  [[connection db] & body]
  `(jdbc/with-db-transaction [~connection (database/spec ~db)]
     ~@body))
