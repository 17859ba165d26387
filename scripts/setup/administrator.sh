# shellcheck shell=bash
# Sourced: the few things that need an administrator, and the sentence for when there is none.

# Runs a command as root: directly, or through sudo where that is possible.
as_root() {
  if ((EUID == 0)); then
    "$@"
  elif has sudo && { sudo -n true 2>/dev/null || [[ -t 0 ]]; }; then
    sudo "$@"
  else
    return 77
  fi
}

# Installs Debian packages, or says which ones somebody has to install.
install_packages() {
  has apt-get || stop "these packages are missing, and this system has no apt-get to install them: $*."
  as_root true || stop "these packages are missing, and installing them needs root or sudo: $*.
Ask an administrator to run: apt-get install $*"
  note "Installing: $*"
  as_root apt-get -qq update || note "The package lists could not be refreshed; trying with the old ones."
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 \
    install --no-install-recommends "$@" >"${cache:?}/packages.log" 2>&1 || {
    tail -n 20 "${cache:?}/packages.log" >&2
    stop "these packages could not be installed: $*. The lines above say why."
  }
}
