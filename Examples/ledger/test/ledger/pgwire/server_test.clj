(ns ledger.pgwire.server-test
  "The server over a socket, with a client that knows just the messages."
  (:require [clojure.string :as str]
            [clojure.test :refer [are deftest is testing]]
            [ledger.fixtures :as fixtures])
  (:import [java.io ByteArrayOutputStream DataInputStream DataOutputStream]
           [java.net Socket]
           [java.nio.charset StandardCharsets]))

;; --- a client ------------------------------------------------------------------------------------

(defn- body [fill]
  (let [bytes (ByteArrayOutputStream.)]
    (fill (DataOutputStream. bytes))
    (.toByteArray bytes)))

(defn- put [^DataOutputStream out & parts]
  (doseq [part parts]
    (cond
      (string? part) (do (.write out (.getBytes ^String part StandardCharsets/UTF_8)) (.writeByte out 0))
      (char? part)   (.writeByte out (int part))
      (vector? part) (.writeShort out (first part))
      (bytes? part)  (.write out ^bytes part)
      :else          (.writeInt out part))))

(defn- send! [{:keys [^DataOutputStream out]} tag & parts]
  (let [^bytes bytes (body #(apply put % parts))]
    (when tag (.writeByte out (int tag)))
    (.writeInt out (+ 4 (alength bytes)))
    (.write out bytes)
    (.flush out)))

(defn- receive [{:keys [^DataInputStream in]}]
  (let [tag (char (.readByte in))
        bytes (byte-array (- (.readInt in) 4))]
    (.readFully in bytes)
    [tag (String. bytes StandardCharsets/ISO_8859_1)]))

(defn- until-ready [client]
  (loop [messages []]
    (let [[tag :as message] (receive client)]
      (if (= tag \Z) (conj messages message) (recur (conj messages message))))))

(defn- connect [{:keys [pgwire]} password]
  (let [socket (doto (Socket. "127.0.0.1" (int (:port pgwire))) (.setSoTimeout 20000))
        client {:socket socket
                :in (DataInputStream. (.getInputStream socket))
                :out (DataOutputStream. (.getOutputStream socket))}]
    (send! client nil 196608 "user" "ledger" "database" "ledger" "")
    (is (= \R (first (receive client))))
    (send! client \p password)
    client))

(defn- with-client [act]
  (fixtures/with-server
    (fn [system]
      (let [client (connect system "ledger")]
        (with-open [_ ^Socket (:socket client)]
          (until-ready client)
          (act client system))))))

(defn- query [client sql]
  (send! client \Q sql)
  (until-ready client))

(defn- tags [messages]
  (apply str (map first messages)))

(defn- said [messages tag]
  (str/replace (apply str (keep #(when (= tag (first %)) (second %)) messages)) #"[\u0000-\u001f]" ""))

;; --- tests -------------------------------------------------------------------------------------

(deftest simple-queries
  (with-client
    (fn [client _]
      (are [sql answer] (= answer (tags (query client sql)))
        "select 1"            "TDCZ"
        "select 1; select 2"  "TDCTDCZ"
        ""                    "IZ"
        "create table t (id int)" "CZ"
        "insert into t values (1), (2)" "CZ"
        "select * from t"     "TDDCZ"
        "nonsense"            "EZ"
        "show server_version" "TDCZ")
      (is (= "INSERT 0 2" (said (query client "insert into t values (3), (4)") \C))))))

(deftest transactions
  (with-client
    (fn [client _]
      (query client "create table t (id int primary key)")
      (are [sql status] (= status (said (query client sql) \Z))
        "begin"                    "T"
        "insert into t values (1)" "T"
        "savepoint a"              "T"
        "nonsense"                 "E"
        "select 1"                 "E"
        "rollback to a"            "T"
        "insert into t values (2)" "T"
        "commit"                   "I"
        "begin; insert into t values (3)" "T"
        "rollback"                 "I"
        "begin; nonsense"          "E"
        "commit"                   "I")
      (is (str/includes? (said (query client "select count(*) from t") \D) "2"))
      (testing "the statements of one message are one transaction"
        (query client "insert into t values (4); insert into t values (1)")
        (is (= "I" (said (query client "select 1") \Z)))
        (is (str/includes? (said (query client "select count(*) from t") \D) "2"))))))

(deftest extended-queries
  (with-client
    (fn [client _]
      (testing "parse, bind, describe, execute"
        (send! client \P "s" "select x from generate_series(1, 5) g(x) where x >= $1::int" [0])
        (send! client \B "p" "s" [0] [1] 1 (.getBytes "2") [0])
        (send! client \D \P "p")
        (send! client \E "p" 3)
        (send! client \E "p" 3)
        (send! client \S)
        (is (= "12TDDDsDCZ" (tags (until-ready client)))))
      (testing "after an error everything is dropped up to Sync"
        (send! client \P "" "select nope" [0])
        (send! client \B "" "" [0] [0] [0])
        (send! client \E "" 0)
        (send! client \S)
        (is (= "EZ" (tags (until-ready client)))))
      (testing "a statement lives on, its portal does not"
        (send! client \D \S "s")
        (send! client \E "p" 0)
        (send! client \S)
        (let [answer (until-ready client)]
          (is (= "tTEZ" (tags answer)))
          (is (str/includes? (said answer \E) "34000"))))
      (testing "closing"
        (send! client \C \S "s")
        (send! client \D \S "s")
        (send! client \S)
        (is (= "3EZ" (tags (until-ready client))))))))

(deftest psql-commands-are-answered
  (with-client
    (fn [client _]
      (query client "create table t (id serial primary key, a varchar(10) not null unique, b int references t (id))")
      (let [found (query client (str "SELECT c.oid, n.nspname, c.relname FROM pg_catalog.pg_class c"
                                     " WHERE c.relname OPERATOR(pg_catalog.~) '^(t)$' ORDER BY 2, 3"))
            oid (re-find #"\d{5,}" (said found \D))]
        (is oid)
        (are [sql part] (str/includes? (said (query client (str/replace sql "OID" (str oid))) \D) part)
          "SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod)
           FROM pg_catalog.pg_attribute a WHERE a.attrelid = 'OID'"
          "character varying(10)"
          "SELECT c2.relname, pg_catalog.pg_get_indexdef(i.indexrelid, 0, true)
           FROM pg_catalog.pg_class c, pg_catalog.pg_index i WHERE c.oid = 'OID'"
          "USING btree (a)"
          "SELECT conname, pg_catalog.pg_get_constraintdef(r.oid, true)
           FROM pg_catalog.pg_constraint r WHERE r.conrelid = 'OID' AND r.contype = 'f'"
          "FOREIGN KEY (b) REFERENCES t(id)")))))

(deftest wrong-passwords-are-refused
  (fixtures/with-server
    (fn [system]
      (let [client (connect system "wrong")]
        (with-open [_ ^Socket (:socket client)]
          (let [[tag text] (receive client)]
            (is (= \E tag))
            (is (str/includes? text "28P01"))))))))

(deftest a-running-statement-is-cancelled
  (with-client
    (fn [client {:keys [pgwire]}]
      (let [[pid session] (first @(:sessions pgwire))]
        (send! client \Q (str "select count(*) from generate_series(1, 100000) a(x), generate_series(1, 100000) b(y)"
                              " where mod(x * y, 7) = 3"))
        (while (nil? (.get ^java.util.concurrent.atomic.AtomicReference (:current session)))
          (Thread/onSpinWait))
        (with-open [socket (Socket. "127.0.0.1" (int (:port pgwire)))]
          (send! {:out (DataOutputStream. (.getOutputStream socket))} nil 80877102 pid (:secret session)))
        (let [answer (until-ready client)]
          (is (= "EZ" (str/replace (tags answer) "T" "")))
          (is (str/includes? (said answer \E) "57014")))))))
