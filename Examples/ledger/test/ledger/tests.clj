(ns ledger.tests
  "Runs all tests: java -cp ledger.jar:test clojure.main -m ledger.tests"
  (:require [clojure.test :as test]
            [ledger.logging :as logging]))

(def ^:private namespaces
  '[ledger.config-test ledger.cli-test ledger.journal-test ledger.web-test
    ledger.pgwire.codec-test ledger.pgwire.lexer-test ledger.pgwire.select-list-test ledger.pgwire.statement-test
    ledger.pgwire.values-test ledger.pgwire.errors-test ledger.pgwire.server-test])

(defn -main []
  (logging/configure! "error")
  (apply require namespaces)
  (let [{:keys [fail error test]} (apply test/run-tests namespaces)]
    (System/exit (if (and (zero? (+ fail error)) (pos? test)) 0 1))))
