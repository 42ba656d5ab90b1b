;; Makes a server's jar: its sources and resources, a class path of all that is in lib, and the classes of the namespaces
;; that a file names, one a line, if one is given:
;;   java -cp 'src:resources:lib/*' clojure.main jar.clj OUT MAIN-NAMESPACE [FILE]
;; One jar and not folders, with libraries in a fixed order: a class-data archive takes nothing else.
(ns jar
  (:require [clojure.java.io :as io]
            [clojure.string :as str])
  (:import [java.io File FileOutputStream]
           [java.nio.file Files]
           [java.nio.file.attribute FileAttribute]
           [java.util.jar Attributes$Name JarEntry JarOutputStream Manifest]))

;; Clojure takes a class only if it is newer than its source. Times are fixed, so that the same input gives the same jar.
(def ^:private source-time 631152000000)  ; 1 January 1990: older than any library
(def ^:private class-time 2524608000000)  ; 1 January 2050: newer than any

(defn- manifest []
  (let [libraries (sort (map #(str "lib/" (.getName ^File %)) (.listFiles (io/file "lib"))))]
    (doto (Manifest.)
      (-> .getMainAttributes (doto (.put Attributes$Name/MANIFEST_VERSION "1.0")
                               (.put Attributes$Name/CLASS_PATH (str/join " " libraries)))))))

(defn- compile-all
  "Compiles the server and what it loads late. The libraries' classes are wanted as well: so none may be loaded yet."
  [folder main names]
  (binding [*compile-path* (str folder)
            *compile-files* true]
    (run! require (cons main (remove #{main 'user} names)))))

(defn- add! [^JarOutputStream out time ^File folder]
  (let [root (.toPath folder)]
    (doseq [[path file] (sort (for [^File file (file-seq folder) :when (.isFile file)]
                                [(str (.relativize root (.toPath file))) (str file)]))]
      (.putNextEntry out (doto (JarEntry. ^String path) (.setTime time)))
      (io/copy (io/file file) out)
      (.closeEntry out))))

(let [[out main file] *command-line-args*
      classes (.toFile (Files/createTempDirectory "classes" (make-array FileAttribute 0)))]
  (when file
    (compile-all classes (symbol main) (map symbol (str/split-lines (slurp file)))))
  (with-open [jar (JarOutputStream. (FileOutputStream. ^String out) (manifest))]
    (doseq [folder (map io/file ["src" "resources"]) :when (.isDirectory ^File folder)]
      (add! jar source-time folder))
    (add! jar class-time classes))
  (run! #(.delete ^File %) (reverse (file-seq classes)))
  (System/exit 0))
