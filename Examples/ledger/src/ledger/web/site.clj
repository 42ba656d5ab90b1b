(ns ledger.web.site
  "The console's site: pages, API, static files and the middleware around them."
  (:require [clojure.tools.logging :as log]
            [compojure.core :refer [routes]]
            [compojure.route :as route]
            [ledger.web.api :as api]
            [ledger.web.console :as console]
            [ledger.web.layout :as layout]
            [ring.middleware.defaults :refer [api-defaults site-defaults wrap-defaults]]))

(defn- not-found []
  {:status 404
   :headers {"Content-Type" "text/html; charset=utf-8"}
   :body (layout/page nil "Not found" [:p "There is no such page."])})

(defn- wrap-errors [handler]
  (fn [request]
    (try
      (handler request)
      (catch Exception e
        (log/error e (str "Request failed: " (:uri request)))
        {:status 500
         :headers {"Content-Type" "text/html; charset=utf-8"}
         :body (layout/page nil "Something failed" [:p "The log of the server says more."])}))))

(def ^:private pages-defaults
  (-> site-defaults
      (assoc-in [:session :cookie-name] "ledger-session")
      (assoc-in [:static :resources] "public")
      (dissoc :multipart)))

(defn handler [system]
  (let [api (wrap-defaults (api/handler system) api-defaults)
        pages (wrap-defaults (routes (console/handler system)
                                     (route/not-found (not-found)))
                             pages-defaults)]
    (wrap-errors #(or (api %) (pages %)))))
