(ns ledger.pgwire.values-test
  (:require [clojure.test :refer [are deftest is testing]]
            [ledger.pgwire.parameters :as parameters]
            [ledger.pgwire.types :as types]
            [ledger.pgwire.values :as values])
  (:import [java.time LocalDate LocalDateTime LocalTime OffsetDateTime]
           [java.util HexFormat UUID]))

(deftest text
  (are [type value expected] (= expected (values/text type value))
    :bool true "t"
    :int4 (int -1) "-1"
    :numeric 1E3M "1000"
    :float8 1.0 "1"
    :float8 1.5e-7 "1.5e-07"
    :float8 1e30 "1e+30"
    :float8 ##NaN "NaN"
    :float8 ##-Inf "-Infinity"
    :bytea (byte-array [0 -1]) "\\x00ff"
    :time (LocalTime/parse "12:30") "12:30:00"
    :timestamp (LocalDateTime/parse "2026-01-02T03:04:05.600") "2026-01-02 03:04:05.6"
    :timestamptz (OffsetDateTime/parse "2026-01-02T03:04:05+02:00") "2026-01-02 03:04:05+02"
    :text (object-array ["a" nil "b c" "" "q\"" "NULL"]) "{a,NULL,\"b c\",\"\",\"q\\\"\",\"NULL\"}"))

(deftest binary-as-postgresql-writes-it
  (are [type value hex] (= hex (.formatHex (HexFormat/of) (values/binary type value)))
    :bool true "01"
    :int8 -1 "ffffffffffffffff"
    :float8 1.0 "3ff0000000000000"
    :date (LocalDate/of 2000 1 2) "00000001"
    :timestamp (LocalDateTime/of 2000 1 1 0 0 1) "00000000000f4240"
    :numeric 0M "0000000000000000"
    :numeric 12.5M "0002000000000001000c1388"
    :numeric -10000M "00010001400000000001"))

(deftest what-is-written-is-read-again
  (doseq [[type values] {:int2 [0 -5], :int4 [0 2147483647], :int8 [Long/MIN_VALUE], :bool [true false]
                         :numeric [0M 1M -1M 12345678901234567890.12345M 0.0001M -0.0001000M 99999999.9999M 10000M 1E+10M]
                         :date [(LocalDate/of 1969 7 20)], :timestamp [(LocalDateTime/of 1999 12 31 23 59 59 999999000)]
                         :timestamptz [(OffsetDateTime/parse "2026-01-02T03:04:05.678901Z")]
                         :uuid [(UUID/fromString "125eda2c-e7f9-4b46-b9e8-ebf56ebf2c08")], :float8 [1.5e-7]}
          value values
          :let [oid (:oid (types/by-name type))
                same (fn [a] (if (decimal? a) (.stripTrailingZeros ^BigDecimal a) a))]]
    (testing [type value]
      (is (= (same value) (same (parameters/from-binary oid (values/binary type value)))))
      (is (= (same value) (same (parameters/from-text oid (values/text type value))))))))

(deftest bad-input-is-refused
  (doseq [[type text] {:int4 "abc", :bool "maybe", :date "2026-13-01", :numeric "1,5", :uuid "x", :timestamp "soon"
                       :bytea "\\x0g"}]
    (is (= "22P02" (try (parameters/from-text (:oid (types/by-name type)) text)
                        (catch clojure.lang.ExceptionInfo e (:sqlstate (ex-data e)))))
        type))
  (is (= "22P03" (try (parameters/from-binary 23 (byte-array 2))
                      (catch clojure.lang.ExceptionInfo e (:sqlstate (ex-data e)))))))
