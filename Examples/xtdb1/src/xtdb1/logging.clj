(ns xtdb1.logging
  "Log lines on standard output, for ours and for XTDB's records. Loaded before all that logs: tools.logging asks the
  property below once, when it is loaded, and would start with a complaint of SLF4J that it has no backend."
  (:require [clojure.string :as str])
  (:import [java.io PrintWriter StringWriter]
           [java.time Instant]
           [java.time.temporal ChronoUnit]))

(System/setProperty "clojure.tools.logging.factory" "xtdb1.logging/factory")
(require '[clojure.tools.logging.impl :as impl])

(def levels
  "From the one that says least."
  {:error 0, :warn 1, :info 2, :debug 3})

(def ^:private severity
  (assoc levels :fatal 0, :trace 4))

(def ^:private threshold (atom (levels :info)))

(defn- stack-trace [^Throwable error]
  (let [text (StringWriter.)]
    (.printStackTrace error (PrintWriter. text))
    (str "\n" (str/trimr (str text)))))

(defn- line [level logger-name message error]
  (format "%s %-5s %s - %s%s%n"
          (.truncatedTo (Instant/now) ChronoUnit/MILLIS) (str/upper-case (name level)) logger-name message
          (if error (stack-trace error) "")))

(deftype ^:private StdoutLogger [logger-name]
  impl/Logger
  (enabled? [_ level] (<= (severity level) @threshold))
  (write! [_ level error message]
    (let [^String text (line level logger-name message error)]
      (doto System/out (.print text) (.flush)))))

(deftype ^:private StdoutFactory []
  impl/LoggerFactory
  (name [_] "stdout")
  (get-logger [_ logger-ns] (->StdoutLogger (str logger-ns))))

(defn factory
  "What tools.logging calls."
  []
  (->StdoutFactory))

(defn configure!
  "Shows records of `level` (a key of `levels`) and above."
  [level]
  (reset! threshold (levels level)))
