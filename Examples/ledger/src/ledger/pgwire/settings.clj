(ns ledger.pgwire.settings
  "Settings of a session: SET, RESET, SHOW. Only some have an effect; the others are remembered, as clients expect."
  (:require [clojure.string :as str]
            [ledger.cli :as cli]
            [ledger.pgwire.lexer :as lexer]))

(def version
  "Clients take PostgreSQL's version from the front of this."
  (str "PostgreSQL 15.0 (Ledger " cli/version ", H2 " org.h2.engine.Constants/VERSION ")"))

(def initial
  {"server_version" "15.0"
   "server_version_num" "150000"
   "server_encoding" "UTF8"
   "client_encoding" "UTF8"
   "application_name" ""
   "datestyle" "ISO, MDY"
   "intervalstyle" "postgres"
   "timezone" "UTC"
   "integer_datetimes" "on"
   "standard_conforming_strings" "on"
   "is_superuser" "off"
   "session_authorization" "ledger"
   "default_transaction_read_only" "off"
   "in_hot_standby" "off"
   "transaction_isolation" "read committed"
   "default_transaction_isolation" "read committed"
   "extra_float_digits" "1"
   "search_path" "public, ledger"
   "statement_timeout" "0"
   "lock_timeout" "0"
   "max_identifier_length" "256"
   "ledger.version" cli/version})

(def reported
  "Told to the client at the start, by the names PostgreSQL gives them."
  ["server_version" "server_encoding" "client_encoding" "application_name" "DateStyle" "IntervalStyle" "TimeZone"
   "integer_datetimes" "standard_conforming_strings" "is_superuser" "session_authorization"
   "default_transaction_read_only" "in_hot_standby"])

(defn- unquoted [[kind text]]
  (case kind
    :string (str/replace (subs text 1 (dec (count text))) "''" "'")
    :identifier (subs text 1 (dec (count text)))
    text))

(defn assignment
  "[name value] of SET [SESSION | LOCAL] name {TO | =} value; SET TIME ZONE value."
  [tokens]
  (let [words (->> tokens (remove lexer/blank?) rest
                   (drop-while #(#{"session" "local"} (lexer/word %))))]
    (if (= ["time" "zone"] (map lexer/word (take 2 words)))
      ["timezone" (str/join (map unquoted (drop 2 words)))]
      (let [[name value] (split-with #(not (or (= "to" (lexer/word %)) (= "=" (second %)))) words)]
        [(str/lower-case (str/join (map unquoted name)))
         (str/join (map unquoted (rest value)))]))))

(defn subject
  "The name after SHOW or RESET."
  [tokens]
  (let [words (->> tokens (remove lexer/blank?) rest (map unquoted) (map str/lower-case))]
    (case (str/join " " words)
      "time zone" "timezone"
      "transaction isolation level" "transaction_isolation"
      (str/join words))))
