# shellcheck shell=bash
# Sourced: how the scripts speak. A heading per step, and one sentence before giving up.

# Announces a step.
heading() { printf '\n==> %s\n' "$*"; }

# Says something in passing.
note() { printf '    %s\n' "$*"; }

# Gives up, saying what is missing and what to do about it.
stop() {
  printf '\nInterviewLM cannot go on: %s\n' "$*" >&2
  exit 1
}

# Whether a command can be found.
has() { command -v "$1" >/dev/null 2>&1; }

# A number of seconds as people say it: 42 s, 3 min 05 s.
spoken() { (($1 < 60)) && echo "$1 s" || printf '%d min %02d s\n' $(($1 / 60)) $(($1 % 60)); }
