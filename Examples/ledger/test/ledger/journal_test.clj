(ns ledger.journal-test
  (:require [clojure.java.jdbc :as jdbc]
            [clojure.test :refer [deftest is testing]]
            [ledger.database :as database]
            [ledger.fixtures :as fixtures]
            [ledger.journal :as journal]
            [ledger.migrations :as migrations]
            [ledger.reports :as reports]))

(defn- balances [db]
  (jdbc/with-db-connection [c (database/spec db)]
    (into {} (map (juxt :code :balance)) (reports/balances c))))

(deftest a-transfer-moves-money
  (fixtures/with-server
    (fn [{db :database}]
      (journal/post! db {:memo "sale", :entries [{:account "1000", :amount 119M} {:account "4000", :amount -119M}]})
      (is (= {"1000" 119M, "4000" -119M} (update-vals (select-keys (balances db) ["1000" "4000"]) bigdec)))
      (jdbc/with-db-connection [c (database/spec db)]
        (is (= 2 (count (journal/recent c 10))))
        (is (= ["asset" "equity" "expense" "income" "liability"] (map :kind (reports/trial-balance c))))))))

(deftest a-transfer-that-is-refused-leaves-nothing
  (fixtures/with-server
    (fn [{db :database}]
      (doseq [entries [[{:account "1000", :amount 1M}]
                       [{:account "1000", :amount 1M} {:account "4000", :amount -2M}]
                       [{:account "1000", :amount 0M} {:account "4000", :amount 0M}]
                       [{:account "1000", :amount 0.001M} {:account "4000", :amount -0.001M}]
                       [{:account "1000", :amount 1M} {:account "no such", :amount -1M}]]]
        (testing entries
          (is (= ::journal/refused
                 (try (journal/post! db {:entries entries})
                      (catch clojure.lang.ExceptionInfo e (:type (ex-data e))))))))
      (jdbc/with-db-connection [c (database/spec db)]
        (is (empty? (journal/recent c 10)))))))

(deftest migrations-run-once
  (fixtures/with-server
    (fn [{db :database, :keys [schema]}]
      (is (= (count migrations/steps) schema))
      (is (zero? (migrations/migrate! db))))))
