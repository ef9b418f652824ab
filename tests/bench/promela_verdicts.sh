#!/bin/sh
# SPDX-License-Identifier: MIT
# promela_verdicts.sh SOURCES: the hand-written Promela model holds, and each of its broken switches is caught. Exit status 77: no SPIN.
set -eu
sources=$1
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
command -v spin >/dev/null || { echo "skipped: spin is not installed (apt-get install spin)"; exit 77; }

# verdict OPTION...: prints how many errors SPIN finds.
verdict() {
  "$sources/spin/make-pan" "$directory" "$sources/promela/default.pml" "$@"
  (cd "$directory" && ./pan -n -m1000000 >output)
  grep "max search depth too small" "$directory/output" >&2 && return 1
  sed -n 's/^State-vector .*errors: \([0-9]*\)$/\1/p' "$directory/output"
}

[ "$(verdict)" = 0 ] || { echo "the model does not hold"; exit 1; }
for broken in -DNO_PUT -DNO_ENABLE -DTRAP_STAYS; do
  [ "$(verdict "$broken")" = 1 ] || { echo "the model holds with $broken, too"; exit 1; }
done
