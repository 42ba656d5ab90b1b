(ns ledger.pgwire.errors
  "H2's errors as PostgreSQL's: SQLSTATE, message, position."
  (:require [clojure.string :as str])
  (:import [java.sql SQLException]))

(def ^:private states
  "H2's SQLSTATE → PostgreSQL's, where they differ."
  {"42000" "42601", "42001" "42601"            ; syntax_error
   "42S01" "42P07"                             ; duplicate_table
   "42S02" "42P01", "42S03" "42P01", "42S04" "42P01" ; undefined_table
   "42S11" "42P07"                             ; an index exists
   "42S12" "42704"                             ; no such index
   "42S21" "42701"                             ; duplicate_column
   "42S22" "42703"                             ; undefined_column
   "21S02" "42601"                             ; columns and values differ in number
   "22018" "22P02"                             ; invalid_text_representation
   "22007" "22007", "23506" "23503", "23514" "23514", "23513" "23514"
   "HY004" "42704"                             ; no such type
   "HY008" "57014" "57014" "57014"             ; query_canceled
   "HYT00" "55P03"                             ; lock_not_available
   "40001" "40001"})

(def ^:private vendor-states
  "H2's own error codes, which it gives as SQLSTATE as well."
  {90022 "42883"                               ; function not found
   90016 "42803" 90054 "42803"                 ; must be grouped
   90079 "3F000" 90078 "42P06"                 ; schema missing, exists
   90035 "42P07" 90036 "42P01" 90037 "42P01" 90038 "42P07" ; sequences, views
   90045 "42710" 90057 "42704"                 ; constraints
   90063 "3B001"                               ; no such savepoint
   90012 "08P01"                               ; parameter not set
   90106 "0A000" 90107 "2BP01" 90109 "42P01"   ; drop with dependents
   90131 "40001" 90085 "2BP01"})

(defn- first-line [^String message]
  ;; H2 appends the statement and its own error number.
  (-> (or message "unknown error")
      (str/split #"; SQL statement:" 2)
      first
      (str/replace #" \[\d+-\d+\]$" "")
      str/trim))

(defn- marked
  "H2 marks the place of a syntax error with [*] in a copy of the statement: [text before, text after]."
  [^String message]
  (when-let [[_ before after] (re-find #"(?s)^Syntax error in SQL statement \"(.*?)\[\*\](.*?)\"(?:;|$)" message)]
    (map #(str/replace % "\"\"" "\"") [before after])))

(defn- syntax-error [[_ after]]
  (if-let [near (re-find #"(?s)^\s*(\w+|\S)" after)]
    (str "syntax error at or near \"" (second near) "\"")
    "syntax error at end of input"))

(def ^:private wordings
  "H2's words → PostgreSQL's, which clients and people look for."
  [[#"^Table \"(.*?)\" not found.*"                  "relation \"$1\" does not exist"]
   [#"^Column \"(.*?)\" not found.*"                 "column \"$1\" does not exist"]
   [#"^Schema \"(.*?)\" not found.*"                 "schema \"$1\" does not exist"]
   [#"^Function \"(.*?)\" not found.*"               "function $1 does not exist"]
   [#"^Unknown data type: \"(.*?)\".*"               (fn [[_ name]] (str "type \"" (str/lower-case name) "\" does not exist"))]
   [#"^(?:Table|View) \"(.*?)\" already exists.*"    "relation \"$1\" already exists"]
   [#"^Division by zero.*"                           "division by zero"]
   [#"^NULL not allowed for column \"(.*?)\".*"      "null value in column \"$1\" violates not-null constraint"]
   [#"(?s)^Unique index or primary key violation: \"(?:\w+\.)?(\w+).*"
    "duplicate key value violates unique constraint \"$1\""]
   [#"(?s)^Check constraint violation: \"(\w+).*"    "new row violates check constraint \"$1\""]
   [#"(?s)^Referential integrity constraint violation: \"(\w+).*"
    "violates foreign key constraint \"$1\""]])

(defn- reworded [message]
  (or (some (fn [[pattern wording]]
              (when (re-find pattern message) (str/replace message pattern wording)))
            wordings)
      message))

(defn from-sql
  "The fields of an ErrorResponse for an exception of JDBC. :before is the text up to the error, where H2 tells."
  [^SQLException error]
  (let [message (or (.getMessage error) "")
        state (.getSQLState error)
        marked (marked message)]
    {:sqlstate (or (get vendor-states (.getErrorCode error))
                   (get states state)
                   (when (and state (re-matches #"[0-4][0-9A-Z]{4}" state)) state)
                   "XX000")
     :message (if marked (syntax-error marked) (reworded (first-line message)))
     :before (first marked)}))

(defn from-throwable
  "The fields of an ErrorResponse for any exception."
  [error]
  (cond
    (:sqlstate (ex-data error))
    (assoc (select-keys (ex-data error) [:sqlstate :fatal :hint :detail :position]) :message (ex-message error))

    (instance? SQLException error)
    (from-sql error)

    (instance? OutOfMemoryError error)
    {:sqlstate "53200", :message "out of memory"}

    :else
    {:sqlstate "XX000", :message (str "internal error: " (or (ex-message error) (class error)))}))

(defn error
  "An exception that a client sees as this error."
  ([sqlstate message] (error sqlstate message {}))
  ([sqlstate message more] (ex-info message (merge {:sqlstate sqlstate} more))))

(defn- located
  "The fields with the error's position in the client's text, if H2 got it as the client wrote it up to there."
  [{:keys [before] :as fields} {:keys [source offset]}]
  (cond-> (dissoc fields :before)
    (and before source (str/starts-with? source before)) (assoc :position (+ offset (count before) 1))))

(defn in-statement
  "An exception of JDBC as one that a client sees, with the place in its text."
  [^SQLException error statement]
  (let [{:keys [message] :as fields} (located (from-sql error) statement)]
    (ex-info message fields error)))
