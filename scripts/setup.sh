#!/usr/bin/env bash
# Installs what is missing, and only that: a second run finds everything and takes seconds.
set -euo pipefail
source "$(dirname "$0")/voice.sh"

began=$SECONDS
for step in packages node compiler scripts languages tools; do
  "$(dirname "$0")/setup/$step.sh"
done
heading "Everything needed is here ($(spoken $((SECONDS - began))))"
