(ns ledger.logging
  "Log lines on standard output, one a record. Ours are written at once; Jetty's come through SLF4J and java.util.logging,
  which takes its handlers away as soon as the JVM shuts down, when we still have things to say."
  (:require [clojure.string :as str]
            [clojure.tools.logging :as log]
            [clojure.tools.logging.impl :as impl])
  (:import [java.io PrintWriter StringWriter]
           [java.time Instant]
           [java.time.temporal ChronoUnit]
           [java.util.logging Handler Level LogManager LogRecord Logger SimpleFormatter]))

(def levels
  "From the one that says least."
  {"error" 0, "warn" 1, "info" 2, "debug" 3})

(def ^:private severity
  {:fatal 0, :error 0, :warn 1, :info 2, :debug 3, :trace 4})

(defn- stack-trace [^Throwable error]
  (let [text (StringWriter.)]
    (.printStackTrace error (PrintWriter. text))
    (str "\n" (str/trimr (str text)))))

(defn line
  "One record as text, with the line's end."
  [instant level logger-name message error]
  (format "%s %-5s %s - %s%s%n"
          (.truncatedTo ^Instant instant ChronoUnit/MILLIS)
          (str/upper-case (name level))
          logger-name
          message
          (if error (stack-trace error) "")))

(defn- write! [^String text]
  (doto System/out (.print text) (.flush)))

;; --- ours ----------------------------------------------------------------------------------------

(deftype ^:private StdoutLogger [logger-name threshold]
  impl/Logger
  (enabled? [_ level] (<= (severity level) threshold))
  (write! [_ level error message] (write! (line (Instant/now) level logger-name message error))))

(deftype ^:private StdoutFactory [threshold]
  impl/LoggerFactory
  (name [_] "stdout")
  (get-logger [_ logger-ns] (->StdoutLogger (str logger-ns) threshold)))

;; --- the libraries' ------------------------------------------------------------------------------

(defn- level-name [^LogRecord record]
  (condp <= (.intValue (.getLevel record))
    (.intValue Level/SEVERE)  :error
    (.intValue Level/WARNING) :warn
    (.intValue Level/INFO)    :info
    :debug))

(defn- library-handler []
  (let [formatter (SimpleFormatter.)]
    (proxy [Handler] []
      (publish [^LogRecord record]
        (write! (line (.getInstant record) (level-name record) (or (.getLoggerName record) "root")
                      (.formatMessage formatter record) (.getThrown record))))
      (flush [])
      (close []))))

(defn configure!
  "Shows records of `level` (a key of `levels`) and above; of libraries only warnings."
  [level]
  (alter-var-root #'log/*logger-factory* (constantly (->StdoutFactory (levels level))))
  (.reset (LogManager/getLogManager))
  (doto (Logger/getLogger "")
    (.setLevel Level/WARNING)
    (.addHandler (library-handler))))
