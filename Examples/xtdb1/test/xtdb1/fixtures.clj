(ns xtdb1.fixtures
  "A whole server on free ports, a folder of its own, and a client."
  (:require [clojure.edn :as edn]
            [clojure.java.io :as io]
            [xtdb1.config :as config]
            [xtdb1.http :as http]
            [xtdb1.system :as system])
  (:import [java.net HttpURLConnection URI URLEncoder]
           [java.nio.file Files]
           [java.nio.file.attribute FileAttribute]))

(defn with-folder
  "Calls `body` with the path of a folder that is gone afterwards."
  [body]
  (let [folder (.toFile (Files/createTempDirectory "xtdb1-test" (make-array FileAttribute 0)))]
    (try
      (body (str folder))
      (finally (run! io/delete-file (reverse (file-seq folder)))))))

(defn with-server
  "Calls `body` with a running system."
  [storage body]
  (let [running (system/start (assoc config/defaults
                                     :host "127.0.0.1", :ports {:xtdb 0, :health 0}, :storage storage))]
    (try (body running)
         (finally (system/stop running)))))

(defn- query-string [parameters]
  (apply str (interpose "&" (for [[k v] parameters] (str (name k) "=" (URLEncoder/encode (str v) "UTF-8"))))))

(defn ask
  "[status, body] of a request; `part` is :api or :health."
  [system part method path {:keys [parameters body headers]}]
  (let [uri (URI. (str "http://127.0.0.1:" (http/port (get system part)) path "?" (query-string parameters)))
        ^HttpURLConnection connection (.openConnection (.toURL uri))]
    (doto connection (.setRequestMethod method) (.setReadTimeout 20000))
    (doseq [[k v] headers]
      (.setRequestProperty connection k v))
    (when body
      (.setDoOutput connection true)
      (with-open [out (.getOutputStream connection)]
        (.write out (.getBytes ^String body "UTF-8"))))
    (let [status (.getResponseCode connection)
          in (if (< status 400) (.getInputStream connection) (.getErrorStream connection))]
      [status (if in (slurp in) "")])))

(defn- edn [[status body]]
  [status (edn/read-string {:default (fn [_ value] value)} body)])

(defn get-edn [system path & {:as parameters}]
  (edn (ask system :api "GET" (str "/_xtdb/" path) {:parameters parameters})))

(defn post-edn [system path value]
  (edn (ask system :api "POST" (str "/_xtdb/" path) {:body (pr-str value)})))

(defn submit!
  "Submits operations and waits until they are indexed."
  [system & operations]
  (let [[status tx] (post-edn system "submit-tx" {:tx-ops (vec operations)})]
    (assert (= 202 status) (pr-str tx))
    (get-edn system "await-tx" :txId (:xtdb.api/tx-id tx) :timeout 20000)
    tx))

(defn q [system query & arguments]
  (second (post-edn system "query" {:query query, :in-args (vec arguments)})))
