(ns ledger.pgwire.catalog
  "psql's backslash commands. Their queries use PostgreSQL's catalogue in ways that H2 cannot follow, so they are
  recognised by their shape and answered from information_schema. Best effort: \\d, \\dt, \\dv, \\di, \\ds, \\d NAME,
  \\dn, \\du, \\l."
  (:require [clojure.string :as str]
            [ledger.pgwire.lexer :as lexer]
            [ledger.pgwire.select-list :as select-list]))

(def ^:private relations
  "All relations with PostgreSQL's letter for their kind; oid is a hash of the name, which psql hands back to us."
  "SELECT r.*, ORA_HASH(r.schema_name || '.' || r.name, 1073741823) + 16384 AS oid FROM (
     SELECT table_schema AS schema_name, table_name AS name, CASE table_type WHEN 'VIEW' THEN 'v' ELSE 'r' END AS kind,
            CAST(NULL AS VARCHAR) AS of_table
       FROM information_schema.tables
     UNION ALL SELECT index_schema, index_name, 'i', table_name FROM information_schema.indexes
     UNION ALL SELECT sequence_schema, sequence_name, 'S', NULL FROM information_schema.sequences
   ) r WHERE r.schema_name NOT IN ('information_schema', 'pg_catalog')")

(def ^:private kind-name
  "CASE kind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' WHEN 'i' THEN 'index' ELSE 'sequence' END")

(defn- quoted [text]
  (str "'" (str/replace text "'" "''") "'"))

(defn- pattern
  "The regular expression that psql made of NAME, as H2's; nil without one."
  [query column]
  (when-let [[_ regex] (re-find (re-pattern (str "(?i)" column "\\s+OPERATOR\\(pg_catalog\\.~\\)\\s+'([^']*)'")) query)]
    (quoted regex)))

(defn- filters [query]
  (str (when-let [regex (pattern query "c\\.relname")] (str " AND name REGEXP " regex))
       (when-let [regex (pattern query "n\\.nspname")] (str " AND schema_name REGEXP " regex))))

