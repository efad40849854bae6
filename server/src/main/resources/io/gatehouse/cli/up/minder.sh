# Minds the application of "gatehouse up --run". Leads a session of its own, so that what the terminal sends reaches Gatehouse
# alone, and keeps the user that Gatehouse was started as, who may end processes of any other that it starts.
#
#   sh -c minder.sh minder COMMAND [USER UID GID]
#
# Standard input: one line "start" for each time it is to be started. Its end, which also comes when Gatehouse is killed, ends
# everything. Standard output: what the application writes. Standard error: "started PID" and "ended CODE", one a line.

command=$1
if [ $# -gt 1 ]; then
    become() { exec setsid setpriv --reuid="$uid" --regid="$gid" --init-groups sh -c "$command"; }
    uid=$3 gid=$4
else
    become() { exec setsid sh -c "$command"; }
fi
patience=100 # tenths of a second between TERM and KILL

# Runs the application once. It leads a group; a TERM to this shell ends the group.
run() {
    told=
    trap 'told=yes' TERM
    (become) </dev/null 2>&1 &
    child=$!
    # until it leads its group there is none to end
    while ! kill -0 "-$child" 2>/dev/null && kill -0 "$child" 2>/dev/null; do sleep 0.01; done
    echo "started $child" >&2
    # a TERM ends the wait before the application has ended
    [ -n "$told" ] || wait "$child"
    code=$?
    # the whole group; also when its leader has ended, for what that has left, a database perhaps
    kill -TERM "-$child" 2>/dev/null
    tenths=0
    while kill -0 "-$child" 2>/dev/null; do
        if [ $tenths -ge $patience ]; then
            kill -KILL "-$child" 2>/dev/null
            [ $tenths -lt $((patience + 20)) ] || break
        fi
        sleep 0.1
        tenths=$((tenths + 1))
    done
    if [ -n "$told" ]; then
        wait "$child"
        code=$?
    fi
    echo "ended $code" >&2
}

run=
while read -r order; do
    case $order in
        start)
            [ -z "$run" ] || wait "$run"
            run &
            run=$!
            ;;
    esac
done
[ -n "$run" ] || exit 0
# The first one may come before it is listened for.
while kill -TERM "$run" 2>/dev/null; do sleep 0.2; done
wait "$run"
