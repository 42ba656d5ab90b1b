(ns xtdb1.cli-test
  (:require [clojure.test :refer [are deftest is]]
            [xtdb1.cli :as cli]))

(deftest arguments
  (are [arguments expected] (= expected (cli/parse arguments))
    []                       {:run {}}
    ["-f" "memory.edn"]      {:run {:file "memory.edn"}}
    ["--file" "memory.edn"]  {:run {:file "memory.edn"}}))

(deftest what-is-not-understood-is-refused-with-the-usage
  (is (re-find #"(?s)--nope.*Usage:" (:fail (cli/parse ["--nope"]))))
  (is (re-find #"(?s)extra.*Usage:" (:fail (cli/parse ["extra"]))))
  (is (re-find #"Usage:" (:say (cli/parse ["--help"])))))
