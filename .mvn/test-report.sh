# Called by `build` after `verify`: the 20 slowest tests and the sum of all, read from the reports that Surefire wrote meanwhile.
root=$1
reports=$(find "$root" -path '*/target/surefire-reports/TEST-*.xml' -newer "$root/.build/begun" 2>/dev/null)
[ -n "$reports" ] || exit 0
echo
echo "The 20 slowest tests (seconds):"
echo "$reports" | tr '\n' '\0' | xargs -0 cat | tr '\n' ' ' | sed 's/<testcase /\n<testcase /g' |
  sed -n 's/^<testcase name="\([^"]*\)" classname="org\.plimsoll\.\([^"]*\)" time="\([0-9.]*\)".*/\3 \2.\1/p' |
  sort -rn | head -20 | awk '{printf "  %8.2f  %s\n", $1, substr($0, length($1) + 2)}'
echo "$reports" | tr '\n' '\0' | xargs -0 cat |
  sed -n 's/.*<testsuite .* tests="\([0-9]*\)" errors="\([0-9]*\)" skipped="\([0-9]*\)" failures="\([0-9]*\)".*/\1 \2 \3 \4/p' |
  awk '{t += $1; e += $2; s += $3; f += $4} END {printf "\n%d passed, %d failed, %d skipped\n", t - e - s - f, e + f, s}'
