(ns ledger.reports
  "Reports over the ledger and over the database as a whole."
  (:require [ledger.query :as query]))

(defn balances [connection]
  (query/rows connection {:select [:code :name :kind :balance :entries]
                          :from [:ledger.balances]
                          :order-by [:code]}))

(defn trial-balance [connection]
  (query/rows connection {:select [:kind :debit :credit]
                          :from [:ledger.trial_balance]
                          :order-by [:kind]}))

(defn statement
  "The entries of one account with the balance after each."
  [connection code]
  (query/rows connection
              {:select [:transfer :posted_at :memo :amount
                        [[:over [[:sum :amount] {:order-by [:transfer]} :running]]]]
               :from [:ledger.journal]
               :where [:= :account code]
               :order-by [:transfer]}))

(defn tables
  "Tables and views that are not the database's own."
  [connection]
  (query/rows connection {:select [:table_schema :table_name :table_type :row_count_estimate]
                          :from [:information_schema.tables]
                          :where [:not-in :table_schema ["information_schema" "pg_catalog"]]
                          :order-by [:table_schema :table_name]}))

(defn columns [connection schema table]
  (query/rows connection {:select [:column_name :data_type :is_nullable]
                          :from [:information_schema.columns]
                          :where [:and [:= :table_schema schema] [:= :table_name table]]
                          :order-by [:ordinal_position]}))
