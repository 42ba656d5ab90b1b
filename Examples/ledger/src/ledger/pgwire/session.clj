(ns ledger.pgwire.session
  "One client: authentication, then messages until it leaves."
  (:require [clojure.string :as str]
            [clojure.tools.logging :as log]
            [ledger.activity :as activity]
            [ledger.database :as database]
            [ledger.pgwire.codec :as codec]
            [ledger.pgwire.errors :as errors]
            [ledger.pgwire.execution :as execution]
            [ledger.pgwire.extended :as extended]
            [ledger.pgwire.settings :as settings]
            [ledger.pgwire.statement :as statement]
            [ledger.pgwire.transaction :as transaction])
  (:import [java.io DataOutputStream]
           [java.security MessageDigest]
           [java.sql Connection SQLException]
           [java.util.concurrent.atomic AtomicReference]))

(def database-name "ledger")

;; --- authentication ------------------------------------------------------------------------------

(defn- same? [^String a ^String b]
  (MessageDigest/isEqual (.getBytes a "UTF-8") (.getBytes b "UTF-8")))

(defn- fatal [sqlstate message]
  (errors/error sqlstate message {:fatal true}))

(defn authenticate
  "Asks for the password; returns the user's name or throws."
  [{:keys [in ^DataOutputStream out]} users {:strs [user database]}]
  (when-not user
    (throw (fatal "28000" "no PostgreSQL user name specified in startup packet")))
  (codec/ask-password out)
  (.flush out)
  (let [{:keys [type password]} (codec/read-message in)]
    (when-not (and (= type :password)
                   ;; Compared for unknown users too, so that both take the same time.
                   (same? password (get users (keyword user) "")) (contains? users (keyword user)))
      (throw (fatal "28P01" (str "password authentication failed for user \"" user "\""))))
    (when-not (= (or database user) database-name)
      (throw (fatal "3D000" (str "database \"" (or database user) "\" does not exist"))))
    user))

;; --- a session -----------------------------------------------------------------------------------

(defn open
  "A session on `channel` ({:in … :out …}) with its own connection to the database."
  [channel database activity {:keys [pid secret user parameters]}]
  (let [settings (atom (merge settings/initial
                              {"session_authorization" user}
                              (select-keys parameters ["application_name"])))
        statements (atom {})
        session (merge channel
                       {:pid pid, :secret secret, :user user, :activity activity
                        :connection (database/session database)
                        :transaction (transaction/new-state)
                        :settings settings
                        :setting #(get @settings (str/lower-case %))
                        :statements statements
                        :portals (atom {})
                        :current (AtomicReference.)})]
    (assoc session :deallocate #(if (= "all" (str/lower-case %))
                                  (run! (partial extended/close-statement! session) (keys @statements))
                                  (extended/close-statement! session %)))))

(defn close [{:keys [^Connection connection] :as session}]
  (try
    (extended/close-portals! session)
    (when-not (.isClosed connection)
      (when-not (.getAutoCommit connection) (.rollback connection))
      (.close connection))
    (catch SQLException e
      (log/debug e "Closing a session"))))

(defn- greet [{:keys [out settings pid secret]}]
  (codec/authentication-ok out)
  (doseq [name settings/reported]
    (codec/parameter-status out name (get @settings (str/lower-case name))))
  (codec/backend-key out pid secret))

;; --- messages ------------------------------------------------------------------------------------

(defn- report [{:keys [activity user pid]} source tag started error]
  (activity/report! activity {:user user, :pid pid, :sql source, :tag tag
                              :nanoseconds (- (System/nanoTime) started)
                              :error (:sqlstate error)}))

(defn- observed
  "Runs a statement and reports it; its failure says where in the client's text it is."
  [session {:keys [source tag] :as statement} run]
  (let [started (System/nanoTime)]
    (try
      (run)
      (report session source tag started nil)
      (catch Throwable e
        (let [error (if (instance? SQLException e) (errors/in-statement e statement) e)]
          (report session source tag started (errors/from-throwable error))
          (throw error))))))

(defn- query [{:keys [out transaction connection] :as session} {:keys [sql]}]
  (let [statements (statement/parse sql session)]
    (when (empty? statements)
      (codec/empty-query out))
    (when (next statements)
      (transaction/enter-implicit! transaction connection))
    (doseq [statement statements]
      (observed session statement #(execution/simple session statement)))
    (transaction/leave-implicit! transaction connection)))

(defn- execute [{:keys [portals] :as session} message]
  (observed session (get @portals (:portal message)) #(extended/execute session message)))

(defn- ready [{:keys [^DataOutputStream out transaction]}]
  (codec/ready out (transaction/status-byte transaction))
  (.flush out))

(defn- sync! [{:keys [transaction connection] :as session}]
  (transaction/leave-implicit! transaction connection)
  (when (= :idle (:status @transaction))
    (extended/close-portals! session)))

(defn- handle [{:keys [^DataOutputStream out] :as session} {:keys [type] :as message}]
  (case type
    :query    (query session message)
    :parse    (extended/parse session message)
    :bind     (extended/bind session message)
    :describe (extended/describe session message)
    :execute  (execute session message)
    :close    (extended/close session message)
    :sync     (sync! session)
    :flush    (.flush out)
    :copy     nil
    (throw (codec/protocol-error (str "unexpected message: " (name type))))))

(defn- failed
  "Tells the client; throws on if the session cannot continue."
  [{:keys [out transaction connection]} error]
  (let [fields (errors/from-throwable error)]
    (when (= "XX000" (:sqlstate fields))
      (log/warn error "Statement failed"))
    (transaction/fail! transaction connection)
    (codec/error-response out fields)
    (when (:fatal fields) (throw error))))

(defn- step
  "Handles one message. `skipping`: after an error in the extended protocol everything up to Sync is dropped.
  Returns whether to skip from here on."
  [{:keys [] :as session} {:keys [type] :as message} skipping]
  (if (and skipping (not (#{:sync :query} type)))
    true
    (let [error (try (handle session message) nil
                     (catch java.io.IOException e (throw e))
                     (catch Throwable e e))]
      (when error (failed session error))
      (when (#{:sync :query} type) (ready session))
      (and (some? error) (not (#{:sync :query} type))))))

(defn serve
  "Answers messages until the client leaves."
  [{:keys [in ^DataOutputStream out] :as session}]
  (greet session)
  (ready session)
  (loop [skipping false]
    (when skipping (.flush out))
    (let [{:keys [type] :as message} (codec/read-message in)]
      (when-not (= type :terminate)
        (recur (step session message skipping))))))
