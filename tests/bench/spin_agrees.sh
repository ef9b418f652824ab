#!/bin/sh
# SPDX-License-Identifier: MIT
# spin_agrees.sh PROGRAMS SOURCES SYSTEM...: SPIN finds as many states and transitions as our own engine does. Exit status 77: no SPIN.
set -eu
programs=$1 sources=$2
shift 2
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
command -v spin >/dev/null || { echo "skipped: spin is not installed (apt-get install spin)"; exit 77; }

number() { sed -n "s/.*\"$1\": \([0-9]*\),.*/\1/p"; }
ours=$("$programs/bench_engine" "$@")
states=$(echo "$ours" | number states)
transitions=$(echo "$ours" | number transitions)

"$programs/bench_spin" -p "$@" >"$directory/model.generated.pml"
"$sources/spin/make-pan" "$directory" "$directory/model.generated.pml"
"$programs/bench_spin" -r "$directory/pan.so" -a -n "$@" >"$directory/output"
spin_states=$(sed -n 's/^ *\([0-9]*\) states, stored$/\1/p' "$directory/output")
# SPIN counts the way to the initial state as a transition.
spin_transitions=$(($(sed -n 's/^ *\([0-9]*\) transitions .*/\1/p' "$directory/output") - 1))

echo "ours: $states states, $transitions transitions; SPIN's: $spin_states, $spin_transitions"
grep -q 'errors: 0$' "$directory/output" && [ "$states" -gt 1000 ] &&
  [ "$states" = "$spin_states" ] && [ "$transitions" = "$spin_transitions" ]
