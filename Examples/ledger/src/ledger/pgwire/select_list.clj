(ns ledger.pgwire.select-list
  "The list after SELECT, and the names that PostgreSQL gives to its columns."
  (:require [clojure.string :as str]
            [ledger.pgwire.lexer :as lexer]))

(defn- without-head [tokens]
  (let [[_ & more] (drop-while lexer/blank? tokens)
        more (drop-while lexer/blank? more)]
    (if (#{"distinct" "all"} (lexer/word (first more))) (rest more) more)))

(defn items
  "The items of a SELECT's list, each as its tokens. Commas inside of brackets do not separate."
  [tokens]
  (loop [[[_ text :as token] & more] (without-head tokens), depth 0, item [], done []]
    (cond
      (or (nil? token) (and (zero? depth) (= "from" (lexer/word token)))) (conj done item)
      (and (= text ",") (zero? depth)) (recur more 0 [] (conj done item))
      :else (recur more
                   (case text ("(" "[") (inc depth) (")" "]") (dec depth) depth)
                   (conj item token) done))))

(defn- unquoted [[kind text]]
  (if (= kind :identifier)
    (str/replace (subs text 1 (dec (count text))) "\"\"" "\"")
    (str/lower-case text)))

(defn- name? [[kind _]]
  (or (= kind :word) (= kind :identifier)))

(def ^:private cast-names
  {"int" "int4", "integer" "int4", "bigint" "int8", "smallint" "int2", "boolean" "bool", "decimal" "numeric"
   "real" "float4", "double" "float8", "char" "bpchar"})

(defn- path? [tokens]
  (and (odd? (count tokens))
       (every? name? (take-nth 2 tokens))
       (every? #(= "." (second %)) (take-nth 2 (rest tokens)))))

(def ^:private literal-names
  {"true" "bool", "false" "bool", "null" nil})

(defn- implicit-name
  "Of a column its name, of a function its name, of a cast literal the type's."
  [tokens]
  (let [before-cast (take-while #(not= :cast (first %)) tokens)
        cast-type   (second (drop-while #(not= :cast (first %)) tokens))
        call        (take-while #(not= "(" (second %)) before-cast)]
    (cond
      (contains? literal-names (lexer/word (first tokens))) (literal-names (lexer/word (first tokens)))
      (path? before-cast) (unquoted (last before-cast))
      (and (path? call) (= ")" (second (last before-cast)))) (unquoted (last call))
      (and cast-type (= 1 (count before-cast)) (name? cast-type)) (let [n (unquoted cast-type)] (get cast-names n n)))))

(defn output-name
  "The name of an item's column; nil if it has none."
  [item]
  (let [tokens (vec (remove lexer/blank? item))
        [alias before more] (rseq tokens)]
    (cond
      (= "as" (lexer/word before))                                      (unquoted alias)
      (and (name? alias) (= ")" (second before)))                       (unquoted alias)
      (and (name? alias) (name? before) (not= :cast (first more)))      (unquoted alias)
      :else (implicit-name tokens))))
