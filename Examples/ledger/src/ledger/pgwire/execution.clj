(ns ledger.pgwire.execution
  "Runs one statement: transaction control and settings here, everything else in H2."
  (:require [clojure.string :as str]
            [ledger.pgwire.codec :as codec]
            [ledger.pgwire.errors :as errors]
            [ledger.pgwire.lexer :as lexer]
            [ledger.pgwire.select-list :as select-list]
            [ledger.pgwire.settings :as settings]
            [ledger.pgwire.transaction :as transaction]
            [ledger.pgwire.types :as types]
            [ledger.pgwire.values :as values])
  (:import [java.sql Connection ResultSet Statement]
           [java.util.concurrent.atomic AtomicReference]))

(def text-column {:type :text, :oid 25, :size -1, :modifier -1})

(defn columns
  "Columns of a result, under the names PostgreSQL would give them."
  [metadata {:keys [words tokens]}]
  (let [found (types/columns metadata)
        items (when (= "select" (first words)) (select-list/items tokens))]
    (if (= (count items) (count found))
      (mapv #(if-let [name (select-list/output-name %2)] (assoc %1 :name name) %1) found items)
      found)))

(defn with-formats
  "Result formats as Bind gives them: none is text, one is for all, else one a column."
  [columns formats]
  (case (count formats)
    0 columns
    1 (mapv #(assoc % :format (first formats)) columns)
    (if (= (count formats) (count columns))
      (mapv #(assoc %1 :format %2) columns formats)
      (throw (codec/protocol-error "number of result formats and of columns differ")))))

(defn running
  "Calls `run` while `statement` can be cancelled from another connection."
  [{:keys [^AtomicReference current]} ^Statement statement run]
  (let [done (promise)]
    (.set current {:statement statement, :done done})
    (try (run)
         (finally (.set current nil)
                  (deliver done true)))))

(defn cancel
  "Stops the statement that runs now, if any. Called from another thread."
  [{:keys [^AtomicReference current]}]
  (when-let [{:keys [^Statement statement done]} (.get current)]
    ;; JDBC forgets a cancel that comes before H2 has begun with the statement: ask again until it has ended.
    (loop [attempts 100]
      (when (pos? attempts)
        (.cancel statement)
        (when-not (deref done 20 false)
          (recur (dec attempts)))))))

(defn send-rows
  "Sends up to `limit` rows (0: all); returns [how many, whether there are more]."
  [out ^ResultSet rows columns limit]
  (let [n (count columns)]
    (loop [sent 0]
      (cond
        (and (pos? limit) (= sent limit)) [sent (not (.isAfterLast rows))]
        (.next rows) (do (codec/data-row out (mapv #(values/cell rows (inc %) (nth columns %)) (range n)))
                         (recur (inc sent)))
        :else [sent false]))))

(defn tag-with-count [tag n]
  (case tag
    "INSERT" (str "INSERT 0 " n)
    ("SELECT" "UPDATE" "DELETE" "MERGE") (str tag " " n)
    tag))

;; --- statements that H2 does not see -----------------------------------------------------------

(defn- complete [out {:keys [tag warning]}]
  (when warning (codec/notice out warning))
  (codec/command-complete out tag))

(defn- savepoint-name [tokens]
  (lexer/text (take-last 1 (remove lexer/blank? tokens))))

(defn- setting [session name]
  (or (get @(:settings session) name)
      (throw (errors/error "42704" (str "unrecognized configuration parameter \"" name "\"")))))

(defn- assign! [{:keys [settings out]} [name value]]
  (when (and (= name "client_encoding") (not (#{"UTF8" "UTF-8" "UNICODE" "DEFAULT"} (str/upper-case value))))
    (throw (errors/error "0A000" (str "client_encoding " value " is not supported, only UTF8"))))
  (swap! settings assoc name value)
  (when-let [reported (some #(when (= name (str/lower-case %)) %) settings/reported)]
    (codec/parameter-status out reported value)))

(defn shown-columns
  "What SHOW gives; nil for other statements."
  [{:keys [kind tokens]}]
  (when (= kind :show)
    [(assoc text-column :name (settings/subject tokens))]))

(defn- show [{:keys [out settings] :as session} {:keys [tokens]}]
  (let [name (settings/subject tokens)]
    (if (= name "all")
      (doseq [[k v] (sort @settings)]
        (codec/data-row out [(.getBytes (str k " = " v) "UTF-8")]))
      (codec/data-row out [(.getBytes ^String (setting session name) "UTF-8")]))
    (codec/command-complete out "SHOW")))

(defn control
  "Runs a statement of a kind other than :sql. `describe` says whether SHOW describes its column."
  [{:keys [out connection transaction settings] :as session} {:keys [kind tokens source tag words] :as statement} describe]
  (case kind
    :begin       (complete out {:tag "BEGIN", :warning (transaction/begin! transaction connection)})
    :commit      (complete out (transaction/commit! transaction connection))
    :rollback    (complete out (transaction/rollback! transaction connection))
    :savepoint   (do (transaction/savepoint! transaction connection source)
                     (complete out {:tag "SAVEPOINT"}))
    :rollback-to (do (transaction/rollback-to! transaction connection (savepoint-name tokens))
                     (complete out {:tag "ROLLBACK"}))
    ;; A savepoint that is never rolled back to does no harm: H2 cannot release one.
    :release     (complete out {:tag "RELEASE"})
    :set         (do (assign! session (settings/assignment tokens))
                     (complete out {:tag "SET"}))
    :reset       (let [name (settings/subject tokens)]
                   (if (= name "all")
                     (reset! settings settings/initial)
                     (assign! session [name (get settings/initial name "")]))
                   (complete out {:tag "RESET"}))
    :show        (do (when describe (codec/row-description out (shown-columns statement)))
                     (show session statement))
    :discard     (complete out {:tag (str "DISCARD " (str/upper-case (or (second words) "ALL")))})
    :deallocate  (do ((:deallocate session) (savepoint-name tokens))
                     (complete out {:tag "DEALLOCATE"}))
    :accepted    (complete out {:tag tag})
    :unsupported (throw (errors/error "0A000" (str tag " is not supported")))))

;; --- the simple protocol -------------------------------------------------------------------------

(defn- in-h2 [{:keys [^Connection connection out] :as session} {:keys [sql tag] :as statement}]
  (with-open [jdbc (.createStatement connection)]
    (running session jdbc
             (fn []
               (if (.execute jdbc sql)
                 (let [rows (.getResultSet jdbc)
                       described (columns (.getMetaData rows) statement)]
                   (codec/row-description out described)
                   (codec/command-complete out (tag-with-count tag (first (send-rows out rows described 0)))))
                 (codec/command-complete out (tag-with-count tag (max 0 (.getLargeUpdateCount jdbc)))))))))

(defn simple
  "Runs one statement of a Query message."
  [{:keys [transaction] :as session} {:keys [kind] :as statement}]
  (transaction/check-usable transaction kind)
  (if (= kind :sql)
    (in-h2 session statement)
    (control session statement true)))
