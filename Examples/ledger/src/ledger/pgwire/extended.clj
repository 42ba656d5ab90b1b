(ns ledger.pgwire.extended
  "The extended protocol: prepared statements and portals.

  A prepared statement is the parsed text with the OIDs of its parameters; a portal is it with values bound, and, once
  executed, with the rows that were not asked for yet."
  (:require [ledger.pgwire.codec :as codec]
            [ledger.pgwire.errors :as errors]
            [ledger.pgwire.execution :as execution]
            [ledger.pgwire.parameters :as parameters]
            [ledger.pgwire.statement :as statement]
            [ledger.pgwire.transaction :as transaction]
            [ledger.pgwire.types :as types])
  (:import [java.sql Connection PreparedStatement ResultSet SQLException]))

(defn- find-statement [{:keys [statements]} name]
  (or (get @statements name)
      (throw (errors/error "26000" (str "prepared statement \"" name "\" does not exist")))))

(defn- find-portal [{:keys [portals]} name]
  (or (get @portals name)
      (throw (errors/error "34000" (str "portal \"" name "\" does not exist")))))

(defn- close-jdbc [{:keys [^PreparedStatement jdbc]}]
  (when jdbc (.close jdbc)))

(defn close-portal! [{:keys [portals]} name]
  (close-jdbc (get @portals name))
  (swap! portals dissoc name))

(defn close-portals! [{:keys [portals] :as session}]
  (run! #(close-portal! session %) (keys @portals)))

(defn close-statement! [{:keys [statements]} name]
  (close-jdbc (get @statements name))
  (swap! statements dissoc name))

(defn- parameter-oids
  "What the client declared, else what a cast says, else what H2 inferred."
  [^PreparedStatement jdbc declared hints]
  (let [metadata (.getParameterMetaData jdbc)]
    (mapv (fn [i]
            (let [oid (nth declared i 0)]
              (if (pos? oid) oid (or (get hints (inc i)) (types/parameter-oid metadata (inc i))))))
          (range (.getParameterCount metadata)))))

(defn- prepare-in-h2 ^PreparedStatement [^Connection connection {:keys [^String sql] :as parsed}]
  (try
    (.prepareStatement connection sql)
    (catch SQLException e
      (throw (errors/in-statement e parsed)))))

(defn- prepare [{:keys [connection]} {:keys [kind] :as parsed} declared]
  (if (= kind :sql)
    (let [jdbc (prepare-in-h2 connection parsed)
          metadata (.getMetaData jdbc)]
      (assoc parsed
             :jdbc jdbc
             :oids (parameter-oids jdbc declared (:hints parsed))
             :columns (when metadata (not-empty (execution/columns metadata parsed)))))
    (assoc parsed :oids [] :columns (execution/shown-columns parsed))))

(defn parse [{:keys [out transaction statements] :as session} {:keys [name sql types]}]
  (let [[parsed & more] (statement/parse sql session)]
    (when more
      (throw (errors/error "42601" "cannot insert multiple commands into a prepared statement")))
    (when (and (not= name "") (contains? @statements name))
      (throw (errors/error "42P05" (str "prepared statement \"" name "\" already exists"))))
    (close-statement! session name)
    (if parsed
      (do (transaction/check-usable transaction (:kind parsed))
          (swap! statements assoc name (prepare session parsed types)))
      (swap! statements assoc name {:kind :empty, :oids [], :columns nil}))
    (codec/parse-complete out)))

(defn- format-of [formats i]
  (case (count formats)
    0 :text
    1 (first formats)
    (nth formats i :text)))

(defn- bind-values [^PreparedStatement jdbc oids formats values]
  (dorun
   (map-indexed (fn [i [oid bytes]]
                  (.setObject jdbc (int (inc i)) (parameters/parameter oid (format-of formats i) bytes)))
                (map vector oids values))))

(defn bind [{:keys [out transaction portals ^Connection connection] :as session}
            {:keys [portal statement formats values result-formats]}]
  (let [{:keys [kind sql oids columns] :as prepared} (find-statement session statement)]
    (when-not (= (count oids) (count values))
      (throw (errors/error "08P01" (format "bind message supplies %d parameters, but prepared statement \"%s\" requires %d"
                                           (count values) statement (count oids)))))
    (transaction/check-usable transaction kind)
    (close-portal! session portal)
    ;; A JDBC statement has one open result; portals of one statement must not share it.
    (let [jdbc (when (= kind :sql) (.prepareStatement connection sql))]
      (when jdbc (bind-values jdbc oids formats values))
      (swap! portals assoc portal (assoc prepared
                                         :jdbc jdbc
                                         :columns (some-> columns (execution/with-formats result-formats))
                                         :result-formats result-formats)))
    (codec/bind-complete out)))

(defn describe [{:keys [out] :as session} {:keys [target name]}]
  (let [{:keys [oids columns]} (if (= target :statement) (find-statement session name) (find-portal session name))]
    (when (= target :statement)
      (codec/parameter-description out oids))
    (if columns
      (codec/row-description out columns)
      (codec/no-data out))))

(defn- fetch
  "Sends rows of an executed portal and remembers how many."
  [{:keys [out portals]} name {:keys [^ResultSet rows columns tag]} limit]
  (let [[sent more] (execution/send-rows out rows columns limit)]
    (if more
      (codec/portal-suspended out)
      (codec/command-complete out (execution/tag-with-count tag sent)))
    (swap! portals assoc-in [name :done] (not more))))

(defn- start [{:keys [out portals] :as session} name {:keys [^PreparedStatement jdbc tag columns] :as portal} limit]
  (execution/running
   session jdbc
   (fn []
     (if (.execute jdbc)
       (let [rows (.getResultSet jdbc)
             portal (assoc portal :rows rows :columns (or columns (types/columns (.getMetaData rows))))]
         (swap! portals assoc name portal)
         (fetch session name portal limit))
       (do (codec/command-complete out (execution/tag-with-count tag (max 0 (.getLargeUpdateCount jdbc))))
           (swap! portals assoc-in [name :done] true))))))

(defn execute
  "Runs a portal, or goes on with its rows. What comes until Sync is one transaction."
  [{:keys [out transaction connection] :as session} {:keys [limit] name :portal}]
  (let [{:keys [kind rows done tag] :as portal} (find-portal session name)]
    (transaction/check-usable transaction kind)
    (cond
      (= kind :empty)     (codec/empty-query out)
      (not= kind :sql)    (execution/control session portal false)
      done                (codec/command-complete out (execution/tag-with-count tag 0))
      rows                (fetch session name portal limit)
      :else               (do (transaction/enter-implicit! transaction connection)
                              (start session name portal limit)))))

(defn close [{:keys [out] :as session} {:keys [target name]}]
  (if (= target :statement)
    (close-statement! session name)
    (close-portal! session name))
  (codec/close-complete out))
