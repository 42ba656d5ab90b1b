(ns xtdb1.api
  "XTDB 1's REST API below /_xtdb, as far as applications use it: submit, await, query, entity and its history, status."
  (:require [clojure.instant :as instant]
            [xtdb.api :as xt]
            [xtdb1.coding :as coding :refer [answer]]
            [xtdb1.http :as http])
  (:import [java.io FileNotFoundException]
           [java.time Duration]
           [java.util.concurrent TimeoutException]
           [xtdb.api NodeOutOfSyncException]))

;; --- parameters --------------------------------------------------------------------------------------

(defn- parameter
  "The parameter through `read`; nil if it is not given."
  [{:keys [parameters]} k read]
  (some->> (get parameters k) (read (name k))))

(defn- required [request k read]
  (if (contains? (:parameters request) k)
    (parameter request k read)
    (http/refuse 400 "The parameter " (name k) " is missing")))

(defn- timeout [request]
  (some-> (parameter request :timeout coding/read-whole) (Duration/ofMillis)))

(defn- basis
  "What database is asked: that of now, or as of a valid time, a transaction time, a transaction."
  [request]
  (let [valid-time (parameter request :valid-time coding/read-date)
        tx-time    (parameter request :tx-time coding/read-date)
        tx-id      (parameter request :tx-id coding/read-whole)]
    (cond-> {}
      valid-time (assoc ::xt/valid-time valid-time)
      tx-time    (assoc-in [::xt/tx ::xt/tx-time] tx-time)
      tx-id      (assoc-in [::xt/tx ::xt/tx-id] tx-id))))

(defn- entity-id [request]
  (or (parameter request :eid-edn coding/read-edn)
      (parameter request :eid-json coding/read-json)
      (parameter request :eid (fn [_ text] text))
      (http/refuse 400 "The parameter eid, eid-edn or eid-json is missing")))

;; --- transactions ------------------------------------------------------------------------------------

(defn- json-time [value]
  (try
    (instant/read-instant-date value)
    (catch RuntimeException _ value)))

