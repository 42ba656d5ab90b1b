(ns ledger.pgwire.types
  "SQL types: H2's to PostgreSQL's, values to text and binary, parameters from both."
  (:require [clojure.string :as str]
            [ledger.pgwire.errors :as errors])
  (:import [java.math BigDecimal BigInteger]
           [java.nio ByteBuffer]
           [java.nio.charset StandardCharsets]
           [java.sql Array ParameterMetaData ResultSet ResultSetMetaData Types]
           [java.time LocalDate LocalDateTime LocalTime OffsetDateTime OffsetTime ZoneOffset]
           [java.time.format DateTimeFormatter DateTimeFormatterBuilder]
           [java.time.temporal ChronoField ChronoUnit]
           [java.util HexFormat UUID]))

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

;; --- values to text ----------------------------------------------------------------------------

(def ^:private ^DateTimeFormatter time-format
  (-> (DateTimeFormatterBuilder.)
      (.appendPattern "HH:mm:ss")
      (.appendFraction ChronoField/NANO_OF_SECOND 0 6 true)
      (.toFormatter)))

(def ^:private ^DateTimeFormatter offset-format (DateTimeFormatter/ofPattern "x"))

(defn- float-text [^Number number]
  (let [text (str number)]
    (cond
      (= text "NaN")                  text
      (str/ends-with? text ".0")      (subs text 0 (- (count text) 2))
      (str/includes? text "E")        (let [[mantissa exponent] (str/split text #"E")
                                            power (parse-long exponent)]
                                        (format "%se%s%02d" (str/replace mantissa #"\.0$" "")
                                                (if (neg? power) "-" "+") (abs power)))
      :else                           text)))

(declare text)

(defn- array-element [element value]
  (if (nil? value)
    "NULL"
    (let [^String string (text element value)]
      (if (or (= string "") (re-find #"[\s{},\"\\]" string) (.equalsIgnoreCase string "NULL"))
        (str \" (str/replace string #"[\"\\]" "\\\\$0") \")
        string))))

(defn text
  "A value in PostgreSQL's text form."
  ^String [type value]
  (condp instance? value
    Boolean        (if value "t" "f")
    BigDecimal     (.toPlainString ^BigDecimal value)
    Double         (float-text value)
    Float          (float-text value)
    LocalDate      (str value)
    LocalTime      (.format time-format value)
    OffsetTime     (str (.format time-format value) (.format offset-format value))
    LocalDateTime  (str (.toLocalDate ^LocalDateTime value) " " (.format time-format value))
    OffsetDateTime (str (.toLocalDate ^OffsetDateTime value) " " (.format time-format value)
                        (.format offset-format value))
    Array          (text type (.getArray ^Array value))
    (if (= (class value) (Class/forName "[B"))
      (if (= type :json)
        (String. ^bytes value StandardCharsets/UTF_8)
        (str "\\x" (.formatHex (HexFormat/of) ^bytes value)))
      (if (.isArray (class value))
        (str "{" (str/join "," (map #(array-element type %) value)) "}")
        (str value)))))

;; --- values to binary --------------------------------------------------------------------------

(def ^:private ^LocalDate epoch (LocalDate/of 2000 1 1))

(defn- buffer ^bytes [size fill]
  (let [b (ByteBuffer/allocate size)]
    (fill b)
    (.array b)))

(defn- microseconds [^LocalDateTime value]
  (.between ChronoUnit/MICROS (.atStartOfDay epoch) value))

(defn- numeric-digits
  "Groups of four decimal digits of an unscaled number, the highest first."
  [^BigInteger number]
  (loop [n number, digits ()]
    (if (zero? (.signum n))
      digits
      (let [[q r] (.divideAndRemainder n (BigInteger/valueOf 10000))]
        (recur q (conj digits (.intValue ^BigInteger r)))))))

(defn- numeric-binary [^BigDecimal value]
  (let [scale (max 0 (.scale value))
        fraction-groups (quot (+ scale 3) 4)
        aligned (.setScale (.abs value) (int (* 4 fraction-groups)))
        groups (numeric-digits (.unscaledValue aligned))
        weight (- (count groups) fraction-groups 1)
        digits (reverse (drop-while zero? (reverse groups)))]
    (buffer (+ 8 (* 2 (count digits)))
            (fn [^ByteBuffer b]
              (.putShort b (count digits))
              (.putShort b (if (empty? digits) 0 weight))
              (.putShort b (unchecked-short (if (neg? (.signum value)) 0x4000 0)))
              (.putShort b scale)
              (doseq [d digits] (.putShort b d))))))

(defn binary
  "A value in PostgreSQL's binary form; where there is none, its text."
  ^bytes [type value]
  (case type
    :bool        (byte-array [(if value 1 0)])
    :int2        (buffer 2 #(.putShort ^ByteBuffer % (.shortValue ^Number value)))
    :int4        (buffer 4 #(.putInt ^ByteBuffer % (.intValue ^Number value)))
    :int8        (buffer 8 #(.putLong ^ByteBuffer % (.longValue ^Number value)))
    :float4      (buffer 4 #(.putFloat ^ByteBuffer % (.floatValue ^Number value)))
    :float8      (buffer 8 #(.putDouble ^ByteBuffer % (.doubleValue ^Number value)))
    :numeric     (numeric-binary value)
    :bytea       value
    :date        (buffer 4 #(.putInt ^ByteBuffer % (.between ChronoUnit/DAYS epoch ^LocalDate value)))
    :time        (buffer 8 #(.putLong ^ByteBuffer % (quot (.toNanoOfDay ^LocalTime value) 1000)))
    :timestamp   (buffer 8 #(.putLong ^ByteBuffer % (microseconds value)))
    :timestamptz (let [utc (.toLocalDateTime (.withOffsetSameInstant ^OffsetDateTime value ZoneOffset/UTC))]
                   (buffer 8 #(.putLong ^ByteBuffer % (microseconds utc))))
    :uuid        (buffer 16 #(doto ^ByteBuffer % (.putLong (.getMostSignificantBits ^UUID value))
                                                 (.putLong (.getLeastSignificantBits ^UUID value))))
    (.getBytes (text type value) StandardCharsets/UTF_8)))

;; --- a row ---------------------------------------------------------------------------------------

(defn- value [^ResultSet rows i type]
  (case type
    :date               (.getObject rows (int i) LocalDate)
    :time               (.getObject rows (int i) LocalTime)
    :timestamp          (.getObject rows (int i) LocalDateTime)
    :timestamptz        (.getObject rows (int i) OffsetDateTime)
    :bytea              (.getBytes rows (int i))
    :json               (.getBytes rows (int i))
    (:text :varchar :bpchar :interval) (.getString rows (int i))
    (.getObject rows (int i))))

(defn cell
  "Column `i` of the current row as bytes; nil is NULL."
  [rows i {:keys [type element format]}]
  (when-some [v (value rows i type)]
    (if (= format :binary)
      (if (= type :array)
        (throw (errors/error "0A000" "arrays are only sent as text"))
        (binary type v))
      (.getBytes (text (or element type) v) StandardCharsets/UTF_8))))

;; --- parameters ------------------------------------------------------------------------------------

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
                           (into-array java.time.temporal.TemporalQuery
                                       [(reify java.time.temporal.TemporalQuery
                                          (queryFrom [_ t] (OffsetDateTime/from t)))
                                        (reify java.time.temporal.TemporalQuery
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
  (let [type (by-oid oid)]
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
        nil                 (if (some #(= oid (:array %)) (vals by-name)) (array-text string) string)
        string)
      (catch IllegalArgumentException _ (throw (bad-text type string)))
      (catch java.time.format.DateTimeParseException _ (throw (bad-text type string))))))

(defn- numeric-from [^ByteBuffer b]
  (let [n (.getShort b), weight (.getShort b), sign (.getShort b), scale (.getShort b)
        unscaled (reduce (fn [^BigInteger sum _] (.add (.multiply sum (BigInteger/valueOf 10000))
                                                       (BigInteger/valueOf (.getShort b))))
                         BigInteger/ZERO (range n))
        value (.scaleByPowerOfTen (BigDecimal. ^BigInteger unscaled) (int (* 4 (- weight (dec n)))))]
    (.setScale (if (= sign 0x4000) (.negate value) value) (int scale) java.math.RoundingMode/HALF_UP)))

(defn from-binary [oid ^bytes bytes]
  (let [b (ByteBuffer/wrap bytes)
        at (fn [micros] (.plus (.atStartOfDay epoch) (long micros) ChronoUnit/MICROS))]
    (try
      (case (by-oid oid)
        :bool        (not (zero? (.get b)))
        :int2        (int (.getShort b))
        :int4        (.getInt b)
        :int8        (.getLong b)
        :float4      (.getFloat b)
        :float8      (.getDouble b)
        :numeric     (numeric-from b)
        :bytea       bytes
        :date        (.plusDays epoch (.getInt b))
        :time        (LocalTime/ofNanoOfDay (* 1000 (.getLong b)))
        :timestamp   (at (.getLong b))
        :timestamptz (.atOffset ^LocalDateTime (at (.getLong b)) ZoneOffset/UTC)
        :uuid        (UUID. (.getLong b) (.getLong b))
        (String. bytes StandardCharsets/UTF_8))
      (catch java.nio.BufferUnderflowException _
        (throw (errors/error "22P03" "a binary parameter is too short for its type"))))))

(defn parameter
  "The value to bind for a parameter as it came over the wire."
  [oid format ^bytes bytes]
  (when bytes
    (if (= format :binary)
      (from-binary oid bytes)
      (from-text oid (String. bytes StandardCharsets/UTF_8)))))
