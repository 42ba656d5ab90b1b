(ns ledger.main
  "Entry: java … clojure.main -m ledger.main [-f FILE]"
  (:require [clojure.tools.logging :as log]
            [ledger.cli :as cli]
            [ledger.config :as config]
            [ledger.logging :as logging]
            [ledger.system :as system]))

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
    (logging/configure! (get-in config [:log :level]))
    (log/infof "Starting Ledger %s%s" cli/version (if file (str " with " file) ""))
    (let [running (system/start config)]
      ;; On SIGTERM the JVM runs this hook and exits with 143.
      (on-exit #(do (log/info "Stopping")
                    (system/stop running)
                    (log/info "Stopped")))
      (log/infof "Ledger started in %.2f s" (seconds-since began))
      ;; Everything else is daemon threads.
      @(promise))))

(defn- start [to-run]
  (try
    (run to-run)
    (catch clojure.lang.ExceptionInfo e
      (case (:type (ex-data e))
        ::config/invalid (leave 2 (str "ledger: " (ex-message e)))
        ::system/failed  (do (log/debug e "The server cannot start")
                             (leave 1 (str "ledger: " (ex-message e))))
        (throw e)))))

(defn -main [& arguments]
  (let [{to-run :run, :keys [say fail]} (cli/parse arguments)]
    (cond
      say   (do (println say) (System/exit 0))
      fail  (leave 2 fail)
      :else (start to-run))))
