#!/usr/bin/env bash
# Installs what is missing, builds, and starts the server. It prints the address and how to get in.
set -euo pipefail

"$(dirname "$0")/setup.sh"
"$(dirname "$0")/build.sh"
source "$(dirname "$0")/environment.sh"

heading "InterviewLM"
exec "$root/target/release/server"
