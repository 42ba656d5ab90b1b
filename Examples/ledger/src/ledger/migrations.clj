(ns ledger.migrations
  "The ledger's own tables and views, in numbered steps that run once each."
  (:require [clojure.java.jdbc :as jdbc]
            [clojure.tools.logging :as log]
            [ledger.database :as database]))

(def steps
  [{:id 1
    :name "accounts, transfers, entries"
    :sql ["CREATE TABLE ledger.accounts (
             id BIGSERIAL PRIMARY KEY,
             code VARCHAR(32) NOT NULL UNIQUE,
             name VARCHAR(200) NOT NULL,
             kind VARCHAR(10) NOT NULL CHECK (kind IN ('asset', 'liability', 'equity', 'income', 'expense')),
             opened_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP)"
          "CREATE TABLE ledger.transfers (
             id BIGSERIAL PRIMARY KEY,
             reference UUID NOT NULL UNIQUE,
             memo VARCHAR(500) NOT NULL DEFAULT '',
             posted_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP)"
          "CREATE TABLE ledger.entries (
             id BIGSERIAL PRIMARY KEY,
             transfer_id BIGINT NOT NULL REFERENCES ledger.transfers (id),
             account_id BIGINT NOT NULL REFERENCES ledger.accounts (id),
             amount NUMERIC(18, 2) NOT NULL CHECK (amount <> 0))"]}
   {:id 2
    :name "balances, trial balance, journal"
    :sql ["CREATE VIEW ledger.balances AS
             SELECT a.id, a.code, a.name, a.kind, COALESCE(SUM(e.amount), 0) AS balance, COUNT(e.id) AS entries
             FROM ledger.accounts a LEFT JOIN ledger.entries e ON e.account_id = a.id
             GROUP BY a.id, a.code, a.name, a.kind"
          "CREATE VIEW ledger.trial_balance AS
             SELECT kind, SUM(CASE WHEN balance > 0 THEN balance ELSE 0 END) AS debit,
                    SUM(CASE WHEN balance < 0 THEN -balance ELSE 0 END) AS credit
             FROM ledger.balances GROUP BY kind"
          "CREATE VIEW ledger.journal AS
             SELECT t.id AS transfer, t.posted_at, t.memo, a.code AS account, e.amount
             FROM ledger.transfers t
             JOIN ledger.entries e ON e.transfer_id = t.id
             JOIN ledger.accounts a ON a.id = e.account_id"]}
   {:id 3
    :name "chart of accounts"
    :sql ["INSERT INTO ledger.accounts (code, name, kind) VALUES
             ('1000', 'Cash', 'asset'),
             ('1100', 'Receivables', 'asset'),
             ('2000', 'Payables', 'liability'),
             ('3000', 'Capital', 'equity'),
             ('4000', 'Sales', 'income'),
             ('5000', 'Purchases', 'expense')"]}])

(defn- applied [connection]
  (into #{} (map :id) (jdbc/query connection ["SELECT id FROM ledger.migrations"])))

(defn- apply-step! [connection {:keys [id name sql]}]
  (log/infof "Migration %d: %s" id name)
  (doseq [statement sql]
    (jdbc/execute! connection [statement]))
  (jdbc/insert! connection "ledger.migrations" {:id id, :name name}))

(defn migrate!
  "Brings the database to the newest step; returns how many steps ran."
  [db]
  (jdbc/with-db-connection [connection (database/spec db)]
    (jdbc/execute! connection ["CREATE SCHEMA IF NOT EXISTS ledger"])
    (jdbc/execute! connection ["CREATE TABLE IF NOT EXISTS ledger.migrations (
                                  id INT PRIMARY KEY, name VARCHAR(200) NOT NULL,
                                  applied_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP)"])
    (let [missing (remove (comp (applied connection) :id) steps)]
      (run! #(apply-step! connection %) missing)
      (count missing))))
