#!/usr/bin/env bash
# Installs thaw below a folder: the program, its bundle, recipes, seccomp profile, completions, man pages.
#   Setup/install.sh PROGRAM PREFIX
# What it puts there is listed in PREFIX/share/thaw/installed, which Setup/uninstall.sh reads.
set -euo pipefail

program=$1
prefix=$(mkdir -p "$2" && cd "$2" && pwd)
share=$prefix/share/thaw
list=$share/installed

mkdir -p "$share"
: >"$list.new"

# put FILE MODE PATH: installs a file and notes it
put() {
  install -D -m "$2" "$1" "$prefix/$3"
  echo "$3" >>"$list.new"
}

put "$program" 755 bin/thaw
put Images/seccomp.json 644 share/thaw/seccomp.json
while IFS= read -r file; do
  put "Recipes/$file" 644 "share/thaw/recipes/$file"
done < <(cd Recipes && find . -type f | sed 's|^\./||' | sort)

text=$(mktemp)
trap 'rm -f "$text"' EXIT
"$program" completions bash >"$text"
put "$text" 644 share/bash-completion/completions/thaw
"$program" completions zsh >"$text"
put "$text" 644 share/zsh/site-functions/_thaw
"$program" completions fish >"$text"
put "$text" 644 share/fish/vendor_completions.d/thaw.fish
for page in $("$program" manual --list); do
  "$program" manual "$page" >"$text"
  put "$text" 644 "share/man/man1/$page.1"
done

# The tools know the folder that they lie in, so the bundle is made there anew.
Setup/bundle.sh "$prefix/lib/thaw/bundle"
Setup/launcher.sh "$prefix/lib/thaw/bundle"
mv "$list.new" "$list"
echo "Installed thaw below $prefix; Setup/uninstall.sh $prefix removes it"
