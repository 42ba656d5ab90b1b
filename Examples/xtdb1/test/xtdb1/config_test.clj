(ns xtdb1.config-test
  (:require [clojure.test :refer [are deftest is]]
            [xtdb1.config :as config]))

(defn- refused [text]
  (try
    (config/parse "c.edn" text)
    nil
    (catch clojure.lang.ExceptionInfo e (ex-message e))))

(deftest what-is-left-out-has-a-default
  (are [text expected] (= expected (config/parse "c.edn" text))
    ""                                          config/defaults
    "{}"                                        config/defaults
    "{:storage :memory}"                        (assoc config/defaults :storage :memory)
    "{:ports {:xtdb 1}}"                        (assoc config/defaults :ports {:xtdb 1, :health 8080})
    "{:ports {:health nil}}"                    (assoc config/defaults :ports {:xtdb 3000, :health nil})
    "{:storage {:rocksdb \"/data\"}}"           (assoc-in config/defaults [:storage :rocksdb] "/data")))

(deftest what-makes-no-sense-is-refused-with-the-place
  (are [text expected] (= (str "c.edn: " expected) (refused text))
    "5"                            "expected a map at the top, found 5"
    "{:port 1}"                    "unknown key [:port]; known here: :host, :log, :ports, :storage"
    "{:ports 3000}"                "[:ports] is 3000, expected a map"
    "{:ports {:xtdb \"x\"}}"       "[:ports :xtdb] is \"x\", expected a port from 0 to 65535"
    "{:ports {:xtdb 65536}}"       "[:ports :xtdb] is 65536, expected a port from 0 to 65535"
    "{:storage :disk}"             "[:storage] is :disk, expected a map"
    "{:storage {:rocksdb 5}}"      "[:storage :rocksdb] is 5, expected the path of a folder"
    "{:log :loud}"                 "[:log] is :loud, expected one of :error, :warn, :info, :debug")
  (is (re-find #"c.edn: not EDN: " (refused "{:a")))
  (is (thrown-with-msg? clojure.lang.ExceptionInfo #"nowhere.edn: no such file"
                        (config/load-file-or-defaults "nowhere.edn" {}))))

(deftest the-environment-says-the-log-level
  (is (= :debug (:log (config/load-file-or-defaults nil {"XTDB_LOGGING_LEVEL" "DEBUG"}))))
  (is (thrown? clojure.lang.ExceptionInfo (config/load-file-or-defaults nil {"XTDB_LOGGING_LEVEL" "loud"}))))
