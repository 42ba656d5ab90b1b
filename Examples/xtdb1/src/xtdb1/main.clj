(ns xtdb1.main
  "Entry: java … clojure.main -m xtdb1.main [-f FILE]"
  ;; First, since it says where the records of all others go.
  (:require [xtdb1.logging :as logging]
            [clojure.tools.logging :as log]
            [xtdb1.cli :as cli]
            [xtdb1.config :as config]
            [xtdb1.system :as system]))

(defn- leave [code message]
  (binding [*out* *err*]
    (println message))
  (System/exit code))

(defn- on-exit [act]
  (.addShutdownHook (Runtime/getRuntime) (Thread. ^Runnable act "shutdown")))

(defn- seconds-since [nanoseconds]
  (/ (- (System/nanoTime) nanoseconds) 1e9))

(defn- run [{:keys [file]}]
  ;; Not since the JVM was started: a frozen one may have been loaded long ago.
  (let [began (System/nanoTime)
        config (config/load-file-or-defaults file (System/getenv))]
    (logging/configure! (:log config))
    (log/infof "Starting XTDB 1%s" (if file (str " with " file) ""))
    (let [running (system/start config)]
      ;; On SIGTERM the JVM runs this hook and exits with 143.
      (on-exit #(do (log/info "Stopping")
                    (system/stop running)
                    (log/info "Stopped")))
      (log/infof "Node started in %.2f s" (seconds-since began))
      @(promise))))

(defn- start [to-run]
  (try
    (run to-run)
    (catch clojure.lang.ExceptionInfo e
      (case (:type (ex-data e))
        ::config/invalid (leave 2 (str "xtdb1: " (ex-message e)))
        ::system/failed  (do (log/debug e "The server cannot start")
                             (leave 1 (str "xtdb1: " (ex-message e))))
        (throw e)))))

(defn -main [& arguments]
  (let [{to-run :run, :keys [say fail]} (cli/parse arguments)]
    (cond
      say   (do (println say) (System/exit 0))
      fail  (leave 2 fail)
      :else (start to-run))))
