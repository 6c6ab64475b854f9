-- wrk's part: asks for one address or posts the lines of a file in turn, and prints what came of it as JSON.
-- BENCH_PATH, BENCH_COOKIE, BENCH_TAG; BENCH_POSTS is a file of lines "path<TAB>body", BENCH_FIRST the line to begin at.
local posts, number = {}, tonumber(os.getenv("BENCH_FIRST") or "0")

function init(arguments)
  wrk.headers["Cookie"] = os.getenv("BENCH_COOKIE")
  wrk.headers["If-None-Match"] = os.getenv("BENCH_TAG")
  wrk.headers["Accept-Encoding"] = os.getenv("BENCH_ENCODING")
  if os.getenv("BENCH_POSTS") then
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
    for line in io.lines(os.getenv("BENCH_POSTS")) do
      local path, body = line:match("^(.-)\t(.*)$")
      posts[#posts + 1] = wrk.format("POST", path, nil, body)
    end
  else
    posts[1] = wrk.format("GET", os.getenv("BENCH_PATH"))
  end
end

function request()
  number = number + 1
  return posts[(number - 1) % #posts + 1]
end

function done(summary, latency, requests)
  local bad = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format('\nRESULT {"requests": %d, "seconds": %f, "p95_ms": %f, "bad": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(95) / 1e3, bad))
end
