# Compiles the crate `interview` into the folder it runs in: warm.sh <rustc> <folder of the crate>
# What is there is replaced whole, because a run may be reading it.

set -e
rm -rf fresh
mkdir fresh
"$1" --edition 2024 --crate-name interview --crate-type rlib -C opt-level=2 --remap-path-prefix "$2=/interview" \
    -o fresh/libinterview.rlib "$2/src/lib.rs"
mv fresh/libinterview.rlib libinterview.rlib
rm -rf fresh
