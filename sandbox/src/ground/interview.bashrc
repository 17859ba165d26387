PS1='\[\e[1;34m\]\w\[\e[0m\] $ '
PS2='> '
PROMPT_DIRTRIM=3
HISTCONTROL=ignoreboth
HISTSIZE=10000
shopt -s checkwinsize histappend
alias ls='ls --color=auto'
alias grep='grep --color=auto'
alias ll='ls -l'
