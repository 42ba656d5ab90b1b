;; What is frozen warm, and warmed up for hot: XTDB's code, loaded and run once on a node in memory, which is closed again. Its ports
;; are those that the server will have.
(ns exercise
  (:require [clojure.string :as str]
            ;; For what only it loads.
            [xtdb.main]
            [xtdb.node :as node])
  (:import [java.io File]))

(defn- listen
  "The lines of a configuration for a port, where the server has one."
  [key variable]
  (when-let [port (System/getenv variable)]
    (str key ":\n  port: " port "\n")))

(let [file (File/createTempFile "exercise" ".yaml")]
  (try
    ;; No log and no storage: both are in memory then.
    (spit file (str/join [(listen "server" "THAW_PORT_POSTGRESQL")
                          (listen "healthz" "THAW_PORT_HEALTH")
                          (listen "flightSql" "THAW_PORT_FLIGHT_SQL")]))
    ;; Closed by its `close`.
    (node/start-node file)
    (finally
      (.delete file))))
