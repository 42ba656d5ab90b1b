(ns xtdb1.coding
  "Between bodies and values: EDN, which can say all that XTDB holds, and JSON, which most can read."
  (:require [clojure.data.json :as json]
            [clojure.edn :as edn]
            [clojure.instant :as instant]
            [clojure.string :as str]
            [xtdb.codec :as codec]
            [xtdb1.http :as http])
  (:import [java.time Instant]
           [java.util Date]))

(def ^:private readers
  {'xtdb/id              codec/id-edn-reader
   'crux/id              codec/id-edn-reader
   'xtdb/base64          codec/base64-reader
   'xtdb/duration        codec/duration-reader
   'xtdb/instant         codec/instant-reader
   'xtdb/zdt             codec/zdt-reader
   'xtdb/local-date      codec/local-date-reader
   'xtdb/local-time      codec/local-time-reader
   'xtdb/local-date-time codec/local-date-time-reader})

(defn read-edn
  "`what` names the text in the answer to someone whose text is not EDN."
  [what text]
  (let [value (try
                (edn/read-string {:readers readers, :eof ::nothing} text)
                (catch RuntimeException e
                  (http/refuse 400 "Malformed EDN in " what ": " (ex-message e))))]
    (when (= ::nothing value)
      (http/refuse 400 "No EDN in " what))
    value))

(defn read-json [what text]
  (try
    (json/read-str text :key-fn keyword)
    (catch Exception e
      (http/refuse 400 "Malformed JSON in " what ": " (ex-message e)))))

(defn read-date [what text]
  (try
    (instant/read-instant-date text)
    (catch RuntimeException _
      (http/refuse 400 what ": expected a date such as 2024-02-29T12:00:00Z, found " (pr-str text)))))

(defn read-whole [what text]
  (or (try (Long/parseLong text) (catch NumberFormatException _))
      (http/refuse 400 what ": expected a whole number, found " (pr-str text))))

(defn read-flag [what text]
  (case text
    "true"  true
    "false" false
    (http/refuse 400 what ": expected true or false, found " (pr-str text))))

(defn json-body? [{:keys [content-type]}]
  (boolean (some-> content-type (str/includes? "json"))))

;; --- answers ---------------------------------------------------------------------------------------

(defn- camel-case [text]
  (str/replace text #"-(\w)" (comp str/upper-case second)))

(defn- json-key
  "Keys of XTDB's own answers in camel case, as its API has them; those of documents as they are."
  [k]
  (cond
    (not (keyword? k))                             (str k)
    (some-> (namespace k) (str/starts-with? "xtdb.")) (camel-case (name k))
    :else                                          (subs (str k) 1)))

(defn- json-value [value]
  (cond
    (instance? Date value)                            (str (.toInstant ^Date value))
    (instance? Instant value)                         (str value)
    (keyword? value)                                  (subs (str value) 1)
    (map? value)                                      (into {} (map (fn [[k v]] [(json-key k) (json-value v)])) value)
    (or (sequential? value) (set? value))             (mapv json-value value)
    (or (nil? value) (boolean? value) (string? value)
        (number? value))                              value
    :else                                             (str value)))

(defn- write-edn [value]
  (binding [*print-length* nil, *print-level* nil, *print-namespace-maps* false]
    (pr-str value)))

(defn answer
  "The value as EDN, or as JSON when that is what the caller accepts."
  [{:keys [accept]} status value]
  (let [json? (some-> accept (str/includes? "json"))]
    {:status  status
     :headers {"Content-Type" (if json? "application/json; charset=utf-8" "application/edn; charset=utf-8")}
     :body    (str (if json? (json/write-str (json-value value) :escape-slash false) (write-edn value)) "\n")}))
