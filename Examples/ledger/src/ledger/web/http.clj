(ns ledger.web.http
  "Jetty, for the health page and for the console."
  (:require [clojure.tools.logging :as log]
            [ledger.config :as config]
            [ring.adapter.jetty :as jetty])
  (:import [org.eclipse.jetty.server NetworkConnector Server]))

(defn start
  "Serves `handler` on a listener of the configuration. Few threads: a connection does not hold one."
  ^Server [title {:keys [port] :as section} handler]
  (let [server (jetty/run-jetty handler {:host (config/address section)
                                         :port port
                                         :join? false
                                         :send-server-version? false
                                         :min-threads 2
                                         :max-threads 8
                                         :acceptor-threads 1
                                         :selector-threads 1})]
    (log/infof "%s on port %d" title (.getLocalPort ^NetworkConnector (first (.getConnectors ^Server server))))
    server))

(defn stop [^Server server]
  (.stop server))
