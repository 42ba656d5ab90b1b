;; Writes what namespaces the server has loaded, at its end: java -Drecord=FILE … clojure.main -i record.clj -m the.server
(.addShutdownHook (Runtime/getRuntime)
                  (Thread. #(spit (System/getProperty "record") (apply str (interpose "\n" (loaded-libs))))))
