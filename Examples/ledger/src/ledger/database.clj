(ns ledger.database
  "The H2 database file: opening, connections, closing."
  (:require [clojure.java.io :as io]
            [clojure.tools.logging :as log])
  (:import [java.sql Connection]
           [java.util Properties]
           [org.h2 Driver]
           [org.h2.util DateTimeUtils]))

(def user "ledger")

(defn url [{:keys [path cache]}]
  (str "jdbc:h2:file:" path
       ;; Names are folded to lower case, NULLs sort last, pg_catalog exists.
       ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH"
       ;; A commit is on its way to the disk before it is acknowledged.
       ";WRITE_DELAY=0"
       ;; We close it ourselves, after the last session.
       ";DB_CLOSE_ON_EXIT=FALSE;DB_CLOSE_DELAY=-1"
       ";CACHE_SIZE=" cache
       ;; Errors go to clients and to our log, not to a file beside the data.
       ";TRACE_LEVEL_FILE=0"))

(defn connect
  "A connection of its own to the database; the caller closes it."
  ^Connection [{:keys [url]}]
  (.connect (Driver/load) url
            (doto (Properties.)
              (.setProperty "user" user)
              (.setProperty "password" user))))

(defn execute! [^Connection connection ^String sql]
  (with-open [statement (.createStatement connection)]
    (.execute statement sql)))

(defn with-search-path
  "Names without a schema are looked for in public, then in ledger; new tables go to public."
  ^Connection [^Connection connection]
  (execute! connection "SET SCHEMA_SEARCH_PATH public, ledger")
  connection)

(defn session
  "A connection for a client."
  ^Connection [database]
  (with-search-path (connect database)))

(defn spec
  "The database as clojure.java.jdbc wants it."
  [database]
  {:factory (fn [_] (session database))})

(defn open
  "Opens the database of the configuration's storage section, creating it where there is none."
  [{:keys [path] :as storage}]
  (let [file (io/file (str path ".mv.db"))
        database {:url (url storage), :path path}]
    (io/make-parents file)
    ;; H2 keeps the time zone that it found first: for a frozen JVM, that of the freeze.
    (DateTimeUtils/resetCalendar)
    (log/infof "Opening %s (%s)" file (if (.exists file) "existing" "new"))
    ;; DB_CLOSE_DELAY=-1 keeps it open without this connection.
    (.close (connect database))
    database))

(defn close
  "Writes what is in memory and closes the file."
  [database]
  (with-open [connection (connect database)]
    (execute! connection "SHUTDOWN"))
  (log/info "Database closed"))
