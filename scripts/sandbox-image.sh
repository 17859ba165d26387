#!/usr/bin/env bash
# The image of boxes on a container engine, from this machine's own packages: a candidate finds there what a box of this
# machine has. Nothing is fetched from a registry. Build it again after every update of InterviewLM.
set -euo pipefail
source "$(dirname "$0")/environment.sh"
source "$root/scripts/setup/administrator.sh"

image=localhost/interviewlm-sandbox:latest
tools=$INTERVIEWLM_TOOLS_DIR
languages=$root/service/languages

# What candidates use; what these need comes with them.
packages=(bash dash coreutils findutils grep sed mawk gawk tar gzip diffutils procps less vim nano git make python3
  python-is-python3 python3-pytest libc-bin libstdc++6 libgcc-s1 debianutils sensible-utils ncurses-base ncurses-bin
  util-linux)
# What Rust's compiler links with; what only compiling C needs is left out.
linker=(gcc binutils libc6-dev)
only_for_c='^/usr/include/|^/usr/lib/gcc/[^/]+/[^/]+/(cc1|lto1|include)|/lib[a-z]+san\.[^/]+$|lto-dump'

# The engine's own command: `engine` and the words after it.
if [[ -n ${SANDBOX_ENGINE:-} ]]; then
  engine=$SANDBOX_ENGINE
elif has docker && docker version >/dev/null 2>&1; then
  engine=docker
elif has podman; then
  engine=podman
else
  stop "neither docker nor podman is here and running."
fi

heading "Image of the sandbox, with $engine"
has dpkg-query || stop "the image is put together from Debian's packages, and this system has no dpkg."
[[ -x $tools/go/bin/go && -x $tools/node/bin/node && -x $tools/bin/esbuild && -x $tools/node/bin/tsx ]] ||
  stop "Go, Node, esbuild or tsx is missing. Run: make setup"
has pytest || stop "pytest is missing. Run: make setup"
as_image() { tar --numeric-owner --owner=0 --group=0 "$@"; }

# Rust comes from a folder of rustup's, or from the system's packages, or not at all.
rust=
if [[ -x $tools/rust/bin/rustc ]]; then
  rust=$(realpath "$tools/rust")
  packages+=("${linker[@]}")
fi
if [[ $rust == /usr ]]; then
  for program in rustc cargo rustfmt; do
    package=$(dpkg-query -S "/usr/bin/$program" 2>/dev/null) && packages+=("${package%%[:,]*}")
  done
fi

work=$(mktemp -d "$cache/sandbox-image.XXXXXX")
trap 'rm -rf "$work"' EXIT
tree=$work/rootfs
mkdir "$tree"

# Every package that those need and that is installed here.
installed() { dpkg-query -W -f '${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p' | sort -u; }
needed() {
  apt-cache depends --recurse --installed --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
    --no-enhances "$@" | sed -n 's/^\([a-z0-9][a-z0-9.+-]*\)\(:[a-z0-9]*\)\{0,1\}$/\1/p' | sort -u
}
present=$(comm -12 <(installed) <(printf '%s\n' "${packages[@]}" | sort -u))
# shellcheck disable=SC2086 # names of packages hold no spaces
chosen=$(comm -12 <(installed) <(needed $present))
note "Packages: $(wc -l <<<"$chosen")"

# A merged system: the top folders are links.
for folder in bin sbin lib lib32 lib64 libx32; do
  [[ ! -L /$folder ]] || cp -a "/$folder" "$tree/$folder"
done
# What a package brought and is there, without what nobody reads in an interview. The files of /etc are the packages' own,
# never this machine's.
list=$work/files
# shellcheck disable=SC2086
dpkg -L $chosen | sort -u | sed -E 's#^/(bin|sbin|lib|lib32|lib64|libx32)/#/usr/\1/#' |
  grep -Ev '^/(\.|boot|etc|home|media|mnt|proc|root|run|srv|sys|tmp|var)?(/|$)|^/usr/share/(doc|man|info|locale|lintian|bug)/' |
  grep -Ev "$only_for_c" |
  while read -r file; do
    if [[ -L $file || (-f $file && ! -u $file && ! -g $file) ]]; then printf '%s\n' "$file"; fi
  done | sort -u >"$list"
tar -C / --no-recursion -c -T <(sed 's|^/||' "$list") | tar -C "$tree" -x

