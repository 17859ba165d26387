# Compiles the candidate's Go: prepare.sh <go root> <warm cache> [<harness folder> <function>]
# The warm cache is read-only: links to what it holds take 20 ms, and what is new stays in
# this box. A fresh date in `trim.txt` keeps Go from looking for entries to throw away.

go=$1/bin/go
cache=$2
harness=$3
function=$4

if [ ! -d "$GOCACHE" ]; then
    cp -as "$cache" "$GOCACHE"
    rm -f "$GOCACHE/trim.txt"
    date +%s > "$GOCACHE/trim.txt"
fi
rm -rf .interviewlm
mkdir .interviewlm
package=.
if [ -n "$function" ]; then
    if [ ! -f solution.go ]; then
        echo "there is no file solution.go" >&2
        exit 1
    fi
    module=$(sed -n 's/^module[[:space:]]\{1,\}"\{0,1\}\([^[:space:]"]*\).*/\1/p' go.mod | head -n 1)
    cp "$harness/harness.go" .interviewlm/main.go
    printf 'package main\n\nimport solution "%s"\n\nvar subject any = solution.%s\n' "$module" "$function" \
        > .interviewlm/subject.go
    package=./.interviewlm
fi

"$go" build -buildvcs=false -ldflags='-s -w' -o .interviewlm/program "$package" 2> /tmp/compile-errors
status=$?
if [ -n "$function" ] && grep -q "undefined: solution\.$function\$" /tmp/compile-errors; then
    echo "solution.go has no function \`$function\`" >&2
else
    sed -e '/^# /d' -e 's|^\./||' /tmp/compile-errors >&2
fi
exit $status
