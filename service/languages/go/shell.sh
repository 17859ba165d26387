# Read by the shell of a room when it starts: Go finds what was compiled beforehand, as runs do in prepare.sh. It is linked
# aside and moved into place whole, so that nobody waits for it and nobody finds half of it.

go_root=$(command -v go) && go_root=${go_root%/bin/go}
if read -r go_version 2>/dev/null <"$go_root/VERSION" && [[ ! -e $GOCACHE ]]; then
    (
        warm=/opt/interviewlm/platform/go-cache/$go_version
        draft=$(mktemp -d /tmp/.go-cache-XXXXXX) && cp -as "$warm/." "$draft" && rm -f "$draft/trim.txt" &&
            date +%s >"$draft/trim.txt" && mv -T "$draft" "$GOCACHE"
    ) &>/dev/null
fi
unset go_root go_version
