(ns xtdb1.health
  "For those who watch the server: is it alive, started, ready, and its figures."
  (:require [clojure.string :as str]
            [xtdb1.http :as http]
            [xtdb1.node :as node])
  (:import [java.lang.management ManagementFactory]
           [java.util.concurrent.atomic AtomicLong]))

(defn- state [node]
  (cond
    (node/failure node)          [:failed (str "No transaction is indexed any more: " (ex-message (node/failure node)))]
    (not (node/caught-up? node)) [:starting (let [{:keys [submitted completed]} (node/progress node)]
                                              (format "Indexing the log: transaction %d of %d." completed submitted))]
    :else                        [:ready "Ready."]))

(defn- metrics [node requests]
  (let [{:keys [submitted completed]} (node/progress node)
        heap (.getHeapMemoryUsage (ManagementFactory/getMemoryMXBean))]
    [["xtdb_tx_latest_submitted_id" "gauge" submitted]
     ["xtdb_tx_latest_completed_id" "gauge" completed]
     ["xtdb_tx_lag" "gauge" (- submitted completed)]
     ["xtdb_http_requests_total" "counter" (.get ^AtomicLong requests)]
     ["jvm_memory_heap_used_bytes" "gauge" (.getUsed heap)]
     ["jvm_threads" "gauge" (.getThreadCount (ManagementFactory/getThreadMXBean))]
     ["process_uptime_seconds" "gauge" (/ (.getUptime (ManagementFactory/getRuntimeMXBean)) 1000.0)]]))

(defn- prometheus [figures]
  (str/join "\n" (for [[title kind value] figures]
                   (str "# TYPE " title " " kind "\n" title " " value))))

(defn- page
  "A page that is made by `content`: [status, text]."
  [content]
  {"GET" (fn [_]
           (let [[status body] (content)]
             (assoc-in (http/text status body) [:headers "Cache-Control"] "no-store")))})

(defn routes
  "`requests` counts what the API has answered."
  [node requests]
  {"/healthz/alive"   (page #(let [[state reason] (state node)]
                               (if (= :failed state) [503 reason] [200 "Alive."])))
   "/healthz/started" (page #(if (node/caught-up? node) [200 "Started."] [503 (second (state node))]))
   "/healthz/ready"   (page #(let [[state reason] (state node)]
                               [(if (= :ready state) 200 503) reason]))
   "/metrics"         {"GET" (fn [_]
                               (assoc-in (http/text 200 (prometheus (metrics node requests)))
                                         [:headers "Content-Type"] "text/plain; version=0.0.4; charset=utf-8"))}})
