(ns xtdb1.tests
  "Runs all tests: java -cp xtdb1.jar:test clojure.main -m xtdb1.tests"
  (:require [xtdb1.logging :as logging]
            [clojure.test :as test]))

(def ^:private namespaces
  '[xtdb1.config-test xtdb1.cli-test xtdb1.api-test xtdb1.health-test xtdb1.storage-test])

(defn -main []
  (logging/configure! :error)
  (apply require namespaces)
  (let [{:keys [fail error test]} (apply test/run-tests namespaces)]
    (System/exit (if (and (zero? (+ fail error)) (pos? test)) 0 1))))
