(ns ledger.web.console
  "The pages of the console."
  (:require [clojure.java.jdbc :as jdbc]
            [clojure.string :as str]
            [compojure.core :refer [GET POST routes]]
            [hiccup.core :refer [h]]
            [hiccup.form :as form]
            [ledger.activity :as activity]
            [ledger.database :as database]
            [ledger.journal :as journal]
            [ledger.metrics :as metrics]
            [ledger.pgwire.errors :as errors]
            [ledger.pgwire.statement :as statement]
            [ledger.reports :as reports]
            [ledger.web.layout :as layout]
            [ring.util.anti-forgery :refer [anti-forgery-field]])
  (:import [java.lang.management ManagementFactory]
           [java.sql Connection ResultSet SQLException]))

(def ^:private shown-rows 200)

(defn- html [body]
  {:status 200, :headers {"Content-Type" "text/html; charset=utf-8"}, :body body})

(defmacro ^:private with-connection [[connection system] & body]
  `(jdbc/with-db-connection [~connection (database/spec (:database ~system))] ~@body))

(defn- overview [{:keys [registry] :as system}]
  (with-connection [c system]
    (html
     (layout/page "/" "Overview"
                  [:section.cards
                   (layout/card "statements" (metrics/value registry ["sql" "statements.total"]))
                   (layout/card "errors" (metrics/value registry ["sql" "errors.total"]))
                   (layout/card "sessions" (metrics/value registry ["pgwire" "active.connections"]))
                   (layout/card "up" (layout/uptime (.getUptime (ManagementFactory/getRuntimeMXBean))))]
                  [:h2 "Balances"]
                  (layout/table [[:code "Code"] [:name "Account"] [:kind "Kind"] [:entries "Entries"] [:balance "Balance"]]
                                (reports/balances c))
                  [:h2 "Trial balance"]
                  (layout/table [[:kind "Kind"] [:debit "Debit"] [:credit "Credit"]] (reports/trial-balance c))))))

(defn- journal-page [system]
  (with-connection [c system]
    (html (layout/page "/journal" "Journal"
                       (layout/table [[:transfer "Transfer"] [:posted_at "Posted"] [:memo "Memo"] [:account "Account"]
                                      [:amount "Amount"]]
                                     (journal/recent c shown-rows))))))

(defn- tables-page [system]
  (with-connection [c system]
    (html
     (layout/page "/tables" "Tables"
                  (for [{:keys [table_schema table_name table_type]} (reports/tables c)]
                    [:details
                     [:summary [:strong (h table_schema) "." (h table_name)]
                      [:span.kind (if (= table_type "VIEW") "view" "table")]]
                     (layout/table [[:column_name "Column"] [:data_type "Type"] [:is_nullable "Nullable"]]
                                   (reports/columns c table_schema table_name))])))))

(defn- activity-page [system]
  (html
   (layout/page "/activity" "Activity"
                (layout/table [[:at "At"] [:user "User"] [:pid "Session"] [:tag "Command"] [:time "Took"] [:error "Error"]
                               [:sql "Statement"]]
                              (for [event (activity/recent (:activity system))]
                                (assoc event :time (layout/milliseconds (:nanoseconds event))))))))

;; --- queries ---------------------------------------------------------------------------------------

(defn- result [^ResultSet rows]
  (let [metadata (.getMetaData rows)
        labels (mapv #(.getColumnLabel metadata (inc %)) (range (.getColumnCount metadata)))]
    {:columns (map-indexed vector labels)
     :rows (loop [found []]
             (if (and (< (count found) shown-rows) (.next rows))
               (recur (conj found (mapv #(.getObject rows (int (inc %))) (range (count labels)))))
               found))}))

(defn- run-one [^Connection connection {:keys [kind sql tag]}]
  (when-not (= kind :sql)
    (throw (errors/error "0A000" (str tag " is not for the console: each statement commits by itself"))))
  (with-open [jdbc (.createStatement connection)]
    (if (.execute jdbc sql)
      (assoc (result (.getResultSet jdbc)) :tag tag)
      {:tag tag, :count (.getUpdateCount jdbc)})))

(defn- run-all
  "The outcome of each statement up to the first that fails."
  [system sql]
  (with-open [connection (database/session (:database system))]
    (try
      (mapv #(run-one connection %) (statement/parse sql {:pid 0, :setting (constantly nil)}))
      (catch SQLException e [{:error (errors/from-sql e)}])
      (catch clojure.lang.ExceptionInfo e [{:error (errors/from-throwable e)}]))))

(defn- outcome [{:keys [error columns rows tag count]}]
  (cond
    error   [:p.error [:code (h (:sqlstate error))] " " (h (:message error))]
    columns [:div (layout/table columns rows) [:p.empty (clojure.core/count rows) " row(s)"
                                               (when (= shown-rows (clojure.core/count rows)) ", no more are shown")]]
    :else   [:p.done (h tag) " " (when (pos? count) count)]))

(defn- query-page [sql outcomes]
  (html
   (layout/page "/query" "Query"
                (form/form-to [:post "/query"]
                              (anti-forgery-field)
                              (form/text-area {:rows 7, :spellcheck "false", :autofocus true} "sql" sql)
                              [:div.actions (form/submit-button {:class "go"} "Run")])
                (map outcome outcomes))))

(defn handler [system]
  (routes
   (GET "/" [] (overview system))
   (GET "/journal" [] (journal-page system))
   (GET "/tables" [] (tables-page system))
   (GET "/activity" [] (activity-page system))
   (GET "/query" [] (query-page "SELECT * FROM balances ORDER BY code" nil))
   (POST "/query" [sql] (query-page sql (if (str/blank? sql) [] (run-all system sql))))))
