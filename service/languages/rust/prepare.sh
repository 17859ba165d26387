# Compiles the candidate's Rust: prepare.sh <rustc> <warm cache> <folder of the crate interview> <file> [<function>]
# A function is a library, and a small program of ours calls it. Overflow panics, and lines are known to a panic.

rustc=$1
library=$2/libinterview.rlib
harness=$3
file=$4
function=$5

if [ ! -f "$file" ]; then
    echo "there is no file $file" >&2
    exit 1
fi
if [ ! -x "$rustc" ]; then
    echo "there is no $rustc" >&2
    exit 127
fi
rm -rf .interviewlm
mkdir .interviewlm
if [ ! -f "$library" ]; then
    (cd .interviewlm && sh "${0%/*}/warm.sh" "$rustc" "$harness") || exit
    library=.interviewlm/libinterview.rlib
fi
edition=$(sed -n 's/^edition[[:space:]]*=[[:space:]]*"\([0-9]*\)".*/\1/p' Cargo.toml 2> /dev/null | head -n 1)

compile() {
    "$rustc" --edition "${edition:-2024}" --color never --diagnostic-width 100 -A warnings \
        -C opt-level=1 -C overflow-checks=on -C debug-assertions=on -C debuginfo=line-tables-only -C lto=off -C embed-bitcode=no \
        --extern "interview=$library" "$@" 2> /tmp/compile-errors
}
tell_errors() {
    sed -e '/^error: aborting/d' -e '/^For more information/d' -e '/^Some errors have/d' /tmp/compile-errors >&2
    exit 1
}

if [ -z "$function" ]; then
    compile --crate-name program --crate-type bin -o .interviewlm/program "$file" || tell_errors
    exit
fi
compile --crate-name solution --crate-type rlib -o .interviewlm/libsolution.rlib "$file" || tell_errors
printf 'fn main() {\n    interview::run(solution::%s);\n}\n' "$function" > .interviewlm/main.rs
compile --crate-name program --crate-type bin --extern solution=.interviewlm/libsolution.rlib \
    -o .interviewlm/program .interviewlm/main.rs && exit
if grep -q 'error\[E0425\]' /tmp/compile-errors; then
    echo "$file has no function \`$function\`" >&2
elif grep -q 'error\[E0603\]' /tmp/compile-errors; then
    echo "the function \`$function\` in $file is private: begin it with \`pub fn $function\`" >&2
else
    # The lines that point at our own program are left out.
    sed -n -e '/^error: aborting/d' -e 's/^error\[E0277\]: //p' -e '/^error/p' -e 's/^ *= note: //p' /tmp/compile-errors >&2
fi
exit 1
