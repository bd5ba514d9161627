-- Asks for the given paths in turn and prints one line of figures that load.py reads.
local requests, turn = {}, 0

function init(paths)
  for number, path in ipairs(paths) do requests[number] = wrk.format("GET", path) end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    "RESULT requests=%d micros=%d bytes=%d p50=%d p95=%d p99=%d refused=%d broken=%d\n",
    summary.requests, summary.duration, summary.bytes,
    latency:percentile(50), latency:percentile(95), latency:percentile(99),
    e.status, e.connect + e.read + e.write + e.timeout))
end
