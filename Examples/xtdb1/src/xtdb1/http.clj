(ns xtdb1.http
  "The JDK's HTTP server: requests and answers as maps, routes by path and method."
  (:require [clojure.string :as str]
            [clojure.tools.logging :as log])
  (:import [com.sun.net.httpserver HttpExchange HttpHandler HttpServer]
           [java.io InputStream]
           [java.net InetSocketAddress URLDecoder]
           [java.util.concurrent ExecutorService SynchronousQueue ThreadFactory ThreadPoolExecutor
            ThreadPoolExecutor$CallerRunsPolicy TimeUnit]
           [java.util.concurrent.atomic AtomicLong]))

(def ^:private largest-body (* 64 1024 1024))

(defn refuse
  "Throws what is answered with `status` and the reason."
  [status & reason]
  (throw (ex-info (str/join reason) {:type ::refused, :status status})))

(defn text [status body]
  {:status  status
   :headers {"Content-Type" "text/plain; charset=utf-8"}
   :body    (str body "\n")})

(defn- decode [^String text]
  (try
    (URLDecoder/decode text "UTF-8")
    (catch IllegalArgumentException e
      (refuse 400 "Malformed query string: " (ex-message e)))))

(defn- parameters
  "?a=1&b=2 as a map. XTDB takes names in camel case and in kebab case."
  [query]
  (into {}
        (for [pair (some-> query (str/split #"&")) :when (seq pair)
              :let [[k v] (str/split pair #"=" 2)]]
          [(-> (decode k) (str/replace #"\p{Lu}" #(str "-" %)) str/lower-case keyword) (decode (or v ""))])))

(defn- read-body [^HttpExchange exchange]
  (with-open [^InputStream body (.getRequestBody exchange)]
    (let [content (.readNBytes body (inc largest-body))]
      (when (> (alength content) (int largest-body))
        (refuse 413 "The body is larger than " largest-body " bytes"))
      (String. content "UTF-8"))))

(defn- request [^HttpExchange exchange]
  (let [uri (.getRequestURI exchange)
        headers (.getRequestHeaders exchange)]
    {:method       (.getRequestMethod exchange)
     :path         (.getPath uri)
     :parameters   (parameters (.getRawQuery uri))
     :accept       (.getFirst headers "Accept")
     :content-type (.getFirst headers "Content-Type")
     :body         (read-body exchange)}))

(defn- respond! [^HttpExchange exchange {:keys [status headers ^String body]}]
  (let [content (.getBytes body "UTF-8")
        head? (= "HEAD" (.getRequestMethod exchange))]
    (doseq [[k v] headers]
      (.set (.getResponseHeaders exchange) k v))
    (.sendResponseHeaders exchange status (if (or head? (zero? (alength content))) -1 (alength content)))
    (when-not head?
      (with-open [out (.getResponseBody exchange)]
        (.write out content)))))

(defn- route
  "`routes` is {path {method handler}}. HEAD is GET without the body."
  [routes {:keys [method path] :as request}]
  (let [methods (or (get routes path) (refuse 404 "Nothing is at " path))
        handler (get methods (if (= "HEAD" method) "GET" method))]
    (if handler
      (handler request)
      (assoc-in (text 405 (str method " is not possible at " path))
                [:headers "Allow"] (str/join ", " (sort (keys methods)))))))

(defn- failed [^Throwable error]
  (if-let [status (:status (ex-data error))]
    (text status (ex-message error))
    (do (log/error error "Request failed")
        (text 500 (str "Internal error: " (ex-message error))))))

(defn- answer
  "What `routes` say to the request, and what is said when they throw. `explain` gives the answer to an error of the caller."
  [routes explain exchange]
  (try
    (let [request (request exchange)]
      (try
        (route routes request)
        ;; XTDB asserts: not every fault of a caller is an exception.
        (catch Throwable e
          (or (explain request e) (failed e)))))
    (catch Exception e
      (failed e))))

(defn- workers
  "Threads for requests: one more only when all others are busy, since each is a stack in a checkpoint. A request that waits
  for a transaction holds its own; when there are too many, the server takes no further ones for a while."
  ^ExecutorService [title]
  (let [number (AtomicLong.)]
    (ThreadPoolExecutor. 1 64 60 TimeUnit/SECONDS (SynchronousQueue.)
                         (reify ThreadFactory
                           (newThread [_ work]
                             (doto (Thread. work (str title "-" (.incrementAndGet number))) (.setDaemon true))))
                         (ThreadPoolExecutor$CallerRunsPolicy.))))

(defn start
  "Serves `routes` at the address. `:requests` of the result counts what was answered."
  [title address port routes explain]
  ;; Head and body of an answer are two writes: with Nagle's algorithm the second one would wait 40 ms.
  (System/setProperty "sun.net.httpserver.nodelay" "true")
  (let [server (HttpServer/create (InetSocketAddress. ^String address (int port)) 128)
        executor (workers title)
        requests (AtomicLong.)]
    (.createContext server "/" (reify HttpHandler
                                 (handle [_ exchange]
                                   (try
                                     (respond! exchange (answer routes explain exchange))
                                     (catch java.io.IOException e
                                       (log/debug e "The client went away"))
                                     (finally
                                       (.incrementAndGet requests)
                                       (.close ^HttpExchange exchange))))))
    (.setExecutor server executor)
    (.start server)
    (log/infof "%s on port %d" title (.getPort (.getAddress server)))
    {:server server, :executor executor, :requests requests}))

(defn port [{:keys [^HttpServer server]}]
  (.getPort (.getAddress server)))

(defn stop
  "Takes no more requests and waits a second for those that run."
  [{:keys [^HttpServer server ^ExecutorService executor]}]
  (.stop server 1)
  (.shutdownNow executor))