mkdir -p "$tree"/{etc/alternatives,dev,proc,sys,run,opt/interviewlm,tmp,var/tmp,workspace,home/candidate}
for link in /etc/alternatives/*; do
  [[ ! -e $tree$(readlink "$link") ]] || cp -a "$link" "$tree/etc/alternatives/"
done
# Links that packages make when they are installed.
cp -a "$(realpath -s /bin/sh)" "$tree/usr/bin/sh"
for link in /usr/bin/*; do
  if [[ -L $link && $(readlink "$link") == /etc/alternatives/* && -e $tree$(readlink -m "$link") ]]; then
    cp -a "$link" "$tree/usr/bin/"
  fi
done
cat >"$tree/etc/passwd" <<'TEXT'
root:x:0:0:root:/:/usr/sbin/nologin
candidate:x:1000:1000:candidate:/home/candidate:/bin/bash
nobody:x:65534:65534:nobody:/:/usr/sbin/nologin
TEXT
printf 'root:x:0:\ncandidate:x:1000:\nnogroup:x:65534:\n' >"$tree/etc/group"
printf 'passwd: files\ngroup: files\nhosts: files\n' >"$tree/etc/nsswitch.conf"
# An engine owns the workspace's top folder itself.
printf '[safe]\n\tdirectory = *\n' >"$tree/etc/gitconfig"
cp sandbox/src/ground/interview.bashrc "$tree/etc/interview.bashrc"
[[ ! -d /usr/share/vim ]] || { mkdir -p "$tree/etc/vim" && printf 'runtime! debian.vim\n' >"$tree/etc/vim/vimrc"; }
cp /etc/ld.so.conf "$tree/etc/" && cp -a /etc/ld.so.conf.d "$tree/etc/"
ldconfig -r "$tree" 2>/dev/null || as_root ldconfig -r "$tree"

# A tool's version as the server reads it off what the tool prints.
version_of() { "$@" | tr -s ' ' '\n' | sed -n 's/^[a-z]*\([0-9][^ ]*\.[^ ]*\)$/\1/p' | head -n 1; }
versions=()
# A tool that is in the image now: its name, and the words that make it tell its version.
has_tool() {
  local version
  version=$(version_of "${@:2}")
  versions+=("$1=$version")
}

note "Go, Node, esbuild and what runs need…"
platform=$tree/opt/interviewlm/platform
mkdir -p "$platform/languages" "$platform/tools"
cp -R "$languages/." "$platform/languages/"
cp -a "$tools/go" "$tree/opt/interviewlm/go"
mkdir -p "$tree/opt/interviewlm/node/lib"
cp -a "$tools/node/bin" "$tree/opt/interviewlm/node/bin"
cp -a "$tools/node/lib/node_modules" "$tree/opt/interviewlm/node/lib/node_modules"
install -m 755 "$tools/bin/esbuild" "$platform/tools/esbuild"
has_tool python /usr/bin/python3 --version
has_tool node "$tools/node/bin/node" --version
has_tool esbuild "$tools/bin/esbuild" --version
has_tool go "$tools/go/bin/go" version

# Compiles what every run of a language needs, once: the language, its tool, and the words after them.
warm() {
  local folder version
  for version in "${versions[@]}"; do
    [[ $version != "$2="* ]] || folder=$platform/$1-cache/$2${version#*=}
  done
  mkdir -p "$folder"
  (cd "$folder" && env -i PATH=/usr/bin:/bin sh "$languages/$1/warm.sh" "${@:3}") ||
    stop "what $1 needs at every run could not be compiled. The lines above say why."
}
warm go go "$tools/go/bin/go" "$languages/go/warm.txt"

if [[ -z $rust ]]; then
  note "Without Rust: $tools/rust/bin/rustc is missing. To have it, run: make setup"
else
  note "Rust, from $rust…"
  if [[ $rust == /usr ]]; then
    ln -s /usr "$tree/opt/interviewlm/rust"
  else
    # To compile, link, test and format programs: no other target, no sanitizers, no documentation.
    mkdir "$tree/opt/interviewlm/rust"
    host=$("$rust/bin/rustc" --version --verbose | sed -n 's/^host: //p')
    (
      cd "$rust"
      shopt -s nullglob
      tar -c --exclude='librustc-*_rt.*' --exclude='wasm*' --exclude=lld-link --exclude='ld64*' \
        bin/rust[cdf]* bin/cargo bin/cargo-fmt* lib/*.so* "lib/rustlib/$host"/{bin,lib}
    ) | tar -C "$tree/opt/interviewlm/rust" -x
  fi
  has_tool rust "$rust/bin/rustc" --version
  warm rust rust "$rust/bin/rustc" "$languages/rust/interview"
fi
chmod -R a+rX,go-w "$tree"
# An engine gives what it mounts there the permissions that it finds.
chmod 1777 "$tree/tmp" "$tree/var/tmp"
chmod 777 "$tree/workspace" "$tree/home/candidate"

note "Packing…"
as_image -C "$tree" -cf "$work/rootfs.tar" .
cp sandbox/image/Containerfile "$work/Containerfile"
rm -rf "$tree"
# By this the server knows whether the image is of its own version, and what is in it.
"$engine" build --quiet --network none --tag "$image" --file "$work/Containerfile" \
  --label "org.interviewlm.languages=$(sh sandbox/image/fingerprint.sh "$languages")" --label "org.interviewlm.tools=${versions[*]}" "$work" ||
  stop "$engine could not build the image. The lines above say why."
# The images that it was before.
"$engine" image prune --force --filter label=org.interviewlm.image=sandbox >/dev/null || true
note "$image is ready; start the server with INTERVIEWLM_SANDBOX=docker."
