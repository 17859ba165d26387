PS1='\[\e[1;34m\]\w\[\e[0m\] $ '
PS2='> '
PROMPT_DIRTRIM=3
HISTCONTROL=ignoreboth
HISTSIZE=10000
shopt -s checkwinsize histappend
alias ls='ls --color=auto'
alias grep='grep --color=auto'
alias ll='ls -l'
# What a language does for its tools before they are used.
for language in /opt/interviewlm/platform/languages/*/shell.sh; do
    if [[ -r $language ]]; then source "$language"; fi
done
unset language
