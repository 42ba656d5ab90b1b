(ns xtdb1.storage-test
  (:require [clojure.java.io :as io]
            [clojure.test :refer [deftest is testing]]
            [xtdb1.fixtures :as fixtures :refer [get-edn q submit!]]))

(def ^:private names '{:find [n] :where [[e :name n]] :order-by [[n :asc]]})

(deftest memory-forgets
  (fixtures/with-server :memory
    #(submit! % [:xtdb.api/put {:xt/id :a, :name "Ada"}]))
  (fixtures/with-server :memory
    #(is (= [] (q % names)))))

(deftest rocksdb-remembers
  (fixtures/with-folder
    (fn [folder]
      (let [storage {:rocksdb folder, :block-cache 1000000}]
        (fixtures/with-server storage
          (fn [system]
            (submit! system [:xtdb.api/put {:xt/id :a, :name "Ada"}])
            (submit! system [:xtdb.api/put {:xt/id :a, :name "Ada Lovelace"}])
            (testing "one server at a time"
              (is (thrown-with-msg? clojure.lang.ExceptionInfo #"cannot start the node in .*lock"
                                    (fixtures/with-server storage identity))))))
        (fixtures/with-server storage
          (fn [system]
            (is (= [["Ada Lovelace"]] (q system names)))
            (is (= 2 (count (second (get-edn system "entity" :eid-edn :a :history true :sort-order "asc"))))))))
      (testing "a folder that cannot be"
        (spit (io/file folder "file") "")
        (is (thrown-with-msg? clojure.lang.ExceptionInfo #"cannot start the node in .*file"
                              (fixtures/with-server {:rocksdb (str folder "/file"), :block-cache 1000000} identity)))))))
