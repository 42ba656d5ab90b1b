(ns ledger.system
  "The parts of a running server, started in order and stopped in reverse."
  (:require [clojure.tools.logging :as log]
            [ledger.activity :as activity]
            [ledger.database :as database]
            [ledger.metrics :as metrics]
            [ledger.migrations :as migrations]
            [ledger.pgwire.server :as pgwire]
            [ledger.web.health :as health]
            [ledger.web.http :as http]
            [ledger.web.site :as site]))

(def ^:private parts
  "[name, how to start it from the configuration and what is started already, how to stop it]. A start that gives nil is a
  part that is switched off."
  [[:registry (fn [_ _] (metrics/registry)) (fn [_])]
   [:started  (fn [_ _] (promise)) (fn [_])]
   [:users    (fn [config _] (:users config)) (fn [_])]
   [:database (fn [config _] (database/open (:storage config))) database/close]
   [:schema   (fn [_ system] (migrations/migrate! (:database system))) (fn [_])]
   [:activity (fn [_ system] (activity/open (:registry system))) (fn [_])]
   [:healthz  (fn [config system] (some->> (:healthz config) (#(http/start "Health" % (health/handler system))))) http/stop]
   [:console  (fn [config system] (some->> (:console config) (#(http/start "Console" % (site/handler system))))) http/stop]
   [:pgwire   (fn [config system] (pgwire/start (:server config) system)) pgwire/stop]])

(defn stop
  "Stops what runs, the last first. One part's failure does not keep the others from stopping."
  [system]
  (doseq [[name _ stop-part] (reverse parts)
          :let [part (get system name)]
          :when (some? part)]
    (try
      (stop-part part)
      (catch Throwable e
        (log/error e (str "Stopping " name))))))

(defn- place
  "Where a part listens, for messages."
  [config name]
  (if-let [port (get-in config [({:pgwire :server} name name) :port])]
    (str " on port " port)
    ""))

(defn start
  "Starts all parts. If one fails, those before it are stopped again, and an ex-info of type ::failed names it."
  [config]
  (let [system (reduce (fn [system [name start-part _]]
                         (try
                           (assoc system name (start-part config system))
                           (catch Throwable e
                             (stop system)
                             (throw (ex-info (format "cannot start %s%s: %s" (clojure.core/name name) (place config name)
                                                     (ex-message e))
                                             {:type ::failed, :part name} e)))))
                       {} parts)]
    (deliver (:started system) true)
    system))
