-- SPDX-License-Identifier: Apache-2.0
-- For wrk: asks the paths of the file PATHS in turn, with the cookie COOKIE when it is set, and
-- prints one line of figures: requests/s, p50, p95, p99 in ms, answers that were not 2xx, errors.
local paths, n = {}, 0
for line in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = line end
local cookie = os.getenv("COOKIE")
local headers = {}
if cookie and cookie ~= "" then headers["Cookie"] = cookie end
local made = {}
init = function(args)
  for i, path in ipairs(paths) do made[i] = wrk.format("GET", path, headers) end
end
request = function()
  n = n % #made + 1
  return made[n]
end
done = function(summary, latency, requests)
  io.write(string.format("FIGURES %.1f %.3f %.3f %.3f %d %d\n",
    summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1e3,
    latency:percentile(95) / 1e3, latency:percentile(99) / 1e3, summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
