(ns ledger.fixtures
  "A whole server on free ports and a database of its own."
  (:require [clojure.java.io :as io]
            [ledger.config :as config]
            [ledger.system :as system])
  (:import [java.nio.file Files]
           [java.nio.file.attribute FileAttribute]))

(defn- temporary-folder []
  (.toFile (Files/createTempDirectory "ledger-test" (make-array FileAttribute 0))))

(defn- delete [folder]
  (run! io/delete-file (reverse (file-seq folder))))

(defn with-server
  "Calls `body` with a running system."
  [body]
  (let [folder (temporary-folder)
        listener {:host "127.0.0.1", :port 0}]
    (try
      (let [running (system/start (assoc config/defaults
                                         :server listener, :healthz listener, :console listener
                                         :storage {:path (str folder "/data"), :cache 1024}))]
        (try (body running)
             (finally (system/stop running))))
      (finally (delete folder)))))
