(ns ledger.config
  "The YAML configuration: defaults, the file on top of them, checked against a schema."
  (:require [clj-yaml.core :as yaml]
            [clojure.java.io :as io]
            [clojure.string :as str]
            [ledger.logging :as logging]
            [schema.core :as s]
            [schema.utils :as su]))

(def Port (s/constrained s/Int #(<= 0 % 65535) 'port-number))
(def Listener {:host s/Str, :port Port})

(def Config
  {:server  Listener
   :healthz (s/maybe Listener)
   :console (s/maybe Listener)
   :storage {:path s/Str, :cache (s/constrained s/Int pos? 'positive)}
   :users   {s/Keyword s/Str}
   :log     {:level (s/constrained s/Str #(contains? logging/levels %) 'error-warn-info-or-debug)}})

(def defaults
  {:server  {:host "*", :port 5432}
   :healthz {:host "*", :port 8080}
   :console {:host "*", :port 3000}
   :storage {:path "/var/lib/ledger/ledger", :cache 8192}
   :users   {:ledger "ledger"}
   :log     {:level "info"}})

(defn- merge-section [default given]
  (if (and (map? default) (map? given)) (merge default given) given))

(defn- with-defaults [given]
  ;; The users of a file replace the default one: nobody wants its password left open.
  (merge-with merge-section (cond-> defaults (:users given) (dissoc :users)) given))

(defn- plain [value]
  (cond
    (map? value)        (into {} (map (fn [[k v]] [k (plain v)])) value)
    (sequential? value) (mapv plain value)
    :else               value))

(defn- describe [problem]
  (str/join "; " (for [[k v] problem] (str (name k) ": " (pr-str v)))))

(defn check
  "The configuration as given if it is valid; else throws an ex-info of type ::invalid."
  [source config]
  (if-let [problem (s/check Config config)]
    (throw (ex-info (str source ": not a valid configuration: "
                         (if (map? problem) (describe problem) (pr-str (su/error-val problem))))
                    {:type ::invalid}))
    config))

(defn parse
  "Configuration from YAML text; `source` names it in errors."
  [source text]
  (let [given (try (plain (yaml/parse-string text))
                   (catch org.yaml.snakeyaml.error.YAMLException e
                     (throw (ex-info (str source ": not YAML: " (.getMessage e)) {:type ::invalid} e))))]
    (when-not (or (nil? given) (map? given))
      (throw (ex-info (str source ": expected a map of sections at the top") {:type ::invalid})))
    (check source (with-defaults given))))

(defn load-file-or-defaults
  "Reads `path`; without one the defaults hold. LEDGER_LOG of the environment wins over the file's log level."
  [path environment]
  (let [config (cond
                 (nil? path) defaults
                 (.isFile (io/file path)) (parse path (slurp path))
                 :else (throw (ex-info (str path ": no such file") {:type ::invalid})))]
    (if-let [level (get environment "LEDGER_LOG")]
      (check "LEDGER_LOG" (assoc-in config [:log :level] (str/lower-case level)))
      config)))

(defn address
  "The address to bind for a listener's host: '*' is every interface."
  [{:keys [host]}]
  (if (= host "*") "0.0.0.0" host))
