#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# mutants.sh BUILD: does the comparison with the emulated core notice when our machine is wrong? Cases are recorded once; then each mutation of
# mutants.txt is put into a copy of its file, which is compiled and linked in place of the original, and the replay must find a difference, or
# the trap matrix a cell that is wrong or a departure that is not needed. It prints a line for each.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
build=$(cd "$1" && pwd)
qemu=${CONFORMANCE_QEMU-qemu-system-arm}
command -v "$qemu" >/dev/null || { echo "skipped: there is no $qemu; install the package qemu-system-arm"; [ -z "${CI-}" ] || exit 1; exit 77; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# The commands of the build, for the machine's files; and what links the test, without the machine.
flags=(-std=c17 -O1 -D_POSIX_C_SOURCE=200809L "-I$top")
mapfile -t libraries < <(pkg-config --libs capstone libelf libdw | tr ' ' '\n' | sed '/^$/d')
others=("$build"/tests/conformance/CMakeFiles/conformance_recorded.dir/*.o)
objects=("$build"/model/cpu/CMakeFiles/lazyswitch_cpu.dir/*.o)

# mutate NUMBER FILE OLD NEW: a line of the result; fails if it is not noticed
mutate() {
  local n=$1 file=$2 old=$3 new=$4 mutant=$dir/$1.c output status
  if [ "$(grep -cF -- "$old" "$top/model/cpu/$file")" != 1 ]; then
    echo "$n $file: WRONG: this does not stand there once: $old"
    return 1
  fi
  OLD=$old NEW=$new awk '{ at = index($0, ENVIRON["OLD"])
    if (at) $0 = substr($0, 1, at - 1) ENVIRON["NEW"] substr($0, at + length(ENVIRON["OLD"]))
    print }' "$top/model/cpu/$file" >"$mutant"
  gcc "${flags[@]}" "-I$top/model/cpu" -w -c "$mutant" -o "$dir/$n.o" || { echo "$n $file: WRONG: it does not compile"; return 1; }
  local with=()
  for object in "${objects[@]}"; do
    [ "$(basename "$object")" = "$file.o" ] || with+=("$object")
  done
  gcc "${others[@]}" "$dir/$n.o" "${with[@]}" "$build/model/liblazyswitch_model.a" "${libraries[@]}" -o "$dir/$n" ||
    { echo "$n $file: WRONG: it does not link"; return 1; }
  output=$(ulimit -v 4000000 && timeout 120 "$dir/$n" replay "$dir/little" "$dir/big" 2>&1)
  status=$?
  if [ $status = 0 ]; then
    output=$(ulimit -v 4000000 && timeout 120 "$dir/$n" judge "$dir/matrix" 2>&1)
    status=$?
  fi
  rm -f "$dir/$n" "$dir/$n.o"
  if [ $status != 1 ]; then # a crash is no difference, either
    echo "$n $file: SURVIVED, status $status: $old => $new"
    return 1
  fi
  echo "$n $file: $(tail -1 <<<"$output" | cut -c1-120), by: $old => $new"
}

for order in little big; do
  "$build/tests/conformance/conformance_recorded" record "$dir/$order" $order 1 5000 || exit 1
done
"$build/tests/conformance/conformance_recorded" record "$dir/matrix" matrix 1 4 || exit 1
"$build/tests/conformance/conformance_recorded" replay "$dir/little" "$dir/big" &&
  "$build/tests/conformance/conformance_recorded" judge "$dir/matrix" || { echo "the machine as it is differs"; exit 1; }
failed=0
running=0
number=0
while IFS= read -r line; do
  [[ $line == \#* || -z $line ]] && continue
  number=$((number + 1))
  file=${line%% => *}
  rest=${line#* => }
  mutate "$number" "$file" "${rest%% => *}" "${rest#* => }" &
  running=$((running + 1))
  if [ $running -ge "$(nproc)" ]; then
    wait -n || failed=$((failed + 1))
    running=$((running - 1))
  fi
done <"$here/mutants.txt"
while [ $running -gt 0 ]; do
  wait -n || failed=$((failed + 1))
  running=$((running - 1))
done
echo "$number mutations, $failed not noticed"
[ $failed = 0 ] && [ $number -ge 50 ]
