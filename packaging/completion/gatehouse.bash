# Completion for bash. Made by the build: the parts between at signs come from gatehouse -h and from the reference.
_gatehouse() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command='' words=''
    COMPREPLY=()
    case ${COMP_WORDS[1]-} in
        -*) ;;
        *) [ "$COMP_CWORD" -lt 2 ] || command=${COMP_WORDS[1]} ;;
    esac
    case $previous in
        -s) [ -n "$command" ] || words='stop quit reopen reload' ;;
        -c | -e | -o | --conf) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        -p) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
    esac
    if [ -z "$words" ]; then
        case $command in
            '') words='@FLAGS@'; [ "$COMP_CWORD" -gt 1 ] || words="$words @COMMANDS@" ;;
            explain) words='@DIRECTIVES@' ;;
@COMMAND_OPTIONS_BASH@
        esac
    fi
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -F _gatehouse gatehouse
