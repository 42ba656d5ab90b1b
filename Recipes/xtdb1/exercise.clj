;; What the warm tier freezes: XTDB's code, loaded and run once on a node of its own, which is closed again. Its ports are the
;; recipe's, so that the recipe's warm-up can ask it; its data are below the temporary folder, removed at the end.
(ns exercise
  ;; First, since the others' records go where it says.
  (:require [xtdb1.logging :as logging]
            [clojure.java.io :as io]
            [xtdb.api :as xt]
            [xtdb1.cli :as cli]
            [xtdb1.config :as config]
            ;; For what only it loads.
            [xtdb1.main]
            [xtdb1.node :as node]
            [xtdb1.system :as system])
  (:import [java.nio.file Files]
           [java.nio.file.attribute FileAttribute]))

(defn- remove-folder [folder]
  (run! io/delete-file (reverse (file-seq folder))))

(defn- ask
  "A node of the other kind of storage is asked a little."
  [storage]
  (let [node (node/open storage)]
    (try
      (xt/await-tx node (xt/submit-tx node [[::xt/put {:xt/id :exercise, :name "Ada"}]]))
      (xt/q (xt/db node) '{:find [e], :where [[e :name "Ada"]]})
      (xt/entity-history (xt/db node) :exercise :asc {:with-docs? true})
      (finally
        (node/close node)))))

(cli/parse ["-f" "config.edn"])

(let [folder (.toFile (Files/createTempDirectory "exercise" (make-array FileAttribute 0)))
      config (config/parse "the exercise" (pr-str {:storage {:rocksdb (str folder)}}))]
  (logging/configure! (:log config))
  (ask :memory)
  (let [running (system/start config)]
    (fn []
      (system/stop running)
      (remove-folder folder))))
