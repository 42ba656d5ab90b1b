(ns ledger.pgwire.codec
  "Messages of the PostgreSQL protocol, version 3: bytes to maps and maps to bytes. No state, no SQL."
  (:refer-clojure :exclude [read-string])
  (:import [java.io ByteArrayOutputStream DataInputStream DataOutputStream]
           [java.nio ByteBuffer]
           [java.nio.charset StandardCharsets]))

;; Longer ones are refused before memory is set aside for them.
(def max-startup-length 10000)
(def max-message-length (* 64 1024 1024))

(defn protocol-error [message]
  (ex-info message {:sqlstate "08P01", :fatal true}))

;; --- reading ---------------------------------------------------------------------------------

(defn- check-length [length minimum maximum]
  (when-not (<= minimum length maximum)
    (throw (protocol-error (str "invalid message length " length)))))

(defn- body ^ByteBuffer [^DataInputStream in length]
  (let [bytes (byte-array length)]
    (.readFully in bytes)
    (ByteBuffer/wrap bytes)))

(defn- read-string [^ByteBuffer buffer]
  (let [start (.position buffer)
        end (.limit buffer)
        zero (loop [i start]
               (cond
                 (= i end) (throw (protocol-error "string without an end"))
                 (zero? (.get buffer (int i))) i
                 :else (recur (inc i))))
        text (String. (.array buffer) start (int (- zero start)) StandardCharsets/UTF_8)]
    (.position buffer (int (inc zero)))
    text))

(defn- read-value
  "A length and so many bytes; -1 is NULL."
  [^ByteBuffer buffer]
  (let [length (.getInt buffer)]
    (when-not (= length -1)
      (check-length length 0 (.remaining buffer))
      (let [bytes (byte-array length)]
        (.get buffer bytes)
        bytes))))

(defn- times-read [^ByteBuffer buffer read]
  (let [n (Short/toUnsignedInt (.getShort buffer))]
    (loop [i 0, values (transient [])]
      (if (= i n)
        (persistent! values)
        (recur (inc i) (conj! values (read buffer)))))))

(defn- read-format [^ByteBuffer buffer]
  (case (.getShort buffer)
    0 :text
    1 :binary
    (throw (protocol-error "unknown format code"))))

(defn- read-target [^ByteBuffer buffer]
  (case (char (.get buffer))
    \S :statement
    \P :portal
    (throw (protocol-error "neither a statement nor a portal"))))

(defn- read-pairs [^ByteBuffer buffer]
  (loop [pairs {}]
    (let [k (read-string buffer)]
      (if (= k "")
        pairs
        (recur (assoc pairs k (read-string buffer)))))))

(defn decode-startup
  "The body of a first message, after its length."
  [^ByteBuffer buffer]
  (let [code (.getInt buffer)]
    (case code
      80877103 {:type :ssl-request}
      80877104 {:type :gss-request}
      80877102 {:type :cancel, :pid (.getInt buffer), :secret (.getInt buffer)}
      (if (= 3 (bit-shift-right code 16))
        {:type :startup, :minor (bit-and code 0xffff), :parameters (read-pairs buffer)}
        (throw (protocol-error (str "unsupported protocol " (bit-shift-right code 16))))))))

(defn- decode-parse [buffer]
  {:type :parse
   :name (read-string buffer)
   :sql (read-string buffer)
   :types (times-read buffer (fn [^ByteBuffer b] (.getInt b)))})

(defn- decode-bind [buffer]
  {:type :bind
   :portal (read-string buffer)
   :statement (read-string buffer)
   :formats (times-read buffer read-format)
   :values (times-read buffer read-value)
   :result-formats (times-read buffer read-format)})

(defn decode
  "The body of a message of the kind `tag`."
  [tag ^ByteBuffer buffer]
  (case (char tag)
    \Q {:type :query, :sql (read-string buffer)}
    \P (decode-parse buffer)
    \B (decode-bind buffer)
    \D {:type :describe, :target (read-target buffer), :name (read-string buffer)}
    \E {:type :execute, :portal (read-string buffer), :limit (.getInt buffer)}
    \C {:type :close, :target (read-target buffer), :name (read-string buffer)}
    \S {:type :sync}
    \H {:type :flush}
    \X {:type :terminate}
    \p {:type :password, :password (read-string buffer)}
    (\d \c \f) {:type :copy}
    (throw (protocol-error (format "unknown message 0x%02x" (int tag))))))

