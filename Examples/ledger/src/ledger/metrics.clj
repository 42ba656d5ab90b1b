(ns ledger.metrics
  "Counters, gauges and timers, and their Prometheus text."
  (:require [clojure.string :as str]
            [metrics.core :as core]
            [metrics.counters :as counters]
            [metrics.gauges :as gauges]
            [metrics.timers :as timers])
  (:import [com.codahale.metrics Counter Gauge MetricRegistry Snapshot Timer]
           [java.lang.management ManagementFactory]
           [java.util.concurrent TimeUnit]))

(defn- jvm-gauges! [registry]
  (let [memory  (ManagementFactory/getMemoryMXBean)
        threads (ManagementFactory/getThreadMXBean)
        runtime (ManagementFactory/getRuntimeMXBean)
        classes (ManagementFactory/getClassLoadingMXBean)]
    (gauges/gauge-fn registry ["ledger" "jvm" "memory.heap.used.bytes"] #(.. memory getHeapMemoryUsage getUsed))
    (gauges/gauge-fn registry ["ledger" "jvm" "memory.nonheap.used.bytes"] #(.. memory getNonHeapMemoryUsage getUsed))
    (gauges/gauge-fn registry ["ledger" "jvm" "threads"] #(.getThreadCount threads))
    (gauges/gauge-fn registry ["ledger" "jvm" "classes.loaded"] #(.getLoadedClassCount classes))
    (gauges/gauge-fn registry ["ledger" "process" "uptime.seconds"] #(/ (.getUptime runtime) 1000.0))))

(defn registry
  "A registry of this server, with the gauges of its JVM."
  ^MetricRegistry []
  (doto (core/new-registry) (jvm-gauges!)))

;; A title is [group name]; the library's third part is the program's name.
(defn- counter [registry title]
  (counters/counter registry (into ["ledger"] title)))

(defn count! [registry title]
  (counters/inc! (counter registry title)))

(defn uncount! [registry title]
  (counters/dec! (counter registry title)))

(defn value [registry title]
  (counters/value (counter registry title)))

(defn record! [registry title nanoseconds]
  (.update ^Timer (timers/timer registry (into ["ledger"] title)) (long nanoseconds) TimeUnit/NANOSECONDS))

(defn- prometheus-name [title]
  (str/replace title #"[^A-Za-z0-9]+" "_"))

(defn- seconds [nanoseconds]
  (/ nanoseconds 1e9))

(defprotocol Exposition
  (lines [metric title] "The Prometheus lines of one metric."))

(extend-protocol Exposition
  Counter
  (lines [metric title]
    [(str "# TYPE " title " gauge") (str title " " (.getCount metric))])
  Gauge
  (lines [metric title]
    [(str "# TYPE " title " gauge") (str title " " (.getValue metric))])
  Timer
  (lines [metric title]
    (let [^Snapshot snapshot (.getSnapshot metric)]
      (concat
       [(str "# TYPE " title "_seconds summary")]
       (for [q [0.5 0.95 0.99]]
         (str title "_seconds{quantile=\"" q "\"} " (seconds (.getValue snapshot (double q)))))
       [(str title "_seconds_count " (.getCount metric))]))))

(defn prometheus
  "All metrics in Prometheus' text format."
  [^MetricRegistry registry]
  (->> (.getMetrics registry)
       (mapcat (fn [[title metric]] (lines metric (prometheus-name title))))
       (str/join \newline)
       (format "%s\n")))