(defn- json-operation
  "[\"put\", {…}, \"2024-01-01T00:00:00Z\"]: XTDB itself checks the rest."
  [operation]
  (when-not (and (sequential? operation) (string? (first operation)))
    (http/refuse 400 "A transaction's operation is an array such as [\"put\", {\"xt/id\": \"one\"}], found " (pr-str operation)))
  (let [[kind & arguments] operation
        timed (case kind
                ("put" "delete") 1
                ("match" "cas")  2
                (count arguments))]
    (into [(keyword "xtdb.api" kind)]
          (map-indexed #(if (and (>= %1 timed) (string? %2)) (json-time %2) %2))
          arguments)))

(defn- operations [{:keys [body] :as request}]
  (let [json? (coding/json-body? request)
        given (if json? (coding/read-json "the body" body) (coding/read-edn "the body" body))
        given (when (map? given) (:tx-ops given))]
    (when-not (sequential? given)
      (http/refuse 400 "The body must be a map with tx-ops, a vector of operations"))
    (when-let [wrong (first (remove sequential? given))]
      (http/refuse 400 "A transaction's operation is a vector such as [:xtdb.api/put {:xt/id :one}], found " (pr-str wrong)))
    (if json? (mapv json-operation given) (vec given))))

(defn- submit [node]
  (fn [request]
    (answer request 202 (xt/submit-tx node (operations request)))))

(defn- await-tx [node]
  (fn [request]
    (answer request 200 (xt/await-tx node {::xt/tx-id (required request :tx-id coding/read-whole)} (timeout request)))))

(defn- sync-node [node]
  (fn [request]
    (answer request 200 {::xt/tx-time (xt/sync node (timeout request))})))

(defn- committed [node]
  (fn [request]
    (answer request 200
            {:tx-committed? (xt/tx-committed? node {::xt/tx-id (required request :tx-id coding/read-whole)})})))

(defn- latest [of node]
  (fn [request]
    (if-let [tx (of node)]
      (answer request 200 tx)
      (answer request 404 {:error "No transaction yet"}))))

(defn- tx-log [node]
  (fn [request]
    (with-open [log (xt/open-tx-log node (parameter request :after-tx-id coding/read-whole)
                                    (parameter request :with-ops coding/read-flag))]
      (answer request 200 (vec (iterator-seq log))))))

;; --- queries -----------------------------------------------------------------------------------------

(defn- query-of [{:keys [method body] :as request}]
  (if (= "POST" method)
    (let [json? (coding/json-body? request)
          given (if json? (coding/read-json "the body" body) (coding/read-edn "the body" body))
          query (when (map? given) (:query given))]
      (cond
        ;; Datalog has symbols and keywords, which JSON has not: the query is a string there.
        (and json? (string? query))  (update given :query #(coding/read-edn "query" %))
        (and query (not json?))      given
        :else (http/refuse 400 "The body must be a map with query" (when json? ", a string of EDN"))))
    {:query   (required request :query-edn coding/read-edn)
     :in-args (parameter request :in-args-edn coding/read-edn)}))

(defn- query [node]
  (fn [request]
    (let [{:keys [query in-args]} (query-of request)]
      (when-not (or (nil? in-args) (sequential? in-args))
        (http/refuse 400 "in-args must be a vector of arguments"))
      (answer request 200 (apply xt/q (xt/db node (basis request)) query in-args)))))

(defn- history [request db eid]
  (let [flag #(parameter request % coding/read-flag)
        date #(parameter request % coding/read-date)
        whole #(parameter request % coding/read-whole)
        bound (fn [time id]
                (cond-> nil
                  (date time) (assoc ::xt/tx-time (date time))
                  (whole id)  (assoc ::xt/tx-id (whole id))))
        order (get-in request [:parameters :sort-order] "asc")]
    (when-not (#{"asc" "desc"} order)
      (http/refuse 400 "sort-order: expected asc or desc, found " (pr-str order)))
    (xt/entity-history db eid (keyword order)
                       (into {} (remove (comp nil? val))
                             {:with-corrections? (flag :with-corrections)
                              :with-docs?        (flag :with-docs)
                              :start-valid-time  (date :start-valid-time)
                              :end-valid-time    (date :end-valid-time)
                              :start-tx          (bound :start-tx-time :start-tx-id)
                              :end-tx            (bound :end-tx-time :end-tx-id)}))))

(defn- entity [node]
  (fn [request]
    (let [eid (entity-id request)
          db (xt/db node (basis request))]
      (if (parameter request :history coding/read-flag)
        (answer request 200 (history request db eid))
        (if-let [document (xt/entity db eid)]
          (answer request 200 document)
          (answer request 404 {:error (str (pr-str eid) " entity not found")}))))))

(defn- entity-tx [node]
  (fn [request]
    (let [eid (entity-id request)]
      (if-let [tx (xt/entity-tx (xt/db node (basis request)) eid)]
        (answer request 200 tx)
        (answer request 404 {:error (str (pr-str eid) " entity-tx not found")})))))

;; --- all of it ---------------------------------------------------------------------------------------

(defn routes [node]
  {"/_xtdb/status"              {"GET" (fn [request] (answer request 200 (xt/status node)))}
   "/_xtdb/attribute-stats"     {"GET" (fn [request] (answer request 200 (xt/attribute-stats node)))}
   "/_xtdb/submit-tx"           {"POST" (submit node)}
   "/_xtdb/await-tx"            {"GET" (await-tx node)}
   "/_xtdb/sync"                {"GET" (sync-node node)}
   "/_xtdb/tx-committed"        {"GET" (committed node)}
   "/_xtdb/latest-submitted-tx" {"GET" (latest xt/latest-submitted-tx node)}
   "/_xtdb/latest-completed-tx" {"GET" (latest xt/latest-completed-tx node)}
   "/_xtdb/tx-log"              {"GET" (tx-log node)}
   "/_xtdb/query"               {"GET" (query node), "POST" (query node)}
   "/_xtdb/entity"              {"GET" (entity node)}
   "/_xtdb/entity-tx"           {"GET" (entity-tx node)}})

(defn- callers-fault?
  "Whether what XTDB threw is about what it was given."
  [{:keys [path]} error]
  (or (instance? IllegalArgumentException error)
      (instance? NodeOutOfSyncException error)
      ;; Predicates of a query run on the values that they meet, and may be any function that there is, or is not.
      (and (= "/_xtdb/query" path)
           (not (instance? IllegalStateException error))
           (some #(instance? % error) [RuntimeException AssertionError FileNotFoundException]))))

(defn explain
  "The answer to an error of the caller; nil for an error of ours."
  [request error]
  (let [said #(answer request % {:error (ex-message error)})]
    (cond
      (:status (ex-data error))            (said (:status (ex-data error)))
      (instance? TimeoutException error)   (said 504)
      (callers-fault? request error)       (said 400))))