(defn- or-malformed [decoding]
  (try (decoding)
       (catch java.nio.BufferUnderflowException _
         (throw (protocol-error "message too short")))))

(defn read-startup [^DataInputStream in]
  (let [length (.readInt in)]
    (check-length length 8 max-startup-length)
    (let [buffer (body in (- length 4))]
      (or-malformed #(decode-startup buffer)))))

(defn read-message
  "The next message; {:type :terminate} when the client is gone."
  [^DataInputStream in]
  (let [tag (.read in)]
    (if (neg? tag)
      {:type :terminate}
      (let [length (.readInt in)]
        (check-length length 4 max-message-length)
        (let [buffer (body in (- length 4))]
          (or-malformed #(decode tag buffer)))))))

;; --- writing ---------------------------------------------------------------------------------

(defn put-string [^DataOutputStream out ^String text]
  (.write out (.getBytes text StandardCharsets/UTF_8))
  (.writeByte out 0))

(defn message
  "Writes one message: its tag, its length, and what `fill` writes."
  [^DataOutputStream out tag fill]
  (let [bytes (ByteArrayOutputStream.)
        buffer (DataOutputStream. bytes)]
    (fill buffer)
    (.writeByte out (int tag))
    (.writeInt out (+ 4 (.size bytes)))
    (.writeTo bytes out)))

(defn- empty-message [^DataOutputStream out tag]
  (.writeByte out (int tag))
  (.writeInt out 4))

(defn authentication-ok [out]
  (message out \R (fn [^DataOutputStream b] (.writeInt b 0))))

(defn ask-password [out]
  (message out \R (fn [^DataOutputStream b] (.writeInt b 3))))

(defn negotiate-version [out]
  (message out \v (fn [^DataOutputStream b] (.writeInt b 0) (.writeInt b 0))))

(defn parameter-status [out k v]
  (message out \S (fn [b] (put-string b k) (put-string b v))))

(defn backend-key [out pid secret]
  (message out \K (fn [^DataOutputStream b] (.writeInt b pid) (.writeInt b secret))))

(defn ready
  "`status` is \\I (idle), \\T (in a transaction) or \\E (in a failed one)."
  [out status]
  (message out \Z (fn [^DataOutputStream b] (.writeByte b (int status)))))

(defn row-description [out columns]
  (message out \T
           (fn [^DataOutputStream b]
             (.writeShort b (count columns))
             (doseq [{:keys [name oid size modifier format]} columns]
               (put-string b name)
               (.writeInt b 0)
               (.writeShort b 0)
               (.writeInt b (unchecked-int oid))
               (.writeShort b size)
               (.writeInt b modifier)
               (.writeShort b (if (= format :binary) 1 0))))))

(defn data-row
  "`values` are byte arrays or nil."
  [out values]
  (message out \D
           (fn [^DataOutputStream b]
             (.writeShort b (count values))
             (doseq [^bytes v values]
               (if (nil? v)
                 (.writeInt b -1)
                 (do (.writeInt b (alength v))
                     (.write b v)))))))

(defn parameter-description [out oids]
  (message out \t
           (fn [^DataOutputStream b]
             (.writeShort b (count oids))
             (doseq [oid oids] (.writeInt b (unchecked-int oid))))))

(defn command-complete [out tag]
  (message out \C (fn [b] (put-string b tag))))

(defn- problem [out message-tag fields]
  (message out message-tag
           (fn [^DataOutputStream b]
             (doseq [[code text] fields :when text]
               (.writeByte b (int code))
               (put-string b (str text)))
             (.writeByte b 0))))

(defn- problem-fields [severity {:keys [sqlstate message detail hint position]}]
  [[\S severity] [\V severity] [\C sqlstate] [\M message] [\D detail] [\H hint] [\P position]])

(defn error-response [out {:keys [fatal] :as error}]
  (problem out \E (problem-fields (if fatal "FATAL" "ERROR") error)))

(defn notice [out warning]
  (problem out \N (problem-fields "WARNING" warning)))

(defn parse-complete [out] (empty-message out \1))
(defn bind-complete [out] (empty-message out \2))
(defn close-complete [out] (empty-message out \3))
(defn no-data [out] (empty-message out \n))
(defn empty-query [out] (empty-message out \I))
(defn portal-suspended [out] (empty-message out \s))
