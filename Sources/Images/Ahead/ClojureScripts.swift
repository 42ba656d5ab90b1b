/// The Clojure programs that tell what a server loads, and compile it.
enum ClojureScripts {
  /// Writes the names of the namespaces that are loaded when the JVM ends: `java -Dthaw.loaded=FILE … clojure.main -i …`.
  static let record = """
    (.addShutdownHook (Runtime/getRuntime)
      (Thread. #(spit (System/getProperty "thaw.loaded") (apply str (interpose "\\n" (loaded-libs))))))

    """

  /// Compiles the namespaces that a file names, one a line, into a jar: `clojure.main … LOADED JAR CLASSES MAIN`.
  ///
  /// `MAIN` comes first, so that all is loaded in the order of a start. None may have been loaded before, for its classes
  /// would be missing: only what Clojure itself needs is used here. A namespace that has no file was made by another's
  /// code, and is again. A class counts only if it is newer than its source: the jar's are of 2050; with fixed times the same
  /// input gives the same jar.
  static let compile = """
    (let [[loaded jar classes main] *command-line-args*
          root (java.io.File. ^String classes)
          is-there (fn [lib]
                     (let [path (.substring ^String (#'clojure.core/root-resource lib) 1)
                           loader (clojure.lang.RT/baseLoader)]
                       (some #(.getResource loader (str path %)) [".clj" ".cljc"])))
          names (map symbol (remove #{main "user" ""} (.split ^String (slurp loaded) "\\n")))]
      (.mkdirs root)
      (binding [*compile-path* classes
                *compile-files* true]
        (run! require (filter is-there (if main (cons (symbol main) names) names))))
      (let [start (inc (count (.getPath root)))
            files (sort (for [^java.io.File file (file-seq root) :when (.isFile file)]
                          (.substring (.getPath file) start)))]
        (when (empty? files)
          (throw (Exception. "all that the server loads is compiled already")))
        (with-open [out (java.util.zip.ZipOutputStream. (java.io.FileOutputStream. ^String jar))]
          (doseq [^String path files]
            (.putNextEntry out (doto (java.util.zip.ZipEntry. path) (.setTime 2524608000000)))
            (java.nio.file.Files/copy (.toPath (java.io.File. root path)) out)
            (.closeEntry out))))
      (shutdown-agents)
      (System/exit 0))

    """
}
