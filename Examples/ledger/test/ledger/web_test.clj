(ns ledger.web-test
  (:require [clojure.string :as str]
            [clojure.test :refer [are deftest is]]
            [ledger.fixtures :as fixtures])
  (:import [java.net URI]
           [java.net.http HttpClient HttpRequest HttpRequest$BodyPublishers HttpResponse$BodyHandlers]))

(defn- port [^org.eclipse.jetty.server.Server server]
  (.getLocalPort ^org.eclipse.jetty.server.NetworkConnector (first (.getConnectors server))))

(defn- request [method server path body]
  (let [request (-> (HttpRequest/newBuilder (URI. (str "http://127.0.0.1:" (port server) path)))
                    (.header "Content-Type" "application/json")
                    (.method method (if body (HttpRequest$BodyPublishers/ofString body) (HttpRequest$BodyPublishers/noBody)))
                    (.build))
        response (.send (HttpClient/newHttpClient) request (HttpResponse$BodyHandlers/ofString))]
    [(.statusCode response) (.body response)]))

(deftest health
  (fixtures/with-server
    (fn [{:keys [healthz]}]
      (are [path answer] (= answer (request "GET" healthz path nil))
        "/healthz/alive"   [200 "Alive.\n"]
        "/healthz/ready"   [200 "Ready.\n"]
        "/healthz/started" [200 "Started.\n"]
        "/nope"            [404 "Not found.\n"])
      (is (str/includes? (second (request "GET" healthz "/metrics" nil)) "\nledger_pgwire_active_connections 0\n")))))

(deftest console
  (fixtures/with-server
    (fn [{:keys [console]}]
      (doseq [path ["/" "/journal" "/tables" "/activity" "/query" "/style.css"]]
        (is (= 200 (first (request "GET" console path nil))) path))
      (is (= 404 (first (request "GET" console "/nope" nil))))
      (is (= 403 (first (request "POST" console "/query" ""))) "a form without its token"))))

(deftest api
  (fixtures/with-server
    (fn [{:keys [console]}]
      (are [body status] (= status (first (request "POST" console "/api/transfers" body)))
        "{\"entries\": [{\"account\": \"1000\", \"amount\": 5}, {\"account\": \"4000\", \"amount\": -5.00}]}" 201
        "{\"entries\": [{\"account\": \"1000\", \"amount\": 5}]}" 422
        "{\"entries\": 5}" 422
        "" 400
        "{\"entries\"" 400)
      (is (= 201 (first (request "POST" console "/api/accounts" "{\"code\":\"6000\",\"name\":\"Rent\",\"kind\":\"expense\"}"))))
      (is (= 409 (first (request "POST" console "/api/accounts" "{\"code\":\"6000\",\"name\":\"Rent\",\"kind\":\"expense\"}"))))
      (is (str/includes? (second (request "GET" console "/api/accounts/1000" nil)) "\"running\":5.00")))))
