(ns xtdb1.api-test
  "XTDB's API over sockets."
  (:require [clojure.data.json :as json]
            [clojure.test :refer [are deftest is testing]]
            [xtdb1.fixtures :as fixtures :refer [ask get-edn post-edn q submit!]]))

(def ^:private people
  [[:xtdb.api/put {:xt/id :ada, :name "Ada", :age 36, :likes #{:grace :alan}} #inst "2020-01-01"]
   [:xtdb.api/put {:xt/id :ada, :name "Ada", :age 37, :likes #{:grace}} #inst "2021-01-01" #inst "2022-01-01"]
   [:xtdb.api/put {:xt/id :grace, :name "Grace", :age 85, :boss :ada} #inst "2020-01-01"]
   [:xtdb.api/put {:xt/id :alan, :name "Alan", :age 41, :boss :grace} #inst "2020-01-01"]])

(defn- with-people [act]
  (fixtures/with-server :memory
    (fn [system]
      (apply submit! system people)
      (act system))))

(defn- json [system method path options]
  (let [[status body] (ask system :api method (str "/_xtdb/" path)
                           (update options :headers merge {"Accept" "application/json"}
                                   (when (:body options) {"Content-Type" "application/json"})))]
    [status (json/read-str body)]))

(deftest queries
  (with-people
    (fn [system]
      (are [expected query] (= expected (q system query))
        #{["Ada"] ["Grace"] ["Alan"]}     '{:find [n] :where [[e :name n]]}
        [["Ada" "Grace"] ["Ada" "Alan"]]  '{:find [n m] :where [[e :name n] [e :likes f] [f :name m]] :order-by [[m :desc]]}
        #{["Grace"] ["Alan"]}             '{:find [n] :where [[e :name n] [e :age a] [(> a 40)]]}
        #{[3 162 36 85]}                  '{:find [(count e) (sum a) (min a) (max a)] :where [[e :age a]]}
        #{["Ada"]}                        '{:find [n] :where [[e :name n] (not [e :boss])]}
        #{["Grace"] ["Alan"]}             '{:find [n] :where [[e :name n] (under :ada e)]
                                            :rules [[(under b e) [e :boss b]]
                                                    [(under b e) [x :boss b] (under x e)]]}
        #{[{:name "Alan", :boss {:name "Grace"}}]}
        '{:find [(pull e [:name {:boss [:name]}])] :where [[e :age 41]]}
        #{["ADA"]}                        '{:find [s] :where [[:ada :name n] [(clojure.string/upper-case n) s]]})
      (is (= #{["Alan"]} (q system '{:find [n] :in [a] :where [[e :age a] [e :name n]]} 41)))
      (is (= [200 #{[37]}] (get-edn system "query" :query-edn "{:find [a] :where [[:ada :age a]]}" :valid-time "2021-06-01")))
      (is (= [200 #{["Ada"]}] (get-edn system "query" :queryEdn "{:find [n] :in [e] :where [[e :name n]]}" :inArgsEdn "[:ada]"))))))

(deftest entities-and-their-history
  (with-people
    (fn [system]
      (is (= [200 {:xt/id :alan, :name "Alan", :age 41, :boss :grace}] (get-edn system "entity" :eid-edn :alan)))
      (is (= 37 (:age (second (get-edn system "entity" :eid-edn :ada :valid-time "2021-06-01")))))
      (is (= 404 (first (get-edn system "entity" :eid-edn :ada :valid-time "2019-06-01"))))
      (is (= 0 (:xtdb.api/tx-id (second (get-edn system "entity-tx" :eid-edn :ada)))))
      (let [[status history] (get-edn system "entity" :eid-edn :ada :history true :sortOrder "asc" :withDocs true)]
        (is (= 200 status))
        (is (= [[#inst "2020-01-01" 36] [#inst "2021-01-01" 37] [#inst "2022-01-01" 36]]
               (map (juxt :xtdb.api/valid-time (comp :age :xtdb.api/doc)) history))))
      (is (= [#inst "2022-01-01" #inst "2021-01-01"]
             (map :xtdb.api/valid-time (second (get-edn system "entity" :eid-edn :ada :history true :sort-order "desc"
                                                        :start-valid-time "2022-02-01" :end-valid-time "2020-06-01"))))))))

(deftest transactions
  (with-people
    (fn [system]
      (testing "a match that fails leaves all as it is"
        (let [{:xtdb.api/keys [tx-id]} (submit! system [:xtdb.api/match :alan {:xt/id :alan}] [:xtdb.api/delete :alan])]
          (is (= [200 {:tx-committed? false}] (get-edn system "tx-committed" :tx-id tx-id)))
          (is (= 200 (first (get-edn system "entity" :eid-edn :alan))))))
      (testing "delete and evict"
        (submit! system [:xtdb.api/delete :alan] [:xtdb.api/evict :ada])
        (is (= #{["Grace"]} (q system '{:find [n] :where [[e :name n]]})))
        (is (= [200 []] (get-edn system "entity" :eid-edn :ada :history true))))
      (testing "the log"
        (is (= [0 2] (map :xtdb.api/tx-id (second (get-edn system "tx-log")))))
        (is (= 2 (:xtdb.api/tx-id (second (get-edn system "latest-completed-tx")))))))))

(deftest json-in-and-out
  (fixtures/with-server :memory
    (fn [system]
      (is (= 202 (first (json system "POST" "submit-tx"
                              {:body "{\"tx-ops\": [[\"put\", {\"xt/id\": \"ada\", \"name\": \"Ada\"}, \"2020-01-01T00:00:00Z\"]]}"}))))
      (is (= #{"txTime" "txId"} (set (keys (second (json system "GET" "await-tx" {:parameters {:txId 0}}))))))
      (is (= [200 {"xt/id" "ada", "name" "Ada"}] (json system "GET" "entity" {:parameters {:eid "ada"}})))
      (is (= [200 [["ada"]]] (json system "POST" "query"
                                   {:body "{\"query\": \"{:find [e] :in [n] :where [[e :name n]]}\", \"in-args\": [\"Ada\"]}"})))
      (is (= "2020-01-01T00:00:00Z"
             (get-in (json system "GET" "entity" {:parameters {:eid "ada", :history true}}) [1 0 "validTime"])))
      (is (= "1.24.5" (get-in (json system "GET" "status" {}) [1 "version"]))))))

(deftest what-is-wrong-is-refused-with-the-reason
  (fixtures/with-server :memory
    (fn [system]
      (are [body reason] (let [[status {:keys [error]}] (post-edn system "query" body)]
                           (and (= 400 status) (re-find reason error)))
        '[]                                                   #"must be a map with query"
        '{:query {:find [x]}}                                 #"unknown variables"
        '{:query {:find [e] :in [n] :where [[e :n n]]}}       #"(?s)."
        '{:query {:find [e] :where [[e :n n] [(no.such/f n)]]}} #"no/such"
        '{:query {:find [e] :where [[e :n n]]} :in-args 5}    #"in-args must be a vector")
      (are [body reason] (let [[status {:keys [error]}] (post-edn system "submit-tx" body)]
                           (and (= 400 status) (re-find reason error)))
        '{:tx-ops 5}                       #"a vector of operations"
        '{:tx-ops [5]}                     #"operation is a vector"
        '{:tx-ops [[:put {:xt/id 1}]]}     #"Invalid tx op"
        '{:tx-ops [[:xtdb.api/put {:a 1}]]} #"invalid tx-op")
      (are [status path parameters] (= status (first (ask system :api "GET" (str "/_xtdb/" path) {:parameters parameters})))
        400 "entity"    {}
        400 "entity"    {:eid-edn "{:a"}
        400 "entity"    {:eid-edn ":a", :valid-time "soon"}
        400 "entity"    {:eid-edn ":a", :tx-id 7}
        400 "entity"    {:eid-edn ":a", :history true, :sort-order "up"}
        400 "await-tx"  {}
        400 "await-tx"  {:tx-id "x"}
        504 "await-tx"  {:tx-id 7, :timeout 10}
        400 "query"     {}
        404 "nothing"   {}
        405 "submit-tx" {})
      (is (= 400 (first (ask system :api "POST" "/_xtdb/submit-tx" {:body "{:tx-ops [["}))))
      (is (= 400 (first (json system "POST" "submit-tx" {:body "{\"tx-ops\": [["}))))
      (is (= 400 (first (json system "POST" "query" {:body "{\"query\": 5}"})))))))
