#!/usr/bin/env bash
# check.sh NAME PYTHON ENGINE.py: judges a real engine, and compares the cases it fails with docs/engines/known/NAME.txt.
# 0 if they are the same, 1 if not: a failure that is new, or one that is gone. The report stays in .cache/engines/reports/NAME.
set -euo pipefail
cd "$(dirname "$0")/../.."
if test $# != 3; then
  echo "usage: check.sh NAME PYTHON ENGINE.py" >&2
  exit 2
fi
name=$1 python=$2 engine=$3
known=docs/engines/known/$name.txt report=.cache/engines/reports/$name
test -e "$known" || { echo "no $known" >&2; exit 2; }
rm -rf "$report"
mkdir -p "$report"
code=0
npm run --silent turbo-lora -- conform --suite logits texts --timeout 120 --report "$report" -- "$python" "$engine" \
  > "$report/summary.txt" || code=$?
head -n 2 "$report/summary.txt"
if test $code -gt 1; then exit "$code"; fi
node - "$report/report.json" > "$report/failing.txt" << 'END'
const { cases } = JSON.parse(require('node:fs').readFileSync(process.argv[2], 'utf8'));
const of = (...kinds) => cases.filter(({ outcome }) => kinds.includes(outcome.kind)).map(({ id }) => id);
if (cases.length === 0 || of('not asked').length > 0) {
  console.error(`${of('not asked').length} of ${cases.length} cases were not asked`);
  process.exit(1);
}
process.stdout.write(of('fail', 'error', 'broken').sort().map((id) => `${id}\n`).join(''));
END
diff -u "$known" "$report/failing.txt" || {
  echo "what $name fails is not what $known lists" >&2
  exit 1
}
echo "$name fails the $(wc -l < "$known") cases of $known, and no other"
