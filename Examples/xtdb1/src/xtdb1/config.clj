(ns xtdb1.config
  "The EDN configuration: defaults, the file on top of them, every key checked."
  (:require [clojure.edn :as edn]
            [clojure.java.io :as io]
            [clojure.string :as str]
            [xtdb1.logging :as logging]))

(def defaults
  {:host    "*"
   :ports   {:xtdb 3000, :health 8080}
   :storage {:rocksdb "/var/lib/xtdb", :block-cache (* 8 1024 1024)}
   :log     :info})

(defn- invalid [source & reason]
  (throw (ex-info (str source ": " (str/join reason)) {:type ::invalid})))

(defn- port? [value]
  (and (int? value) (<= 0 value 65535)))

(defn- text? [value]
  (and (string? value) (not (str/blank? value))))

(def ^:private checks
  "[path, what it must be, test]"
  [[[:host] "a host name, an address or \"*\"" text?]
   [[:ports :xtdb] "a port from 0 to 65535" port?]
   [[:ports :health] "a port from 0 to 65535, or nil" #(or (nil? %) (port? %))]
   [[:log] "one of :error, :warn, :info, :debug" #(contains? logging/levels %)]])

(def ^:private storage-checks
  [[[:storage :rocksdb] "the path of a folder" text?]
   [[:storage :block-cache] "a number of bytes above 0" pos-int?]])

(defn- check-known [source path known given]
  (when-not (map? given)
    (invalid source (if (seq path) (str (pr-str path) " is ") "expected a map at the top, found ") (pr-str given)
             (when (seq path) ", expected a map")))
  (doseq [k (keys given) :when (not (contains? known k))]
    (invalid source "unknown key " (pr-str (conj path k)) "; known here: " (str/join ", " (sort (keys known))))))

(defn check
  "The configuration as given, filled with the defaults; throws an ex-info of type ::invalid for what makes no sense."
  [source given]
  (check-known source [] defaults given)
  (check-known source [:ports] (:ports defaults) (:ports given {}))
  (when-not (= :memory (:storage given))
    (check-known source [:storage] (:storage defaults) (:storage given {})))
  (let [config (merge-with #(if (and (map? %1) (map? %2)) (merge %1 %2) %2) defaults given)]
    (doseq [[path expected good?] (cond->> checks (map? (:storage config)) (concat storage-checks))
            :let [value (get-in config path)]
            :when (not (good? value))]
      (invalid source (pr-str path) " is " (pr-str value) ", expected " expected))
    config))

(defn parse
  "Configuration from EDN text; `source` names it in errors."
  [source text]
  (check source (try
                  (or (edn/read-string {:eof nil} text) {})
                  (catch RuntimeException e
                    (invalid source "not EDN: " (.getMessage e))))))

(defn load-file-or-defaults
  "Reads `path`; without one the defaults hold. XTDB_LOGGING_LEVEL of the environment wins over the file's log level."
  [path environment]
  (let [config (cond
                 (nil? path)               defaults
                 (.isFile (io/file path))  (parse path (slurp path))
                 :else                     (invalid path "no such file"))]
    (if-let [level (get environment "XTDB_LOGGING_LEVEL")]
      (check "XTDB_LOGGING_LEVEL" (assoc config :log (keyword (str/lower-case level))))
      config)))

(defn address
  "The address to bind: '*' is every interface."
  [{:keys [host]}]
  (if (= host "*") "0.0.0.0" host))
