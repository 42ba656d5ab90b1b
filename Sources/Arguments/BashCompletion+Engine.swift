extension BashCompletion {
  /// The part of the script that is the same for every program.
  ///
  /// Bash cuts words at `:` and `=` too (COMP_WORDBREAKS), so that `--name=shop:1` comes as five
  /// words and a reply replaces the last one only: `_words` puts them together again, `_offer` cuts
  /// the front off its replies.
  static let template = #"""
    # Sets `words` and `cword` to what was typed up to the cursor, cut at spaces only.
    @FUNCTION@_words() {
      local line=${COMP_LINE:0:COMP_POINT} space word i
      words=()
      for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        space=${line%%[![:space:]]*}
        line=${line#"$space"}
        if ((${#word} > ${#line})); then word=$line; fi
        line=${line#"$word"}
        if ((i == 0)) || [[ -n $space ]]; then
          words+=("$word")
        else
          words[-1]+=$word
        fi
      done
      cword=$((${#words[@]} - 1))
    }

    # Replies with those of the words $3 that begin with $2, which stands behind $1 in its word.
    @FUNCTION@_reply() {
      local word whole=$1$2 cut='' mark front
      for mark in : =; do
        if [[ $COMP_WORDBREAKS == *"$mark"* && $whole == *"$mark"* ]]; then
          front=${whole%"$mark"*}$mark
          if ((${#front} > ${#cut})); then cut=$front; fi
        fi
      done
      while IFS= read -r word; do
        if [[ -n $word && $word == "$2"* ]]; then
          word=$1$word
          COMPREPLY+=("${word#"$cut"}")
        fi
      done <<<"$3"
    }

    # Replies with what the kind $1 offers for $2, which stands behind $3 in the word at the cursor.
    @FUNCTION@_offer() {
      local rest=${1#* }
      case $1 in
        choices\ *) @FUNCTION@_reply "$3" "$2" "${rest// /$'\n'}" ;;
        names\ *)
          local asked
          read -ra asked <<<"$rest"
          @FUNCTION@_reply "$3" "$2" "$("$program" "${root[@]}" "${asked[@]}" 2>/dev/null)" ;;
        file)
          mapfile -t COMPREPLY < <(compgen -f -- "$2")
          compopt -o filenames 2>/dev/null ;;
        directory)
          mapfile -t COMPREPLY < <(compgen -d -- "$2")
          compopt -o filenames 2>/dev/null ;;
        program)
          if [[ $2 == */* ]]; then
            mapfile -t COMPREPLY < <(compgen -f -- "$2")
            compopt -o filenames 2>/dev/null
          else
            mapfile -t COMPREPLY < <(compgen -c -- "$2")
          fi ;;
      esac
    }

    # Reads a group of short options such as -dp; sets `expects` when the next word is a value.
    @FUNCTION@_letters() {
      local letters=${1#-} letter
      while [[ -n $letters ]]; do
        letter=${letters:0:1}
        letters=${letters:1}
        @FUNCTION@_option "$verb" "-$letter" || return
        if [[ $kind != flag ]]; then
          if [[ -z $letters ]]; then expects=$kind; fi
          return
        fi
      done
    }

    @FUNCTION@() {
      local words=() cword=0 program verb='' kind='' offers='' expects='' ended='' arguments=0
      local root=() last='' i word current
      COMPREPLY=()
      @FUNCTION@_words
      program=${words[0]}
      current=${words[cword]}
      for ((i = 1; i < cword; i++)); do
        word=${words[i]}
        if [[ -n $expects ]]; then
          if [[ $last == --root ]]; then root=(--root "$word"); fi
          expects=''
        elif [[ -z $ended && $word == -- ]]; then
          ended=yes
        elif [[ -z $ended && $word == --*=* ]]; then
          if [[ $word == --root=* ]]; then root=(--root "${word#--root=}"); fi
        elif [[ -z $ended && $word == --* ]]; then
          last=$word
          if @FUNCTION@_option "$verb" "$word" && [[ $kind != flag ]]; then expects=$kind; fi
        elif [[ -z $ended && $word == -?* ]]; then
          last=$word
          @FUNCTION@_letters "$word"
        elif [[ -z $verb ]]; then
          verb=$word
          ended=''
        else
          arguments=$((arguments + 1))
          if @FUNCTION@_passes_through "$verb"; then ended=yes; fi
        fi
      done
      if [[ -n $expects ]]; then
        @FUNCTION@_offer "$expects" "$current" ''
      elif [[ -z $ended && $current == --*=* ]]; then
        if @FUNCTION@_option "$verb" "${current%%=*}"; then
          @FUNCTION@_offer "$kind" "${current#*=}" "${current%%=*}="
        fi
      elif [[ -z $ended && $current == -* ]]; then
        @FUNCTION@_options "$verb"
        @FUNCTION@_reply '' "$current" "${offers// /$'\n'}"
      else
        @FUNCTION@_argument "$verb" "$((arguments + 1))"
        @FUNCTION@_offer "$kind" "$current" ''
      fi
    }

    complete -F @FUNCTION@ @PROGRAM@
    """#
}
