(ns ledger.web.health
  "For those who watch the server: is it alive, ready, started, and its figures."
  (:require [clojure.java.jdbc :as jdbc]
            [clojure.tools.logging :as log]
            [compojure.core :refer [GET routes]]
            [compojure.route :as route]
            [ledger.database :as database]
            [ledger.metrics :as metrics]))

(defn- text [status body]
  {:status status
   :headers {"Content-Type" "text/plain; charset=utf-8", "Cache-Control" "no-store"}
   :body (str body "\n")})

(defn- answers?
  "Whether the database answers a query now."
  [db]
  (try
    (= 1 (-> (jdbc/query (database/spec db) ["SELECT 1 AS one"]) first :one))
    (catch java.sql.SQLException e
      (log/warn e "The database does not answer")
      false)))

(defn handler
  "`started` is a promise that is kept when everything listens."
  [{:keys [database registry started]}]
  (routes
   (GET "/healthz/alive" [] (text 200 "Alive."))
   (GET "/healthz/started" [] (if (realized? started) (text 200 "Started.") (text 503 "Starting.")))
   (GET "/healthz/ready" []
     (cond
       (not (realized? started))  (text 503 "Starting.")
       (not (answers? database))  (text 503 "The database does not answer.")
       :else                      (text 200 "Ready.")))
   (GET "/metrics" []
     (assoc-in (text 200 (metrics/prometheus registry))
               [:headers "Content-Type"] "text/plain; version=0.0.4; charset=utf-8"))
   (route/not-found (text 404 "Not found."))))
