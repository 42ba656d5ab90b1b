(ns ledger.accounts
  "Accounts: opening and finding them."
  (:require [ledger.query :as query]
            [schema.core :as s]))

(def Kind (s/enum "asset" "liability" "equity" "income" "expense"))

(def NewAccount
  {:code (s/constrained s/Str #(re-matches #"[A-Za-z0-9._-]{1,32}" %) 'letters-digits-dot-dash)
   :name (s/constrained s/Str #(<= 1 (count %) 200) 'one-to-200-characters)
   :kind Kind})

(defn all [connection]
  (query/rows connection {:select [:id :code :name :kind :opened_at]
                          :from [:ledger.accounts]
                          :order-by [:code]}))

(defn by-code [connection code]
  (first (query/rows connection {:select [:id :code :name :kind]
                                 :from [:ledger.accounts]
                                 :where [:= :code code]})))

(s/defn ^:always-validate open! :- s/Int
  "Opens an account; returns its id."
  [connection account :- NewAccount]
  (query/insert! connection :ledger.accounts account))
