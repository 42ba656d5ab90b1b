(ns xtdb1.health-test
  (:require [clojure.string :as str]
            [clojure.test :refer [are deftest is testing]]
            [xtdb1.fixtures :as fixtures :refer [ask submit!]]
            [xtdb1.health :as health]
            [xtdb1.node :as node]))

(deftest health-of-a-running-server
  (fixtures/with-server :memory
    (fn [system]
      (are [path expected] (= expected (ask system :health "GET" path {}))
        "/healthz/alive"   [200 "Alive.\n"]
        "/healthz/started" [200 "Started.\n"]
        "/healthz/ready"   [200 "Ready.\n"])
      (is (= [200 ""] (ask system :health "HEAD" "/healthz/ready" {})))
      (is (= 404 (first (ask system :health "GET" "/" {}))))
      (is (= 405 (first (ask system :health "POST" "/healthz/ready" {:body "x"}))))
      (submit! system [:xtdb.api/put {:xt/id :a}])
      (let [[_ figures] (ask system :health "GET" "/metrics" {})]
        (is (str/includes? figures "\nxtdb_tx_latest_completed_id 0\n"))
        (is (str/includes? figures "\nxtdb_http_requests_total 2\n"))))))

(deftest ready-only-when-the-log-is-indexed
  (fixtures/with-server :memory
    (fn [{:keys [node]}]
      (let [behind (assoc node ::node/target 5)]
        (testing "behind"
          (are [path status] (= status (:status ((get-in (health/routes behind nil) [path "GET"]) {})))
            "/healthz/alive" 200, "/healthz/started" 503, "/healthz/ready" 503)
          (is (= "Indexing the log: transaction -1 of -1.\n"
                 (:body ((get-in (health/routes behind nil) ["/healthz/ready" "GET"]) {})))))
        (testing "failed"
          (with-redefs [node/failure (constantly (Exception. "disk full"))]
            (are [path status] (= status (:status ((get-in (health/routes node nil) [path "GET"]) {})))
              "/healthz/alive" 503, "/healthz/ready" 503)))))))
