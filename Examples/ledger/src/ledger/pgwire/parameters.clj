(ns ledger.pgwire.parameters
  "Values of parameters, from PostgreSQL's text and binary forms."
  (:require [clojure.string :as str]
            [ledger.pgwire.errors :as errors]
            [ledger.pgwire.types :as types]
            [ledger.pgwire.values :as values])
  (:import [java.math BigDecimal BigInteger RoundingMode]
           [java.nio BufferUnderflowException ByteBuffer]
           [java.nio.charset StandardCharsets]
           [java.time LocalDate LocalDateTime LocalTime OffsetDateTime ZoneOffset]
           [java.time.format DateTimeFormatter DateTimeFormatterBuilder DateTimeParseException]
           [java.time.temporal ChronoField ChronoUnit TemporalQuery]
           [java.util HexFormat UUID]))

(defn- bad-text [type string]
  (errors/error "22P02" (str "invalid input syntax for type " (name type) ": \"" string "\"")))

(def ^:private ^DateTimeFormatter timestamp-input
  (-> (DateTimeFormatterBuilder.)
      (.appendPattern "yyyy-MM-dd[ ]['T'][HH:mm[:ss]]")
      (.appendFraction ChronoField/NANO_OF_SECOND 0 9 true)
      (.appendPattern "[ ][XXX][X]")
      (.parseDefaulting ChronoField/HOUR_OF_DAY 0)
      (.toFormatter)))

(defn- parse-timestamp [string type]
  (let [parsed (.parseBest timestamp-input string
                           (into-array TemporalQuery
                                       [(reify TemporalQuery
                                          (queryFrom [_ t] (OffsetDateTime/from t)))
                                        (reify TemporalQuery
                                          (queryFrom [_ t] (LocalDateTime/from t)))]))]
    (case [type (instance? OffsetDateTime parsed)]
      [:timestamp true]    (.toLocalDateTime ^OffsetDateTime parsed)
      [:timestamptz false] (.atOffset ^LocalDateTime parsed ZoneOffset/UTC)
      parsed)))

(defn- bytea-text [^String string]
  (if (str/starts-with? string "\\x")
    (.parseHex (HexFormat/of) (subs string 2))
    (.getBytes string StandardCharsets/UTF_8)))

(defn- bool-text [string]
  (case (str/lower-case string)
    ("t" "true" "y" "yes" "on" "1") true
    ("f" "false" "n" "no" "off" "0") false
    (throw (bad-text :bool string))))

(defn- array-text
  "The elements of {1,2,\"a b\",NULL}; one dimension."
  [^String string]
  (object-array
   (for [[_ quoted plain] (re-seq #"\"((?:[^\"\\]|\\.)*)\"|([^,{}\"]+)" string)]
     (cond
       quoted (str/replace quoted #"\\(.)" "$1")
       (.equalsIgnoreCase "NULL" plain) nil
       :else plain))))

(defn from-text [oid ^String string]
  (let [type (types/by-oid oid)]
    (try
      (case type
        :bool               (bool-text string)
        (:int2 :int4)       (Integer/valueOf (str/trim string))
        :int8               (Long/valueOf (str/trim string))
        :float4             (Float/valueOf string)
        :float8             (Double/valueOf string)
        :numeric            (BigDecimal. (str/trim string))
        :date               (LocalDate/parse (str/trim string))
        :time               (LocalTime/parse string)
        (:timestamp :timestamptz) (parse-timestamp (str/trim string) type)
        :bytea              (bytea-text string)
        :uuid               (UUID/fromString string)
        nil                 (if (some #(= oid (:array %)) (vals types/by-name)) (array-text string) string)
        string)
      (catch IllegalArgumentException _ (throw (bad-text type string)))
      (catch DateTimeParseException _ (throw (bad-text type string))))))

(defn- numeric-from [^ByteBuffer b]
  (let [n (.getShort b), weight (.getShort b), sign (.getShort b), scale (.getShort b)
        unscaled (reduce (fn [^BigInteger sum _] (.add (.multiply sum (BigInteger/valueOf 10000))
                                                       (BigInteger/valueOf (.getShort b))))
                         BigInteger/ZERO (range n))
        value (.scaleByPowerOfTen (BigDecimal. ^BigInteger unscaled) (int (* 4 (- weight (dec n)))))]
    (.setScale (if (= sign 0x4000) (.negate value) value) (int scale) RoundingMode/HALF_UP)))

(defn from-binary [oid ^bytes bytes]
  (let [b (ByteBuffer/wrap bytes)
        at (fn [micros] (.plus (.atStartOfDay values/epoch) (long micros) ChronoUnit/MICROS))]
    (try
      (case (types/by-oid oid)
        :bool        (not (zero? (.get b)))
        :int2        (int (.getShort b))
        :int4        (.getInt b)
        :int8        (.getLong b)
        :float4      (.getFloat b)
        :float8      (.getDouble b)
        :numeric     (numeric-from b)
        :bytea       bytes
        :date        (.plusDays values/epoch (.getInt b))
        :time        (LocalTime/ofNanoOfDay (* 1000 (.getLong b)))
        :timestamp   (at (.getLong b))
        :timestamptz (.atOffset ^LocalDateTime (at (.getLong b)) ZoneOffset/UTC)
        :uuid        (UUID. (.getLong b) (.getLong b))
        (String. bytes StandardCharsets/UTF_8))
      (catch BufferUnderflowException _
        (throw (errors/error "22P03" "a binary parameter is too short for its type"))))))

(defn parameter
  "The value to bind for a parameter as it came over the wire."
  [oid format ^bytes bytes]
  (when bytes
    (if (= format :binary)
      (from-binary oid bytes)
      (from-text oid (String. bytes StandardCharsets/UTF_8)))))
