(ns ledger.cli
  "The command line of the server."
  (:require [clojure.string :as str]
            [clojure.tools.cli :as cli]))

(def ^:private options
  [["-f" "--file FILE" "Configuration (YAML); default: the built-in one"]
   ["-h" "--help" "Show this help"]
   [nil "--version" "Show the version"]])

(def version "1.0.0")

(defn usage [summary]
  (str/join \newline
            ["Ledger: a double-entry ledger with SQL over the PostgreSQL protocol."
             ""
             "Usage: ledger [-f FILE]"
             ""
             summary
             ""
             "LEDGER_LOG=error|warn|info|debug in the environment sets the log level."]))

(defn parse
  "What to do: {:run {:file …}}, {:say text}, or {:fail text}."
  [arguments]
  (let [{:keys [options arguments errors summary]} (cli/parse-opts arguments options)]
    (cond
      errors              {:fail (str (str/join \newline errors) "\n\n" (usage summary))}
      (seq arguments)     {:fail (str "Unknown argument: " (first arguments) "\n\n" (usage summary))}
      (:help options)     {:say (usage summary)}
      (:version options)  {:say (str "ledger " version)}
      :else               {:run (select-keys options [:file])})))
