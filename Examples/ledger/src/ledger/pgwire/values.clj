(ns ledger.pgwire.values
  "Values of results, in PostgreSQL's text and binary forms."
  (:require [clojure.string :as str]
            [ledger.pgwire.errors :as errors])
  (:import [java.math BigDecimal BigInteger]
           [java.nio ByteBuffer]
           [java.nio.charset StandardCharsets]
           [java.sql Array ResultSet]
           [java.time LocalDate LocalDateTime LocalTime OffsetDateTime OffsetTime ZoneOffset]
           [java.time.format DateTimeFormatter DateTimeFormatterBuilder]
           [java.time.temporal ChronoField ChronoUnit]
           [java.util HexFormat UUID]))

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

(def ^LocalDate epoch
  "Where PostgreSQL's binary dates and times begin."
  (LocalDate/of 2000 1 1))

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
