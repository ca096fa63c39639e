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
taskset -c 0 "$build/bench/decisions/bench_decisions"
(cd "$work" && taskset -c 0 node javascript_bench.mjs)
