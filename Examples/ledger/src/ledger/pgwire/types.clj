(ns ledger.pgwire.types
  "SQL types: H2's to PostgreSQL's."
  (:require [clojure.string :as str])
  (:import [java.sql ParameterMetaData ResultSetMetaData Types]))

(def by-name
  "PostgreSQL's types: OID, size in bytes (-1: varies), OID of the array."
  {:bool        {:oid 16, :size 1, :array 1000}
   :bytea       {:oid 17, :size -1, :array 1001}
   :int8        {:oid 20, :size 8, :array 1016}
   :int2        {:oid 21, :size 2, :array 1005}
   :int4        {:oid 23, :size 4, :array 1007}
   :text        {:oid 25, :size -1, :array 1009}
   :json        {:oid 114, :size -1, :array 199}
   :float4      {:oid 700, :size 4, :array 1021}
   :float8      {:oid 701, :size 8, :array 1022}
   :bpchar      {:oid 1042, :size -1, :array 1014}
   :varchar     {:oid 1043, :size -1, :array 1015}
   :date        {:oid 1082, :size 4, :array 1182}
   :time        {:oid 1083, :size 8, :array 1183}
   :timestamp   {:oid 1114, :size 8, :array 1115}
   :timestamptz {:oid 1184, :size 8, :array 1185}
   :interval    {:oid 1186, :size 16, :array 1187}
   :timetz      {:oid 1266, :size 12, :array 1270}
   :numeric     {:oid 1700, :size -1, :array 1231}
   :uuid        {:oid 2950, :size 16, :array 2951}})

(def by-oid
  (into {} (map (fn [[name {:keys [oid]}]] [oid name])) by-name))

(def ^:private scalar-types
  {Types/BOOLEAN :bool, Types/BIT :bool, Types/TINYINT :int2, Types/SMALLINT :int2, Types/INTEGER :int4
   Types/BIGINT :int8, Types/REAL :float4, Types/FLOAT :float8, Types/DOUBLE :float8, Types/NUMERIC :numeric
   Types/DECIMAL :numeric, Types/CHAR :bpchar, Types/VARCHAR :varchar, Types/CLOB :text, Types/DATE :date
   Types/TIME :time, Types/TIME_WITH_TIMEZONE :timetz, Types/TIMESTAMP :timestamp
   Types/TIMESTAMP_WITH_TIMEZONE :timestamptz, Types/BINARY :bytea, Types/VARBINARY :bytea, Types/BLOB :bytea})

(defn of-jdbc
  "The type for a type number and a type name of JDBC."
  [number ^String type-name]
  (cond
    (= type-name "UUID")                    :uuid
    (= type-name "JSON")                    :json
    (str/starts-with? type-name "INTERVAL") :interval
    :else                                   (get scalar-types number :text)))

(defn- element-of
  "Of the type name 'INTEGER ARRAY' the element's type."
  [^String type-name]
  (let [element (str/replace (str/replace type-name #" ARRAY(\[\d+\])?$" "") #"\(.*?\)" "")]
    (case element
      "INTEGER" :int4, "BIGINT" :int8, "SMALLINT" :int2, "BOOLEAN" :bool, "NUMERIC" :numeric
      "REAL" :float4, "DOUBLE PRECISION" :float8, "DATE" :date, "UUID" :uuid
      "TIMESTAMP" :timestamp, "TIMESTAMP WITH TIME ZONE" :timestamptz
      :text)))

(def ^:private unlimited
  "H2 gives this length to a VARCHAR that was declared without one."
  1000000000)

(defn- modifier [type precision scale]
  (case type
    :varchar (if (< 0 precision unlimited) (+ precision 4) -1)
    :bpchar  (+ precision 4)
    ;; H2 gives computed numbers up to 100,000 digits, which PostgreSQL calls plain numeric.
    :numeric (if (and (<= 1 precision 1000) (<= 0 scale precision))
               (+ 4 (bit-or (bit-shift-left precision 16) scale))
               -1)
    -1))

(defn column
  "How column `i` of a result is described: name, type, oid, size, modifier."
  [^ResultSetMetaData metadata i]
  (let [number (.getColumnType metadata i)
        type-name (.getColumnTypeName metadata i)
        label (.getColumnLabel metadata i)]
    (if (= number Types/ARRAY)
      (let [element (element-of type-name)]
        {:name label, :type :array, :element element, :oid (get-in by-name [element :array]), :size -1, :modifier -1})
      (let [type (of-jdbc number type-name)
            {:keys [oid size]} (by-name type)]
        {:name label, :type type, :oid oid, :size size
         :modifier (modifier type (.getPrecision metadata i) (.getScale metadata i))}))))

(defn columns [^ResultSetMetaData metadata]
  (mapv #(column metadata %) (range 1 (inc (.getColumnCount metadata)))))

(defn parameter-oid
  "The OID that H2 infers for a parameter; text where it knows nothing."
  [^ParameterMetaData metadata i]
  (let [type (of-jdbc (.getParameterType metadata i) (.getParameterTypeName metadata i))]
    (:oid (by-name (if (= type :varchar) :text type)))))
