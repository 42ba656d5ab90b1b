(ns ledger.activity
  "What the server did lately: sessions report their statements to an agent, which keeps the last of them and counts."
  (:require [ledger.metrics :as metrics])
  (:import [java.time Instant]))

(def ^:private kept 50)

(defn- remember [{:keys [registry] :as activity} {:keys [nanoseconds error] :as event}]
  (metrics/count! registry ["sql" "statements.total"])
  (metrics/record! registry ["sql" "statement"] nanoseconds)
  (when error
    (metrics/count! registry ["sql" "errors.total"]))
  (update activity :recent #(vec (take kept (cons event %)))))

(defn open [registry]
  (agent {:registry registry, :recent []} :error-mode :continue))

(defn report!
  "A statement was run: its text, command tag, duration in nanoseconds, SQLSTATE if it failed. Does not wait."
  [activity event]
  (send activity remember (assoc event :at (Instant/now))))

(defn recent
  "The last statements, newest first."
  [activity]
  (:recent @activity))
