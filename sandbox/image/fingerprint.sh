# A name for how languages are run, which changes when any file of that folder does: fingerprint.sh <folder>
# The server has it from the folder that it was built with (`service/src/runs/languages.rs`); an image carries it as a label.

cd "$1" || exit
find . -type f | sed 's|^\./||' | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -d ' ' -f 1
