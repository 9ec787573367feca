#!/usr/bin/env bash
# Eight suites against whatever of the two services runs: ./test_scenarios.sh
# What needs a service that is not there is skipped. Exit status 0 when every test passed, 1 when one failed.

set -u

A=${SERVICE_A_URL:-http://127.0.0.1:${SERVICE_A_PORT:-8080}}
B=http://127.0.0.1:${SERVICE_B_PORT:-8081}
TIMEOUT_S=2     # B's, on its calls to A
SLOW_MS=3000    # what A is slowed down to: longer than B waits
CONCURRENT=5

passed=0 failed=0 skipped=0
green='' red='' yellow='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
  green=$'\033[32m' red=$'\033[31m' yellow=$'\033[33m' plain=$'\033[0m'
fi

# --- how a test is written down

suite() { printf '\n=== Test Suite %s ===\n' "$1"; }

# ask [curl's options] URL: leaves the answer in $body, $status (000: none) and $seconds
ask() {
  local written
  written=$(curl --silent --noproxy '*' --max-time 5 --write-out '\n%{http_code} %{time_total}' "$@") || true
  body=${written%$'\n'*} body=${body%$'\n'}
  read -r status seconds <<<"${written##*$'\n'}"
}

# check TITLE WANTED_STATUS WANTED_TEXT: judges the last answer
check() {
  if [ "$status" = "$2" ] && [[ "$body" == *"$3"* ]]; then pass "$1"; else fail "$1" "$2 with $3"; fi
}

pass() {
  passed=$((passed + 1))
  printf '%s✓ PASSED: %s%s\n  Response: HTTP %s %s\n' "$green" "$1" "$plain" "$status" "${body:0:300}"
}

fail() {
  failed=$((failed + 1))
  printf '%s✗ FAILED: %s%s\n  Expected: %s\n  Response: HTTP %s %s\n' "$red" "$1" "$plain" "$2" "$status" "${body:0:300}"
}

skip() {
  skipped=$((skipped + 1))
  printf '%s- SKIPPED: %s%s\n  %s\n' "$yellow" "$1" "$plain" "$2"
}

answers() { ask "$1/health"; [ "$status" = 200 ]; }

faster_than() { awk -v took="$seconds" -v limit="$1" 'BEGIN { exit !(took < limit) }'; }

heal_a() { curl --silent --noproxy '*' --output /dev/null --max-time 2 -X PUT "$A/delay?ms=0"; }

# --- the suites

health_checks() {
  suite '1: Health Checks'
  if $a_runs; then ask "$A/health"; check 'Service A health endpoint' 200 '{"status":"ok"}'; fi
  if $b_runs; then ask "$B/health"; check 'Service B health endpoint' 200 '{"status":"ok"}'; fi
  $a_runs || skip 'Service A health endpoint' 'Service A does not run'
  $b_runs || skip 'Service B health endpoint' 'Service B does not run'
}

success_scenarios() {
  suite '2: Success Scenarios'
  if ! $a_runs; then skip 'Echoes' 'Service A does not run'; return; fi
  ask "$A/echo?msg=hello"
  check 'Service A echo, normal message' 200 '{"echo":"hello"}'
  ask "$A/echo?msg="
  check 'Service A echo, empty message' 200 '{"echo":""}'
  ask "$A/echo?msg=hello%20world"
  check 'Service A echo, special characters' 200 '{"echo":"hello world"}'
  if ! $b_runs; then skip 'Service B calls Service A' 'Service B does not run'; return; fi
  ask "$B/call-echo?msg=test123"
  check 'Service B calls Service A' 200 '{"msg":"test123","echo_response":{"echo":"test123"}}'
  local long
  long=$(printf 'x%.0s' {1..1000})
  ask "$B/call-echo?msg=$long"
  check 'Service B calls Service A, long message' 200 "\"echo\":\"$long\""
}

service_a_down() {
  suite '3: Service A Down Scenarios'
  if $a_runs; then skip 'Service A is down' 'Service A runs; stop it to run this test'; return; fi
  if ! $b_runs; then skip 'Service A is down' 'Service B does not run'; return; fi
  ask "$B/call-echo?msg=test"
  check 'Service B answers 503 when Service A is down' 503 '{"error":"Service A unavailable","details":"'
}

invalid_requests() {
  suite '4: Invalid Request Scenarios'
  if $b_runs; then
    ask "$B/call-echo"
    check 'Service B refuses a request without msg' 400 "{\"error\":\"Missing 'msg' parameter\"}"
    ask "$B/call-echo?msg="
    check 'Service B refuses an empty msg' 400 "{\"error\":\"Missing 'msg' parameter\"}"
  else
    skip 'Service B refuses what cannot be right' 'Service B does not run'
  fi
  if $a_runs; then
    ask "$A/echo"
    check 'Service A accepts a request without msg' 200 '{"echo":""}'
  else
    skip 'Service A accepts a request without msg' 'Service A does not run'
  fi
}

service_b_down() {
  suite '5: Service B Down Scenarios'
  if $b_runs; then skip 'Service B is down' 'Service B runs; stop it to run this test'; return; fi
  ask "$B/health"
  check 'Service B is recognised as down' 000 ''
}

timeouts() {
  suite '6: Timeout Scenarios'
  if ! $a_runs || ! $b_runs; then skip 'Service B gives up in time' 'it needs both services'; return; fi
  ask "$B/call-echo?msg=quick"
  check 'Service B answers with a quick Service A' 200 '"echo":"quick"'
  ask -X PUT "$A/delay?ms=$SLOW_MS"
  check "Service A is made slow: $SLOW_MS ms" 200 "$SLOW_MS"
  ask "$B/call-echo?msg=slow"
  heal_a
  check "Service B gives up on a slow Service A (after $seconds s)" 503 'Timeout error: '
  if faster_than 3 && ! faster_than "$TIMEOUT_S"; then
    pass "Service B waited for its timeout of $TIMEOUT_S s, no longer: $seconds s"
  else
    fail "Service B waited for its timeout of $TIMEOUT_S s, no longer: $seconds s" 'from 2 to 3 s'
  fi
}

concurrent_requests() {
  suite '7: Concurrent Request Scenarios'
  if ! $a_runs || ! $b_runs; then skip 'Concurrent requests' 'it needs both services'; return; fi
  local right number
  right=$(
    for number in $(seq "$CONCURRENT"); do
      { curl --silent --noproxy '*' --max-time 5 "$B/call-echo?msg=c$number" | grep --fixed-strings "{\"echo\":\"c$number\"}"; } &
    done | wc -l
  )
  status=200 body="$((right)) of $CONCURRENT were right"
  check "All $CONCURRENT concurrent requests got their own answer" 200 "$CONCURRENT of $CONCURRENT"
}

error_format() {
  suite '8: Error Response Format'
  if ! $b_runs; then skip 'Errors have the agreed form' 'Service B does not run'; return; fi
  local path
  for path in call-echo no-such-page; do
    ask "$B/$path"
    if printf '%s' "$body" | python3 -c 'import json, sys; assert isinstance(json.load(sys.stdin)["error"], str)'; then
      pass "The error of /$path is JSON with an \"error\""
    else
      fail "The error of /$path is JSON with an \"error\"" '{"error": "..."}'
    fi
  done
}

# --- run them

for program in curl python3; do
  command -v "$program" >/dev/null || { printf '%s is not installed\n' "$program" >&2; exit 1; }
done

printf 'Distributed Echo System Test Suite\n\nChecking service availability...\n'
if answers "$A"; then a_runs=true; else a_runs=false; fi
if answers "$B"; then b_runs=true; else b_runs=false; fi
$a_runs && printf 'Service A is running\n' || printf 'Service A is not running (some tests will be skipped)\n'
$b_runs && printf 'Service B is running\n' || printf 'Service B is not running (some tests will be skipped)\n'
if $a_runs; then trap heal_a EXIT; fi # Ctrl-C in suite 6 must not leave A slow

health_checks
success_scenarios
service_a_down
invalid_requests
service_b_down
timeouts
concurrent_requests
error_format

printf '\n=== Test Summary ===\nTotal Tests: %d\nPassed: %d\nFailed: %d\nSkipped: %d\n\n' \
  $((passed + failed)) "$passed" "$failed" "$skipped"
if [ "$failed" -gt 0 ]; then
  printf '%sSome tests failed.%s\n' "$red" "$plain"
  exit 1
fi
printf '%sAll tests passed!%s\n' "$green" "$plain"
