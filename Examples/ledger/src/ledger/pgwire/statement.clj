(ns ledger.pgwire.statement
  "One statement of a client: what it is, and how H2 spells it."
  (:require [clojure.string :as str]
            [ledger.pgwire.catalog :as catalog]
            [ledger.pgwire.lexer :as lexer]
            [ledger.pgwire.settings :as settings]
            [ledger.pgwire.types :as types]))

;; --- what it is ------------------------------------------------------------------------------

(defn- words
  "The first words of a statement, lower case; an opening bracket counts as none."
  [tokens]
  (->> tokens (remove lexer/blank?) (drop-while #(= "(" (second %))) (map lexer/word) (take-while some?) (take 6)))

(defn- create-tag [[_ & more]]
  (let [kind (first (remove #{"or" "replace" "temp" "temporary" "local" "global" "unique" "recursive" "unlogged"
                              "cached" "memory"} more))]
    (str "CREATE " (str/upper-case (or kind "")))))

(defn- tag
  "The command tag without a row count."
  [[head second :as head-words]]
  (case head
    ("select" "values" "table" "with" "show") "SELECT"
    ("insert" "update" "delete" "merge")      (str/upper-case head)
    "create"                                  (create-tag head-words)
    ("drop" "alter")                          (str/upper-case (str head " " second))
    "truncate"                                "TRUNCATE TABLE"
    (str/upper-case (or head ""))))

(def ^:private control
  {"begin" :begin, "commit" :commit, "end" :commit, "rollback" :rollback, "abort" :rollback
   "savepoint" :savepoint, "release" :release, "set" :set, "reset" :reset, "show" :show
   "discard" :discard, "deallocate" :deallocate, "copy" :unsupported, "listen" :accepted, "unlisten" :accepted
   "notify" :accepted, "vacuum" :accepted, "lock" :accepted, "declare" :unsupported, "fetch" :unsupported
   "prepare" :unsupported, "execute" :unsupported})

(defn- kind [[head second third]]
  (case [head second]
    ["start" "transaction"] :begin
    ["prepare" "transaction"] :unsupported
    ["rollback" "to"] :rollback-to
    (cond
      (and (= head "rollback") (= third "to")) :rollback-to
      (= head "set") (if (= second "transaction") :accepted :set)
      :else (get control head :sql))))

;; --- what its parameters are ------------------------------------------------------------------

(def ^:private hinted-types
  (merge (into {} (map (fn [[type {:keys [oid]}]] [(name type) oid])) types/by-name)
         {"int" 23, "integer" 23, "bigint" 20, "smallint" 21, "boolean" 16, "decimal" 1700, "real" 700, "jsonb" 114
          "double" 701}))

(defn- hint [[a b c d]]
  (when (= :parameter (first a))
    (let [type (cond (= :cast (first b)) c
                     (= "as" (lexer/word b)) c)]
      (when-let [oid (get hinted-types (lexer/word type))]
        ;; Not for arrays: int[] is another type.
        (when-not (= "[" (second d))
          [(parse-long (subs (second a) 1)) oid])))))

(defn- parameter-hints
  "Parameter number → OID, from casts: $1::int and CAST($1 AS int). H2 does not infer them."
  [tokens]
  (into {} (keep hint) (partition-all 4 1 (remove lexer/blank? tokens))))

;; --- how H2 spells it ------------------------------------------------------------------------

(def ^:private c-escapes
  {"n" "\n", "t" "\t", "r" "\r", "b" "\b", "f" "\f", "\\" "\\", "'" "''"})

(defn- plain-string
  "E'a\\nb' as a plain literal."
  [string]
  (-> (subs string 2 (dec (count string)))
      (str/replace #"(?s)\\(x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{4}|.)"
                   (fn [[_ escape]]
                     (if (re-matches #"[xu][0-9a-fA-F]+" escape)
                       (str (char (Integer/parseInt (subs escape 1) 16)))
                       (get c-escapes escape escape))))
      (as-> s (str "'" s "'"))))

(defn- dollar-string [string]
  (let [tag-length (inc (str/index-of string "$" 1))]
    (str "'" (str/replace (subs string tag-length (- (count string) tag-length)) "'" "''") "'")))

(def ^:private type-names
  "Types that H2 has under another name only."
  {"timestamptz" "timestamp with time zone", "timetz" "time with time zone", "jsonb" "json"})

(defn- rewrite-token [[kind text :as token]]
  (case kind
    :parameter [:parameter (str "?" (subs text 1))]
    :string    (if (#{\e \E} (first text)) [:string (plain-string text)] token)
    :dollar    [:string (dollar-string text)]
    :word      (if-let [other (type-names (str/lower-case text))] [:word other] token)
    :operator  (case text
                 "!~"  [:operator " NOT REGEXP "]
                 "~~"  [:operator " LIKE "]
                 "!~~" [:operator " NOT LIKE "]
                 token)
    token))

(defn- call? [[a b c] name]
  (and (= name (lexer/word a)) (= "(" (second b)) (= ")" (second c))))

(defn- interval [[a b c]]
  (when (and (= "interval" (lexer/word a)) (= :space (first b)) (= :string (first c)))
    (when-let [[_ amount unit] (re-matches #"(?i)'([-+]?\d+)\s*(second|minute|hour|day|month|year)s?'" (second c))]
      [:word (str "INTERVAL '" amount "' " (str/upper-case unit))])))

(defn- array-type? [[a b c]]
  (and (= :word (first a)) (= "[" (second b)) (= "]" (second c))))

(defn- cast-literal
  "'…'::json and '\\x…'::bytea as H2's literals: its casts from text mean something else."
  [[a b c]]
  (when (and (= :string (first a)) (= :cast (first b)))
    (case (lexer/word c)
      "json"  [:string (str "JSON " (second a))]
      "bytea" (when-let [[_ hex] (re-matches #"'\\x((?:[0-9a-fA-F]{2})*)'" (second a))]
                [:string (str "X'" hex "'")])
      nil)))

(defn- rewrite-calls
  "Literals with a cast, now(), version(), pg_backend_pid(), current_setting('…'), INTERVAL '1 day' and the type int[]."
  [tokens {:keys [pid setting]}]
  (loop [[a b c d :as rest] tokens, done []]
    (cond
      (nil? a)                      done
      (call? rest "now")            (recur (drop 3 rest) (conj done [:word "current_timestamp"]))
      (call? rest "version")        (recur (drop 3 rest) (conj done [:string (str "'" settings/version "'")]))
      (call? rest "pg_backend_pid") (recur (drop 3 rest) (conj done [:number (str pid)]))
      (and (= "current_setting" (lexer/word a)) (= "(" (second b)) (= :string (first c)) (= ")" (second d)))
      (let [value (setting (str/replace (second c) "'" ""))]
        (recur (drop 4 rest) (conj done [:string (if value (str "'" value "'") "NULL")])))
      (cast-literal rest)           (recur (drop 3 rest) (conj done (cast-literal rest)))
      (array-type? rest)            (recur (drop 3 rest) (conj done a [:word " ARRAY"]))
      (interval rest)               (recur (drop 3 rest) (conj done (interval rest)))
      :else                         (recur (next rest) (conj done a)))))

(defn- top-level-index
  "Where the word `wanted` stands outside of brackets."
  [tokens wanted]
  (loop [i 0, depth 0]
    (when (< i (count tokens))
      (let [token (nth tokens i)]
        (cond
          (and (zero? depth) (= wanted (lexer/word token))) i
          (= "(" (second token)) (recur (inc i) (inc depth))
          (= ")" (second token)) (recur (inc i) (dec depth))
          :else (recur (inc i) depth))))))

(defn- rewrite-returning
  "INSERT … RETURNING x is SELECT x FROM FINAL TABLE (INSERT …) in the SQL standard, and so in H2."
  [tokens head]
  (if-let [i (and (#{"insert" "update" "delete"} head) (top-level-index tokens "returning"))]
    (str "SELECT " (lexer/text (drop (inc i) tokens))
         " FROM " (if (= head "delete") "OLD" "FINAL") " TABLE (" (lexer/text (take i tokens)) ")")
    (lexer/text tokens)))

(defn- statement [offset tokens session]
  (let [source (lexer/text tokens)
        head (words tokens)
        kind (kind head)]
    (cond-> {:kind kind, :tag (tag head), :words head, :source source, :offset offset, :tokens tokens}
      (= kind :sql) (assoc :hints (parameter-hints tokens)
                           :sql (or (catalog/answer source)
                                    (-> (mapv rewrite-token tokens)
                                        (rewrite-calls session)
                                        (rewrite-returning (first head))))))))

(defn parse
  "The statements of a text, each {:kind … :tag … :source text, :offset where it starts, :sql text for H2}. `session`
  gives :pid and :setting, which the rewriting needs."
  [text session]
  (mapv (fn [[offset tokens]] (statement offset tokens session))
        (lexer/statements (lexer/tokens text))))
