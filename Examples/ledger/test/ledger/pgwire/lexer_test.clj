(ns ledger.pgwire.lexer-test
  (:require [clojure.test :refer [are deftest is]]
            [ledger.pgwire.lexer :as lexer]))

(defn- split [text]
  (map (fn [[_ tokens]] (lexer/text tokens)) (lexer/statements (lexer/tokens text))))

(deftest statements-are-split-at-semicolons-of-their-own
  (are [text statements] (= statements (split text))
    ""                                 []
    " ;; ; -- nothing\n"               []
    "a; b"                             ["a" "b"]
    "select ';' ; select \";\""        ["select ';'" "select \";\""]
    "select $$;$$; select $x$ $$; $x$" ["select $$;$$" "select $x$ $$; $x$"]
    "select 1 /* ; /* ; */ ; */; b"    ["select 1" "b"]
    "select E'\\';' ; b"               ["select E'\\';'" "b"]
    "a -- ;\n; b"                      ["a" "b"]))

(deftest tokens-joined-are-the-text
  (doseq [text ["SELECT a.\"b c\", 'it''s', $1::int[] FROM t WHERE x->>'k' !~ '^a' AND y<=-1.5e-3 -- end"
                "insert into t values (1+--x\n2)" "select '{}'::jsonb @> 'ä'"]]
    (is (= text (lexer/text (lexer/tokens text))))))

(deftest offsets-lead-back-to-the-text
  (is (= [2 10] (map first (lexer/statements (lexer/tokens "  one;    two"))))))

(deftest what-has-no-end-is-a-syntax-error
  (doseq [text ["select 'x" "select \"x" "/* x" "select \u0001"]]
    (is (= "42601" (try (lexer/tokens text)
                        (catch clojure.lang.ExceptionInfo e (:sqlstate (ex-data e)))))
        text)))

(deftest any-text-is-either-tokens-or-a-syntax-error
  (let [random (java.util.Random. 42)
        alphabet "ab1'\"$;-/*.:()[]{}\\ \nEe_=<>~!@#%&|?,"]
    (dotimes [_ 3000]
      (let [text (apply str (repeatedly (.nextInt random 30)
                                        #(.charAt alphabet (.nextInt random (count alphabet)))))]
        (is (= text (try (lexer/text (lexer/tokens text))
                         (catch clojure.lang.ExceptionInfo e
                           (when (= "42601" (:sqlstate (ex-data e))) text)))))))))
