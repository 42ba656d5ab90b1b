(ns ledger.pgwire.lexer
  "Statements as tokens: enough to split, classify and rewrite them without touching strings and comments."
  (:require [clojure.string :as str]
            [ledger.pgwire.errors :as errors])
  (:import [java.util.regex Matcher Pattern]))

(def ^:private kinds
  "Tried in this order at each position."
  [[:space       #"\s+"]
   [:comment     #"--[^\n]*"]
   [:string      #"[eE]?'(?:[^']|'')*'"]
   [:identifier  #"\"(?:[^\"]|\"\")*\""]
   [:parameter   #"\$\d+"]
   [:dollar      #"(?s)\$([A-Za-z_]\w*)?\$.*?\$\1\$"]
   [:number      #"\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+"]
   [:word        #"[\p{L}_][\p{L}\p{N}_$]*"]
   [:cast        #"::"]
   [:semicolon   #";"]
   [:operator    #"[-+*/<>=~!@#%^&|`?]+|[(),.\[\]:]"]])

(def ^:private escape-string #"[eE]'(?:[^'\\]|\\.|'')*'")
(def ^:private empty-dollar #"\$\$.*?\$\$")

(defn- looking-at [^Pattern pattern ^String text position]
  (let [^Matcher matcher (.matcher pattern text)]
    (.region matcher position (count text))
    (when (.lookingAt matcher) (.group matcher))))

(defn- block-comment-end
  "Comments nest. nil: it has no end."
  [^String text start]
  (loop [i (+ start 2), depth 1]
    (cond
      (zero? depth)                  i
      (>= i (count text))            nil
      (.startsWith text "*/" (int i)) (recur (+ i 2) (dec depth))
      (.startsWith text "/*" (int i)) (recur (+ i 2) (inc depth))
      :else                          (recur (inc i) depth))))

(defn- token-at [^String text position]
  (let [c (.charAt text position)]
    (cond
      (.startsWith text "/*" (int position))
      (if-let [end (block-comment-end text position)]
        [:comment (subs text position end)]
        (throw (errors/error "42601" "unterminated /* comment" {:position (inc position)})))

      (and (#{\e \E} c) (looking-at escape-string text position))
      [:string (looking-at escape-string text position)]

      (and (= c \$) (looking-at empty-dollar text position))
      [:dollar (looking-at (Pattern/compile (.pattern ^Pattern empty-dollar) Pattern/DOTALL) text position)]

      :else
      (or (some (fn [[kind pattern]]
                  (when-let [found (looking-at pattern text position)]
                    [kind found]))
                kinds)
          (throw (errors/error "42601"
                               (case c
                                 \' "unterminated quoted string"
                                 \" "unterminated quoted identifier"
                                 (str "unexpected character \"" c "\""))
                               {:position (inc position)}))))))

(defn- operator-before-comment
  "An operator ends where a comment starts: 1+--2."
  [[kind ^String found :as token]]
  (if (= kind :operator)
    (let [cut (some #(let [i (.indexOf found ^String %)] (when (pos? i) i)) ["--" "/*"])]
      (if cut [kind (subs found 0 cut)] token))
    token))

(defn tokens
  "The tokens of `text` as [kind text] pairs, spaces and comments included: joined they give the text again."
  [^String text]
  (loop [position 0, found (transient [])]
    (if (= position (count text))
      (persistent! found)
      (let [token (operator-before-comment (token-at text position))]
        (recur (+ position (count (second token))) (conj! found token))))))

(defn text [tokens]
  (str/join (map second tokens)))

(defn blank? [[kind _]]
  (or (= kind :space) (= kind :comment)))

(defn word
  "The lower-case text of a word token, else nil."
  [[kind text]]
  (when (= kind :word) (str/lower-case text)))

(defn- length [tokens]
  (transduce (map (comp count second)) + tokens))

(defn statements
  "The statements of a text as [offset, tokens], without the blanks around them; empty ones are left out."
  [tokens]
  (loop [rest tokens, offset 0, found []]
    (if (empty? rest)
      found
      (let [[statement more] (split-with #(not= :semicolon (first %)) rest)
            [before body] (split-with blank? statement)
            body (->> body reverse (drop-while blank?) reverse vec)]
        (recur (next more)
               (+ offset (length statement) 1)
               (cond-> found (seq body) (conj [(+ offset (length before)) body])))))))