(defn- list-relations [query]
  (let [[_ kinds] (re-find #"relkind IN \(([^)]*)\)" query)]
    (str "SELECT schema_name AS \"Schema\", name AS \"Name\", " kind-name " AS \"Type\", 'ledger' AS \"Owner\""
         (when (str/includes? query "as \"Table\"") ", of_table AS \"Table\"")
         (when (str/includes? query "as \"Persistence\"") ", 'permanent' AS \"Persistence\"")
         (when (str/includes? query "as \"Access method\"") ", 'mvstore' AS \"Access method\"")
         (when (str/includes? query "as \"Size\"") ", CAST(NULL AS VARCHAR) AS \"Size\"")
         (when (str/includes? query "as \"Description\"") ", CAST(NULL AS VARCHAR) AS \"Description\"")
         " FROM (" relations ") WHERE kind IN (" (str/replace kinds #",''$" "") ")"
         (filters query) " ORDER BY 1, 2")))

(defn- find-relations [query]
  (str "SELECT oid, schema_name AS nspname, name AS relname FROM (" relations ") WHERE true"
       (filters query) " ORDER BY 2, 3"))

(defn- select-list
  "For each item of a query's list what `expression` makes of it, under the item's own name: psql looks some of them up."
  [query expression]
  (str/join ", " (for [item (select-list/items (lexer/tokens query))]
                   (str (expression (str/trim (lexer/text item)))
                        " AS \"" (or (select-list/output-name item) "?column?") "\""))))

(defn- relation-flag
  "What psql asks about a relation, each by its name: versions differ in what they ask."
  [item]
  (condp #(str/includes? %2 %1) item
    "relkind"     "kind"
    "relhasindex" "kind = 'r'"
    "relhastriggers" "kind = 'r'"
    "relchecks"   "CASE kind WHEN 'r' THEN 1 ELSE 0 END"
    "relpersistence" "'p'"
    "relreplident" "'d'"
    "amname"      "CAST(NULL AS VARCHAR)"
    "reltablespace" "0"
    "reloftype"   "''"
    "reloptions"  "''"
    "''"          "''"
    "false"))

(defn- oid-of [query]
  (second (re-find #"'(\d{4,})'" query)))

(defn- relation [query]
  (str "SELECT " (select-list query relation-flag) " FROM (" relations ") WHERE oid = " (oid-of query)))

(def ^:private column-type
  "CASE UPPER(c.data_type)
     WHEN 'CHARACTER VARYING' THEN 'character varying' ||
       CASE WHEN c.character_maximum_length < 1000000000 THEN '(' || c.character_maximum_length || ')' ELSE '' END
     WHEN 'CHARACTER' THEN 'character(' || c.character_maximum_length || ')'
     WHEN 'CHARACTER LARGE OBJECT' THEN 'text'
     WHEN 'BINARY VARYING' THEN 'bytea'
     WHEN 'BINARY LARGE OBJECT' THEN 'bytea'
     WHEN 'NUMERIC' THEN 'numeric(' || c.numeric_precision || ',' || c.numeric_scale || ')'
     WHEN 'TIMESTAMP' THEN 'timestamp without time zone'
     WHEN 'TIME' THEN 'time without time zone'
     ELSE LOWER(c.data_type) END")

(defn- attribute [item]
  (condp #(str/includes? %2 %1) item
    "pg_get_expr"  "COALESCE(c.column_default, c.generation_expression)"
    "format_type"  column-type
    "attnotnull"   "c.is_nullable = 'NO'"
    "attidentity"  "CASE c.identity_generation WHEN 'ALWAYS' THEN 'a' WHEN 'BY DEFAULT' THEN 'd' ELSE '' END"
    "attgenerated" "CASE c.is_generated WHEN 'ALWAYS' THEN 's' ELSE '' END"
    "attstorage"   "'p'"
    "attname"      "c.column_name"
    "CAST(NULL AS VARCHAR)"))

(defn- columns [query]
  (str "SELECT " (select-list query attribute)
       " FROM information_schema.columns c JOIN (" relations ") r"
       " ON r.schema_name = c.table_schema AND r.name = c.table_name AND r.kind IN ('r', 'v')"
       " WHERE r.oid = " (oid-of query) " ORDER BY c.ordinal_position"))

(def ^:private index-columns
  "(SELECT LISTAGG(k.column_name, ', ') WITHIN GROUP (ORDER BY k.ordinal_position) FROM information_schema.index_columns k
     WHERE k.index_schema = i.index_schema AND k.index_name = i.index_name)")

(defn- index-item [item]
  (condp #(str/includes? %2 %1) item
    "pg_get_constraintdef" (str "CASE WHEN t.constraint_type IN ('PRIMARY KEY', 'UNIQUE') THEN t.constraint_type || ' ('"
                                " || " index-columns " || ')' END")
    "pg_get_indexdef" (str "'CREATE INDEX ' || i.index_name || ' ON ' || i.table_name || ' USING btree (' || "
                           index-columns " || ')'")
    "contype"       (str "CASE t.constraint_type WHEN 'PRIMARY KEY' THEN 'p' WHEN 'UNIQUE' THEN 'u' END")
    "relname"       "COALESCE(t.constraint_name, i.index_name)"
    "indisprimary"  "i.index_type_name = 'PRIMARY KEY'"
    "indisunique"   "i.index_type_name IN ('PRIMARY KEY', 'UNIQUE INDEX')"
    "indisvalid"    "true"
    "reltablespace" "0"
    "false"))

(defn- indexes [query]
  (str "SELECT " (select-list query index-item)
       " FROM information_schema.indexes i JOIN (" relations ") r"
       " ON r.schema_name = i.table_schema AND r.name = i.table_name AND r.kind = 'r'"
       " LEFT JOIN information_schema.table_constraints t ON t.index_schema = i.index_schema"
       " AND t.index_name = i.index_name AND t.constraint_type IN ('PRIMARY KEY', 'UNIQUE')"
       " WHERE r.oid = " (oid-of query) " ORDER BY i.index_type_name <> 'PRIMARY KEY', i.index_name"))

(defn- index-columns-of [query]
  (str "SELECT " (select-list query #(condp (fn [part item] (str/includes? item part)) %
                                       "is_key"      "'yes'"
                                       "format_type" column-type
                                       "k.column_name"))
       " FROM information_schema.index_columns k JOIN (" relations ") r"
       " ON r.schema_name = k.index_schema AND r.name = k.index_name AND r.kind = 'i'"
       " JOIN information_schema.columns c ON c.table_schema = k.table_schema AND c.table_name = k.table_name"
       " AND c.column_name = k.column_name WHERE r.oid = " (oid-of query) " ORDER BY k.ordinal_position"))

(defn- index-facts [query]
  (str "SELECT " (select-list query #(condp (fn [part item] (str/includes? item part)) %
                                       "relname"     "i.table_name"
                                       "amname"      "'btree'"
                                       "pg_get_expr" "CAST(NULL AS VARCHAR)"
                                       "condefer"    "false"
                                       (index-item %)))
       " FROM information_schema.indexes i JOIN (" relations ") r"
       " ON r.schema_name = i.index_schema AND r.name = i.index_name AND r.kind = 'i'"
       " WHERE r.oid = " (oid-of query)))

(defn- checks [query]
  (str "SELECT t.constraint_name AS conname, 'CHECK (' || k.check_clause || ')' AS definition"
       " FROM information_schema.table_constraints t JOIN information_schema.check_constraints k"
       " ON k.constraint_schema = t.constraint_schema AND k.constraint_name = t.constraint_name"
       " JOIN (" relations ") r ON r.schema_name = t.table_schema AND r.name = t.table_name AND r.kind = 'r'"
       " WHERE r.oid = " (oid-of query) " ORDER BY 1"))

(defn- names-of [constraint-schema constraint-name]
  (str "(SELECT LISTAGG(k.column_name, ', ') WITHIN GROUP (ORDER BY k.ordinal_position)"
       " FROM information_schema.key_column_usage k WHERE k.constraint_schema = " constraint-schema
       " AND k.constraint_name = " constraint-name ")"))

(defn- foreign-keys
  "`side` is t for the table that refers, u for the one referred to."
  [query side]
  (let [referred (str "CASE WHEN u.table_schema = 'public' THEN '' ELSE u.table_schema || '.' END || u.table_name")
        referring (str "CASE WHEN t.table_schema = 'public' THEN '' ELSE t.table_schema || '.' END || t.table_name")
        definition (str "'FOREIGN KEY (' || " (names-of "t.constraint_schema" "t.constraint_name")
                        " || ') REFERENCES ' || " referred " || '(' || "
                        (names-of "u.constraint_schema" "u.constraint_name") " || ')'")]
    (str "SELECT "
         (select-list query #(condp (fn [part item] (str/includes? item part)) %
                               "pg_get_constraintdef" definition
                               "ontable"  referring
                               "regclass" referring
                               "conname"  "t.constraint_name"
                               "true"))
         " FROM information_schema.referential_constraints f"
         " JOIN information_schema.table_constraints t ON t.constraint_schema = f.constraint_schema"
         " AND t.constraint_name = f.constraint_name"
         " JOIN information_schema.table_constraints u ON u.constraint_schema = f.unique_constraint_schema"
         " AND u.constraint_name = f.unique_constraint_name"
         " JOIN (" relations ") r ON r.schema_name = " side ".table_schema AND r.name = " side ".table_name"
         " AND r.kind = 'r' WHERE r.oid = " (oid-of query) " ORDER BY 1")))

(defn- nothing
  "No rows, with the columns that were asked for."
  [query]
  (str "SELECT " (select-list query (constantly "CAST(NULL AS VARCHAR)")) " WHERE false"))

(def ^:private schemas
  "SELECT schema_name AS \"Name\", 'ledger' AS \"Owner\" FROM information_schema.schemata
   WHERE schema_name NOT IN ('information_schema', 'pg_catalog') ORDER BY 1")

(def ^:private databases
  "SELECT current_database() AS \"Name\", 'ledger' AS \"Owner\", 'UTF8' AS \"Encoding\", 'C.UTF-8' AS \"Collate\",
          'C.UTF-8' AS \"Ctype\", CAST(NULL AS VARCHAR) AS \"ICU Locale\", 'libc' AS \"Locale Provider\",
          CAST(NULL AS VARCHAR) AS \"Access privileges\"")

(defn- roles [query]
  (str "SELECT " (select-list query #(condp (fn [part item] (str/includes? item part)) %
                                       "memberof"      "ARRAY[]"
                                       "rolname"       "'ledger'"
                                       "rolcanlogin"   "true"
                                       "rolinherit"    "true"
                                       "rolconnlimit"  "-1"
                                       "rolvaliduntil" "CAST(NULL AS VARCHAR)"
                                       "false"))))

(defn- view-definition [query]
  (str "SELECT v.view_definition AS pg_get_viewdef FROM information_schema.views v JOIN (" relations ") r"
       " ON r.schema_name = v.table_schema AND r.name = v.table_name AND r.kind = 'v'"
       " WHERE r.oid = " (oid-of query)))

(def ^:private shapes
  "The first that matches answers."
  [[#"(?is)relkind IN \(.*\"Schema\".*|\"Schema\".*\"Owner\".*pg_class c.*relkind IN \(" list-relations]
   [#"(?is)SELECT c\.oid,\s+n\.nspname,\s+c\.relname"        find-relations]
   [#"(?is)SELECT c\.relchecks"                               relation]
   [#"(?is)SELECT a\.attname.*AS is_key"                     index-columns-of]
   [#"(?is)SELECT i\.indisunique"                            index-facts]
   [#"(?is)SELECT a\.attname.*pg_catalog\.pg_attribute a"     columns]
   [#"(?is)SELECT c2\.relname.*pg_catalog\.pg_index i"        indexes]
   [#"(?is)SELECT r\.conname.*contype = 'c'"                  checks]
   [#"(?is)pg_catalog\.pg_constraint.*contype = 'f'"         #(foreign-keys % (if (str/includes? % "confrelid") "u" "t"))]
   [#"(?is)pg_catalog\.pg_get_viewdef"                        view-definition]
   [#"(?is)pg_catalog\.pg_(policy|proc|statistic_ext|publication|inherits|trigger|rewrite|event_trigger|foreign|partitioned)"
    nothing]
   [#"(?is)SELECT r\.rolname, r\.rolsuper"                   roles]
   [#"(?is)FROM pg_catalog\.pg_namespace n.*nspname !~"       (constantly schemas)]
   [#"(?is)FROM pg_catalog\.pg_database d.*\"Name\"|\"Name\".*pg_catalog\.pg_database d" (constantly databases)]])

(defn answer
  "A query for H2 that answers a query of psql; nil for everything else."
  [query]
  (when (str/includes? query "pg_catalog.")
    (some (fn [[shape answer]] (when (re-find shape query) (answer query))) shapes)))
