(ns ledger.pgwire.codec-test
  (:require [clojure.test :refer [are deftest is]]
            [ledger.pgwire.codec :as codec])
  (:import [java.io ByteArrayInputStream ByteArrayOutputStream DataInputStream DataOutputStream]
           [java.util HexFormat]))

(defn- bytes-of [hex]
  (.parseHex (HexFormat/of) (.replace ^String hex " " "")))

(defn- in [hex]
  (DataInputStream. (ByteArrayInputStream. (bytes-of hex))))

(defn- written [write]
  (let [bytes (ByteArrayOutputStream.)]
    (write (DataOutputStream. bytes))
    (.formatHex (HexFormat/of) (.toByteArray bytes))))

(deftest first-messages
  (are [hex message] (= message (codec/read-startup (in hex)))
    "00000008 04d2162f" {:type :ssl-request}
    "00000008 04d21630" {:type :gss-request}
    "00000010 04d2162e 00000007 00000009" {:type :cancel, :pid 7, :secret 9}
    "00000010 00030000 7573657200 6100 00" {:type :startup, :minor 0, :parameters {"user" "a"}}))

(deftest messages
  (are [hex message] (= message (codec/read-message (in hex)))
    "51 00000006 31 00"                    {:type :query, :sql "1"}
    "50 0000000e 7300 3100 0001 00000017" {:type :parse, :name "s", :sql "1", :types [23]}
    "53 00000004"                          {:type :sync}
    "44 00000006 53 00"                    {:type :describe, :target :statement, :name ""}
    "45 00000009 00 0000000a"              {:type :execute, :portal "", :limit 10}
    ""                                     {:type :terminate}))

(deftest bind
  (let [{:keys [portal statement formats values result-formats]}
        (codec/read-message (in "42 0000001b 7000 7300 0001 0001 0002 00000001 2a ffffffff 0001 0000"))]
    (is (= ["p" "s" [:binary] [:text]] [portal statement formats result-formats]))
    (is (= [[42] nil] (map #(some-> % vec) values)))))

(deftest malformed-messages-are-protocol-errors
  (doseq [hex ["51 00000003" "51 7fffffff" "51 00000005 31" "42 00000005 00" "99 00000004" "44 00000006 5a 00"
               "42 00000012 00 00 0000 0001 7fffffff 00 00 00 00"]]
    (is (= "08P01" (try (codec/read-message (in hex))
                        (catch clojure.lang.ExceptionInfo e (:sqlstate (ex-data e)))))
        hex))
  (is (= "08P01" (try (codec/read-startup (in "47455420 2f"))
                      (catch clojure.lang.ExceptionInfo e (:sqlstate (ex-data e)))))))

(deftest answers
  (are [hex write] (= (.replace ^String hex " " "") (written write))
    "52 00000008 00000000"          codec/authentication-ok
    "52 00000008 00000003"          codec/ask-password
    "5a 00000005 54"                #(codec/ready % \T)
    "43 0000000d 53454c45435420 31 00" #(codec/command-complete % "SELECT 1")
    "44 0000000f 0002 00000001 78 ffffffff" #(codec/data-row % [(.getBytes "x") nil])
    "54 0000001a 0001 6900 00000000 0000 00000017 0004 ffffffff 0000"
    #(codec/row-description % [{:name "i", :oid 23, :size 4, :modifier -1}])
    "45 0000001e 53 4552524f5200 56 4552524f5200 43 343236303100 4d 6f6800 00"
    #(codec/error-response % {:sqlstate "42601", :message "oh"})))
