(ns xtdb1.cli
  "The command line of the server."
  (:require [clojure.string :as str]
            [clojure.tools.cli :as cli]))

(def ^:private options
  [["-f" "--file FILE" "Configuration (EDN); default: the built-in one"]
   ["-h" "--help" "Show this help"]])

(defn usage [summary]
  (str/join \newline
            ["XTDB 1 behind HTTP: its API on port 3000, health and metrics on 8080."
             ""
             "Usage: xtdb1 [-f FILE]"
             ""
             summary
             ""
             "XTDB_LOGGING_LEVEL=error|warn|info|debug in the environment sets the log level."]))

(defn parse
  "What to do: {:run {:file …}}, {:say text}, or {:fail text}."
  [arguments]
  (let [{:keys [options arguments errors summary]} (cli/parse-opts arguments options)]
    (cond
      errors           {:fail (str (str/join \newline errors) "\n\n" (usage summary))}
      (seq arguments)  {:fail (str "Unknown argument: " (first arguments) "\n\n" (usage summary))}
      (:help options)  {:say (usage summary)}
      :else            {:run (select-keys options [:file])})))
