;; What the warm tier freezes: the ledger's code, loaded and run once on a database of its own, which is closed again. Its ports
;; are the recipe's, so that the recipe's warm-up can ask it; its data are below the temporary folder, removed at the end.
(ns exercise
  (:require [clojure.java.io :as io]
            [ledger.cli :as cli]
            [ledger.config :as config]
            [ledger.logging :as logging]
            ;; For what only it loads.
            [ledger.main]
            [ledger.system :as system])
  (:import [java.nio.file Files]
           [java.nio.file.attribute FileAttribute]))

(defn- remove-folder [folder]
  (run! io/delete-file (reverse (file-seq folder))))

(cli/parse ["-f" "config.yaml"])

(let [folder (.toFile (Files/createTempDirectory "exercise" (make-array FileAttribute 0)))
      config (config/parse "the exercise" (str "storage: {path: " (io/file folder "ledger") "}"))]
  (logging/configure! (get-in config [:log :level]))
  (let [running (system/start config)]
    (fn []
      (system/stop running)
      (remove-folder folder))))
