# Bundles the candidate's TypeScript into one module with a source map: prepare.sh <esbuild> <file>
# Types are taken away, not checked: the editor shows their errors.

esbuild=$1
file=$2

if [ ! -f "$file" ]; then
    echo "there is no file $file" >&2
    exit 1
fi
rm -rf .interviewlm
exec "$esbuild" "$file" --bundle --platform=node --format=esm --packages=external --sourcemap=inline \
    --outfile=.interviewlm/program.mjs --log-level=warning --log-limit=10 --color=false
