(ns ledger.pgwire.server
  "Listens for PostgreSQL clients; a thread each."
  (:require [clojure.tools.logging :as log]
            [ledger.config :as config]
            [ledger.metrics :as metrics]
            [ledger.pgwire.codec :as codec]
            [ledger.pgwire.errors :as errors]
            [ledger.pgwire.execution :as execution]
            [ledger.pgwire.session :as session])
  (:import [java.io BufferedInputStream BufferedOutputStream DataInputStream DataOutputStream EOFException IOException]
           [java.net InetAddress InetSocketAddress ServerSocket Socket SocketException]
           [java.security SecureRandom]
           [java.util.concurrent.atomic AtomicInteger]))

(def ^:private max-sessions 100)
(def ^:private login-timeout-ms 30000)

(defn- channel [^Socket socket]
  {:in (DataInputStream. (BufferedInputStream. (.getInputStream socket) 8192))
   :out (DataOutputStream. (BufferedOutputStream. (.getOutputStream socket) 8192))})

(defn- cancel [{:keys [sessions]} {:keys [pid secret]}]
  (let [found (get @sessions pid)]
    (when (and found (= secret (:secret found)))
      (execution/cancel found))))

(defn- startup
  "Reads first messages until one starts a session; nil if there will be none."
  [server {:keys [in ^DataOutputStream out] :as channel}]
  (let [{:keys [type] :as message} (codec/read-startup in)]
    (case type
      (:ssl-request :gss-request) (do (.writeByte out (int \N)) (.flush out) (recur server channel))
      :cancel (cancel server message)
      :startup (do (when (pos? (:minor message)) (codec/negotiate-version out))
                   message))))

(defn- run-session [{:keys [sessions registry] :as server} pid session]
  (try
    (swap! sessions assoc pid session)
    (metrics/count! registry ["pgwire" "active.connections"])
    (session/serve session)
    (finally
      (metrics/uncount! registry ["pgwire" "active.connections"])
      (swap! sessions dissoc pid)
      (session/close session))))

(defn- serve-client
  [{:keys [database activity users ^AtomicInteger pids ^SecureRandom random sessions] :as server}
   ^Socket socket channel]
  (.setSoTimeout socket login-timeout-ms)
  (when-let [{:keys [parameters]} (startup server channel)]
    (let [user (session/authenticate channel users parameters)]
      (when (>= (count @sessions) max-sessions)
        (throw (errors/error "53300" "sorry, too many clients already" {:fatal true})))
      (.setSoTimeout socket 0)
      (let [pid (.incrementAndGet pids)]
        (log/debugf "Session %d: user %s" pid user)
        (run-session server pid
                     (assoc (session/open channel database activity
                                          {:pid pid, :secret (.nextInt random), :user user, :parameters parameters})
                            :socket socket))))))

(defn- say-goodbye [{:keys [^DataOutputStream out]} error]
  (let [fields (errors/from-throwable error)]
    (log/debugf "Session refused or ended: %s" (:message fields))
    (try (codec/error-response out (assoc fields :fatal true))
         (.flush out)
         (catch IOException _ nil))))

(defn- client-thread [server ^Socket socket]
  (fn []
    (with-open [socket socket]
      (let [channel (channel socket)]
        (try
          (serve-client server socket channel)
          (catch EOFException _ nil)
          (catch IOException e (log/debugf "Connection lost: %s" (ex-message e)))
          (catch Throwable e
            (when-not (:sqlstate (ex-data e)) (log/error e "Session failed"))
            (say-goodbye channel e)))))))

(defn- accept-loop [{:keys [^ServerSocket listener] :as server}]
  (try
    (loop []
      (let [socket (doto (.accept listener) (.setTcpNoDelay true))]
        (doto (Thread. ^Runnable (client-thread server socket) (str "pgwire-" (.getPort socket)))
          (.setDaemon true)
          (.start))
        (recur)))
    (catch SocketException e
      ;; `stop` closes the listener under our feet: that is how it ends.
      (when-not (.isClosed listener) (throw e)))))

(defn start
  "Listens as the configuration's server section says."
  [{:keys [port] :as section} {:keys [users database activity registry]}]
  (let [listener (ServerSocket.)
        _ (.setReuseAddress listener true)
        _ (.bind listener (InetSocketAddress. (InetAddress/getByName (config/address section)) (int port)) 128)
        server {:listener listener, :port (.getLocalPort listener), :users users, :database database
                :activity activity, :registry registry, :sessions (atom {}), :pids (AtomicInteger.)
                :random (SecureRandom.)}]
    (metrics/count! registry ["pgwire" "active.connections"])
    (metrics/uncount! registry ["pgwire" "active.connections"])
    (doto (Thread. ^Runnable #(accept-loop server) "pgwire-accept")
      (.setDaemon true)
      (.start))
    (log/infof "PostgreSQL protocol on port %d" (:port server))
    server))

(defn stop
  "Takes no new clients and ends the sessions."
  [{:keys [^ServerSocket listener sessions]}]
  (.close listener)
  (doseq [{:keys [^Socket socket] :as session} (vals @sessions)]
    (execution/cancel session)
    (.close socket)))
