(ns ledger.config-test
  (:require [clojure.test :refer [deftest is testing]]
            [ledger.config :as config]))

(defn- problem [text]
  (try (config/parse "x.yaml" text) nil
       (catch clojure.lang.ExceptionInfo e
         (is (= ::config/invalid (:type (ex-data e))))
         (ex-message e))))

(deftest what-is-not-said-has-its-default
  (is (= config/defaults (config/parse "x.yaml" "")))
  (is (= {:host "*", :port 5433} (:server (config/parse "x.yaml" "server: {port: 5433}")))))

(deftest a-section-can-be-switched-off
  (is (nil? (:console (config/parse "x.yaml" "console: null")))))

(deftest users-of-the-file-replace-the-default-one
  (is (= {:ann "secret"} (:users (config/parse "x.yaml" "users: {ann: secret}")))))

(deftest what-is-wrong-is-said
  (testing "a port out of range" (is (re-find #"x\.yaml: .*server.*port" (problem "server: {port: 70000}"))))
  (testing "an unknown key" (is (re-find #"serve" (problem "serve: {port: 1}"))))
  (testing "a word instead of a map" (is (re-find #"map of sections" (problem "hello"))))
  (testing "broken YAML" (is (re-find #"not YAML" (problem "server: {port")))))

(deftest the-environment-sets-the-log-level
  (is (= "debug" (get-in (config/load-file-or-defaults nil {"LEDGER_LOG" "DEBUG"}) [:log :level])))
  (is (thrown-with-msg? clojure.lang.ExceptionInfo #"LEDGER_LOG"
                        (config/load-file-or-defaults nil {"LEDGER_LOG" "loud"})))
  (is (thrown-with-msg? clojure.lang.ExceptionInfo #"no such file"
                        (config/load-file-or-defaults "/does/not/exist.yaml" {}))))
