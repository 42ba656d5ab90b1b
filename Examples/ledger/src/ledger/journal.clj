(ns ledger.journal
  "The journal: transfers of two or more entries whose amounts add up to zero. Nothing in it is changed or deleted."
  (:require [ledger.accounts :as accounts]
            [ledger.query :as query]
            [schema.core :as s])
  (:import [java.util UUID]))

(def Entry {:account s/Str, :amount (s/pred decimal? 'decimal)})
(def NewTransfer {(s/optional-key :memo) s/Str, :entries [Entry]})

(defn- refuse [message data]
  (throw (ex-info message (assoc data :type ::refused))))

(defn check-balanced
  "The entries if they may be posted together; else an ex-info of type ::refused."
  [entries]
  (cond
    (< (count entries) 2)
    (refuse "A transfer has at least two entries" {:entries (count entries)})
    (some #(zero? (:amount %)) entries)
    (refuse "An entry has an amount" {})
    (some #(> (.scale ^BigDecimal (:amount %)) 2) entries)
    (refuse "An amount has at most two decimals" {})
    (not (zero? (reduce + (map :amount entries))))
    (refuse "The amounts of a transfer add up to zero" {:sum (str (reduce + (map :amount entries)))})
    :else entries))

(defn- account-id [connection code]
  (or (:id (accounts/by-code connection code))
      (refuse (str "No account " code) {:account code})))

(s/defn ^:always-validate post!
  "Posts a transfer in one transaction; returns its id and reference."
  [db {:keys [memo entries]} :- NewTransfer]
  (check-balanced entries)
  (query/with-transaction [connection db]
    (let [reference (UUID/randomUUID)
          transfer (query/insert! connection :ledger.transfers {:reference reference, :memo (or memo "")})]
      (doseq [{:keys [account amount]} entries]
        (query/insert! connection :ledger.entries
                       {:transfer_id transfer, :account_id (account-id connection account), :amount amount}))
      {:id transfer, :reference reference})))

(defn recent
  "The newest lines of the journal."
  [connection limit]
  (query/rows connection {:select [:transfer :posted_at :memo :account :amount]
                          :from [:ledger.journal]
                          :order-by [[:transfer :desc] [:account :asc]]
                          :limit limit}))
