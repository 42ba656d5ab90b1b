(ns ledger.web.api
  "The ledger as JSON: accounts, balances, transfers."
  (:require [clojure.data.json :as json]
            [clojure.java.jdbc :as jdbc]
            [clojure.walk :as walk]
            [compojure.core :refer [GET POST context routes]]
            [ledger.accounts :as accounts]
            [ledger.database :as database]
            [ledger.journal :as journal]
            [ledger.reports :as reports])
  (:import [java.sql SQLException Timestamp]
           [java.time.temporal Temporal]))

(defn- as-json [_ value]
  (cond
    (instance? Timestamp value) (str (.toInstant ^Timestamp value))
    (or (uuid? value) (instance? Temporal value)) (str value)
    :else value))

(defn- answer [status body]
  {:status status
   :headers {"Content-Type" "application/json; charset=utf-8"}
   :body (str (json/write-str body :value-fn as-json) "\n")})

(defn- read-body [{:keys [body]}]
  (json/read-str (slurp body) :key-fn keyword :bigdec true))

(defn- exact
  "Amounts as decimals: JSON has whole numbers as well."
  [transfer]
  (walk/postwalk #(if (and (map-entry? %) (= :amount (key %)) (number? (val %)))
                    [:amount (bigdec (val %))]
                    %)
                 transfer))

(defn- guarded
  "Errors of the caller as 4xx."
  [act]
  (try
    (act)
    (catch clojure.lang.ExceptionInfo e
      (answer 422 {:error (if-let [problem (:error (ex-data e))] (pr-str problem) (ex-message e))}))
    (catch SQLException e
      (answer 409 {:error (ex-message e)}))
    (catch java.io.EOFException _
      (answer 400 {:error "The body is not JSON"}))
    (catch Exception e
      (if (re-find #"JSON" (str (ex-message e))) (answer 400 {:error (ex-message e)}) (throw e)))))

(defmacro ^:private with-connection [[connection system] & body]
  `(jdbc/with-db-connection [~connection (database/spec (:database ~system))] ~@body))

(defn handler [system]
  (context "/api" []
    (routes
     (GET "/accounts" [] (with-connection [c system] (answer 200 (accounts/all c))))
     (GET "/balances" [] (with-connection [c system] (answer 200 (reports/balances c))))
     (GET "/accounts/:code" [code] (with-connection [c system]
                                     (if-let [account (accounts/by-code c code)]
                                       (answer 200 (assoc account :entries (reports/statement c code)))
                                       (answer 404 {:error "No such account"}))))
     (POST "/accounts" request
       (guarded #(with-connection [c system] (answer 201 {:id (accounts/open! c (read-body request))}))))
     (POST "/transfers" request
       (guarded #(answer 201 (journal/post! (:database system) (exact (read-body request)))))))))
