/**
 * POSIX shell guard of one server: `sh -c guardScript guard <folder> <command> [argument ...]`.
 *
 * Its standard input is a pipe that the parent holds open and never writes to. The pipe closes when the parent asks for
 * the end, exits or is killed, by any signal; the guard then ends the server (SIGTERM, after 10 s SIGKILL), removes the
 * folder unless it is empty text, and exits. Where the server ends by itself, the guard exits with its code and leaves
 * the folder, which has the log. The guard and its server run in a session of their own: a Ctrl+C does not reach them.
 */
export const guardScript: string = `
folder=$1; shift
PATH=$PATH:/usr/bin:/bin
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
trap '' HUP INT
trap 'kill -TERM $server 2>/dev/null' TERM
{
  read -r _ <&3
  [ -z "$folder" ] || : >"$folder/.ending"
  kill -TERM $server
  tries=0
  while kill -0 $server && [ $tries -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
  kill -KILL $server
} 2>/dev/null &
watch=$!
wait $server; code=$?
while kill -0 $server 2>/dev/null; do wait $server; code=$?; done
[ -z "$folder" ] || [ ! -e "$folder/.ending" ] || rm -rf "$folder"
kill -KILL $watch 2>/dev/null
exit $code
`;
