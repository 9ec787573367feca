#!/bin/bash
# For container engines: `healthcheck PORT [PATH]` exits with 0 when the service is ready, else 1.
# bash alone, because Python would take ten times as much processor time to start, every few seconds in every container.
exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Request-ID: healthcheck\r\nConnection: close\r\n\r\n' "${2:-/ready}" >&3
read -r _ status _ <&3 && [ "$status" = 200 ]
