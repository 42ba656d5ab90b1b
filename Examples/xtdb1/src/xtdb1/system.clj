(ns xtdb1.system
  "The parts of a running server, started in order and stopped in reverse."
  (:require [clojure.tools.logging :as log]
            [xtdb1.api :as api]
            [xtdb1.config :as config]
            [xtdb1.health :as health]
            [xtdb1.http :as http]
            [xtdb1.node :as node]))

(defn- listen [config port title routes explain]
  (http/start title (config/address config) (get-in config [:ports port]) routes explain))

(def ^:private parts
  "[name, how to start it from the configuration and what is started already, how to stop it]. A start that gives nil is a
  part that is switched off."
  [[:node   (fn [config _] (node/open (:storage config))) node/close]
   [:api    (fn [config {:keys [node]}] (listen config :xtdb "XTDB" (api/routes node) api/explain)) http/stop]
   [:health (fn [config {:keys [node api]}]
              (when (get-in config [:ports :health])
                (listen config :health "Health" (health/routes node (:requests api)) (constantly nil))))
            http/stop]])

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
  "Where a part is, for messages."
  [{:keys [ports storage]} name]
  (case name
    :node   (if (= :memory storage) " in memory" (str " in " (:rocksdb storage)))
    :api    (str " on port " (:xtdb ports))
    :health (str " on port " (:health ports))))

(defn start
  "Starts all parts. If one fails, those before it are stopped again, and an ex-info of type ::failed names it."
  [config]
  (reduce (fn [system [name start-part _]]
            (try
              (assoc system name (start-part config system))
              (catch Throwable e
                (stop system)
                (throw (ex-info (format "cannot start the %s%s: %s" (clojure.core/name name) (place config name)
                                        (ex-message e))
                                {:type ::failed} e)))))
          {} parts))
