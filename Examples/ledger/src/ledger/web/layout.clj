(ns ledger.web.layout
  "What all pages of the console have in common."
  (:require [clojure.string :as str]
            [hiccup.core :refer [h]]
            [hiccup.page :refer [html5 include-css]]
            [ledger.cli :as cli])
  (:import [java.math BigDecimal]
           [java.time Duration]))

(def ^:private places
  [["/" "Overview"] ["/journal" "Journal"] ["/tables" "Tables"] ["/query" "Query"] ["/activity" "Activity"]])

(defn page
  "A whole page; `here` is the path of its entry in the navigation."
  [here title & body]
  (html5 {:lang "en"}
         [:head
          [:meta {:charset "utf-8"}]
          [:meta {:name "viewport" :content "width=device-width, initial-scale=1"}]
          [:title (h title) " · Ledger"]
          (include-css "/style.css")]
         [:body
          [:header
           [:a.brand {:href "/"} [:span.mark "≡"] " Ledger"]
           [:nav (for [[path label] places]
                   [:a {:href path, :class (when (= path here) "here")} label])]]
          [:main [:h1 (h title)] body]
          [:footer "Ledger " cli/version " · SQL on port 5432 (PostgreSQL protocol) · health on 8080"]]))

(defn- cell [value]
  (cond
    (nil? value)                [:td.null "null"]
    (number? value)             [:td.number (h (if (decimal? value) (.toPlainString ^BigDecimal value) value))]
    :else                       [:td (h value)]))

(defn table
  "A table of rows; `columns` are [key label] pairs."
  [columns rows]
  (if (empty? rows)
    [:p.empty "Nothing here yet."]
    [:div.scroll
     [:table
      [:thead [:tr (for [[_ label] columns] [:th (h label)])]]
      [:tbody (for [row rows] [:tr (for [[k _] columns] (cell (get row k)))])]]]))

(defn card [label value]
  [:div.card [:div.value (h value)] [:div.label (h label)]])

(defn milliseconds [nanoseconds]
  (format "%.2f ms" (/ nanoseconds 1e6)))

(defn uptime [milliseconds]
  (let [d (Duration/ofMillis milliseconds)]
    (str/trim (str (when (pos? (.toDays d)) (str (.toDays d) " d "))
                   (format "%d:%02d:%02d" (.toHoursPart d) (.toMinutesPart d) (.toSecondsPart d))))))
