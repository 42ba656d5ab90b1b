(ns ledger.pgwire.transaction
  "PostgreSQL's transaction states over a JDBC connection.

  :idle    each statement commits by itself, or all of a message together
  :open    after BEGIN
  :failed  after an error in an open transaction: nothing but its end is accepted"
  (:require [ledger.database :as database]
            [ledger.pgwire.errors :as errors])
  (:import [java.sql Connection]))

(defn new-state []
  (atom {:status :idle, :implicit false}))

(defn status-byte [state]
  (case (:status @state) :idle \I, :open \T, :failed \E))

(defn check-usable
  "Throws unless a statement of this kind may run now."
  [state kind]
  (when (and (= :failed (:status @state))
             (not (#{:commit :rollback :rollback-to} kind)))
    (throw (errors/error "25P02" "current transaction is aborted, commands ignored until end of transaction block"))))

(defn- end! [state ^Connection connection finish]
  (finish connection)
  (.setAutoCommit connection true)
  (reset! state {:status :idle, :implicit false}))

(def ^:private commit #(.commit ^Connection %))
(def ^:private rollback #(.rollback ^Connection %))

(defn enter-implicit!
  "What follows belongs together until `leave-implicit!`, unless a transaction is open anyway."
  [state ^Connection connection]
  (when (and (= :idle (:status @state)) (not (:implicit @state)))
    (.setAutoCommit connection false)
    (swap! state assoc :implicit true)))

(defn leave-implicit! [state connection]
  (when (:implicit @state)
    (end! state connection commit)))

(defn fail!
  "An error happened: an open transaction has failed, an implicit one is undone."
  [state connection]
  (case (:status @state)
    :open   (swap! state assoc :status :failed)
    :failed nil
    :idle   (when (:implicit @state) (end! state connection rollback))))

(defn begin!
  "Opens a transaction; returns a warning if one is open already."
  [state ^Connection connection]
  (if (= :idle (:status @state))
    (do (.setAutoCommit connection false)
        (reset! state {:status :open, :implicit false})
        nil)
    {:sqlstate "25001", :message "there is already a transaction in progress"}))

(def ^:private none
  {:sqlstate "25P01", :message "there is no transaction in progress"})

(defn commit!
  "Ends the transaction; returns the tag and perhaps a warning. A failed one is undone."
  [state connection]
  (case (:status @state)
    :open   (do (end! state connection commit) {:tag "COMMIT"})
    :failed (do (end! state connection rollback) {:tag "ROLLBACK"})
    :idle   (do (leave-implicit! state connection) {:tag "COMMIT", :warning none})))

(defn rollback! [state connection]
  (if (= :idle (:status @state))
    (do (when (:implicit @state) (end! state connection rollback))
        {:tag "ROLLBACK", :warning none})
    (do (end! state connection rollback) {:tag "ROLLBACK"})))

(defn- check-open [state what]
  (when (= :idle (:status @state))
    (throw (errors/error "25P01" (str what " can only be used in transaction blocks")))))

(defn savepoint! [state connection sql]
  (check-open state "SAVEPOINT")
  (database/execute! connection sql))

(defn rollback-to! [state connection name]
  (check-open state "ROLLBACK TO SAVEPOINT")
  (database/execute! connection (str "ROLLBACK TO SAVEPOINT " name))
  (swap! state assoc :status :open))
