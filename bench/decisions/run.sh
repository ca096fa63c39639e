#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# bench/decisions/run.sh [BUILD]: builds the release preset, runs ours and the npm engines in turn on
# one core.
set -e
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=${1:-$root/build/release}
[ -f "$build/build.ninja" ] || (cd "$root" && cmake --preset release -B "$build" >/dev/null)
ninja -C "$build" bench_decisions >/dev/null
work=$build/bench-decisions
mkdir -p "$work"
cp "$here/package.json" "$here/javascript_bench.mjs" "$here/table.dmn" "$work/"
(cd "$work" && [ -d node_modules ] || npm install --prefix "$work" --no-audit --no-fund --silent)
grep -m1 'model name' /proc/cpuinfo || true
taskset -c 0 "$build/bench/decisions/bench_decisions" | tee "$work/ours.txt"
# Where the kernel gives no counter of instructions, valgrind counts them: the difference of two runs
# is that of 2,000 evaluations.
if ! grep -q instructions "$work/ours.txt"; then
  if command -v valgrind >/dev/null; then
    count() {
      valgrind --tool=callgrind --callgrind-out-file=/dev/null \
        "$build/bench/decisions/bench_decisions" --count "$1" "$2" 2>&1 |
        sed -n 's/.*Collected : *//p'
    }
    case=0
    for name in "applicant.age >= 18 and ..." "sum(for x in ...) > 100" "table of 20 rules x 5 inputs" \
      "the same table by hand in C++" "the table with its explanation"; do
      less=$(count $case 1000)
      more=$(count $case 3000)
      printf '%-44s %10d instructions an evaluation (valgrind)\n' "$name" $(((more - less) / 2000))
      case=$((case + 1))
    done
  else
    echo "instructions: no counter on this machine, and valgrind is not installed"
  fi
fi
(cd "$work" && taskset -c 0 node javascript_bench.mjs)
