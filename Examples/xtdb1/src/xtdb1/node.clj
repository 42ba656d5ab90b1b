(ns xtdb1.node
  "The XTDB node: opened from the configuration, and how far it has come."
  (:require [clojure.java.io :as io]
            [xtdb.api :as xt]
            [xtdb.db :as db])
  (:import [java.nio.file FileSystemException]))

(defn- stores
  "What XTDB is told: three RocksDB databases in one folder, with one block cache."
  [{:keys [rocksdb block-cache]}]
  (letfn [(in-folder [folder]
            {:kv-store {:xtdb/module 'xtdb.rocksdb/->kv-store
                        :db-dir      (io/file rocksdb folder)
                        :block-cache :xtdb.rocksdb/block-cache}})]
    {:xtdb.rocksdb/block-cache {:xtdb/module 'xtdb.rocksdb/->lru-block-cache
                                :cache-size  block-cache}
     :xtdb/tx-log              (in-folder "tx-log")
     :xtdb/document-store      (in-folder "documents")
     :xtdb/index-store         (in-folder "indexes")}))

(defn progress
  "Ids of the last transaction in the log and of the last one that is indexed; -1: none."
  [node]
  {:submitted (::xt/tx-id (xt/latest-submitted-tx node) -1)
   :completed (::xt/tx-id (xt/latest-completed-tx node) -1)})

(defn- reason
  "What went wrong first: XTDB wraps it in one exception for each part that depends on it."
  [error]
  (let [cause (last (take-while some? (iterate #(.getCause ^Throwable %) error)))]
    ;; The text of these is just the file's name.
    (if (instance? FileSystemException cause) (str cause) (ex-message cause))))

(defn open
  "A running node; `::target` is the last transaction that the log held when it was opened."
  [storage]
  (let [node (try
               (xt/start-node (if (= :memory storage) {} (stores storage)))
               (catch Exception e
                 (throw (ex-info (str (reason e)) {} e))))]
    (assoc node ::target (:submitted (progress node)))))

(defn close [^java.io.Closeable node]
  (.close node))

(defn caught-up?
  "Whether all that the log held when the node was opened is indexed. Before, queries would miss what is there."
  [node]
  (>= (:completed (progress node)) (::target node)))

(defn failure
  "What stopped the node from indexing, if anything did: it serves reads then, but no transaction takes effect."
  [node]
  (db/ingester-error (:tx-ingester node)))
