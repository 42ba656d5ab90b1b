(ns ledger.cli-test
  (:require [clojure.test :refer [are deftest is]]
            [ledger.cli :as cli]))

(deftest arguments
  (are [arguments expected] (= expected (cli/parse arguments))
    []                        {:run {}}
    ["-f" "custom.yaml"]      {:run {:file "custom.yaml"}}
    ["--file" "custom.yaml"]  {:run {:file "custom.yaml"}}
    ["--version"]             {:say (str "ledger " cli/version)}))

(deftest what-is-not-understood-is-refused-with-the-usage
  (is (re-find #"(?s)--nope.*Usage:" (:fail (cli/parse ["--nope"]))))
  (is (re-find #"(?s)extra.*Usage:" (:fail (cli/parse ["extra"]))))
  (is (re-find #"Usage:" (:say (cli/parse ["--help"])))))
