#!/bin/sh
# Run every check and report every failure; ends with 1 if any failed.
BIN=$1
failed=""
try() {
  name=$1; shift
  if output=$("$@" 2>&1); then echo "ok      $name"; else echo "FAILED  $name"; echo "$output" | tail -40; failed="$failed $name"; fi
}
try format    "$BIN/ruff" format --check pipelines app tests
try lint      "$BIN/ruff" check pipelines app tests
try types     "$BIN/mypy"
try imports   "$BIN/lint-imports" --no-cache
try contracts "$BIN/citybench" contracts --check
try sql       "$BIN/sqlfluff" lint dbt_project/models dbt_project/tests
try dbt       "$BIN/dbt" parse --project-dir dbt_project --profiles-dir dbt_project --no-partial-parse --warn-error --target-path "${TMPDIR:-/tmp}/citybench-parse" --log-path "${TMPDIR:-/tmp}/citybench-parse"
[ -z "$failed" ] || { echo "failed:$failed"; exit 1; }
