# A Database that is restored in place, with two real Patronis, beside as much of Kubernetes as they need; this script does what the
# controller does. Prints sections that begin with a line `== name`.
set -e
SETTINGS=/tmp/settings DATA=/var/lib/ballast/pgdata PROGRAMS=/tmp/programs
mkdir "$SETTINGS" /tmp/bin /tmp/account
LOCAL="repo1-path=/var/lib/pgbackrest"
# The repository is a folder here; all else of the settings is as rendered.
for file in patroni.yaml postgresql.conf pg_hba.conf pgbackrest.conf; do
  sed -e "s#/etc/ballast/#$SETTINGS/#g" -e '/^repo1-/d' -e "s#^.global.#[global]\n$LOCAL#" "/etc/ballast/$file" >"$SETTINGS/$file"
done
cat >/tmp/kubeconfig <<'KUBE'
contexts: [{name: kind-kind, context: {cluster: one, user: one}}]
clusters: [{name: one, cluster: {server: 'http://127.0.0.1:6443'}}]
users: [{name: one, user: {token: one}}]
KUBE
cp -r /usr/local/lib/ballast "$PROGRAMS"
sed -i -e "s#^ACCOUNT = .*#ACCOUNT = '/tmp/account'#" -e 's/HTTPSConnection/HTTPConnection/' -e '/context/d' "$PROGRAMS/api_server.py"
sed -i 's/^FORMER_SECONDS = .*/FORMER_SECONDS = 8/' "$PROGRAMS/member.py"
printf shop >/tmp/account/namespace
printf one >/tmp/account/token
# While one of these files exists, pgBackRest waits: with the restore of the backup, or with a segment of the replay.
cat >/tmp/bin/pgbackrest <<'PROGRAM'
#!/bin/sh
case "$*" in
  *' archive-get 0'*) while [ -e /tmp/hold-replay ]; do sleep 0.1; done ;;
  *' restore') if [ -e /tmp/hold-restore ]; then touch /tmp/restoring; sleep 600; fi ;;
esac
exec /usr/bin/pgbackrest "$@"
PROGRAM
chmod +x /tmp/bin/pgbackrest
export PATH="/tmp/bin:$PATH" KUBERNETES_SERVICE_HOST=127.0.0.1 KUBERNETES_SERVICE_PORT=6443 KUBECONFIG=/tmp/kubeconfig \
  PATRONI_KUBERNETES_POD_IP=127.0.0.1 PATRONI_SUPERUSER_PASSWORD=first PATRONI_REPLICATION_PASSWORD=second
python3 /etc/ballast/kubernetes-api.py 6443 >/tmp/kubernetes.log 2>&1 &

# Calls the API server: METHOD NAME-OF-A-CONFIGMAP-OR-NOTHING BODY-OR-NOTHING.
cat >/tmp/api.py <<'PROGRAM'
import sys, urllib.request
method, path, body = sys.argv[1:]
request = urllib.request.Request(f'http://127.0.0.1:6443/api/v1/namespaces/shop/{path}', body.encode() or None, method=method)
print(urllib.request.urlopen(request).read().decode())
PROGRAM
api() { python3 /tmp/api.py "$1" "$2" "${3:-}"; }
# The text of an annotation, or of a field of the JSON in it.
note() { api GET "$1" | python3 -c "
import json, sys
text = json.load(sys.stdin)['metadata'].get('annotations', {}).get('$2', 'null')
print(json.loads(text).get('$3') if '$3' and text != 'null' else text)"; }
# The request: ID STATE TARGET, as an annotation.
asked() { python3 -c "
import json, sys
print(json.dumps({'db.example.com/restore-request': json.dumps({'id': '$1', 'member': 'orders-0', 'state': '$2', **json.loads('$3')})}))"; }
ask_for() { api POST configmaps "{\"metadata\": {\"name\": \"orders-restore\", \"annotations\": $(asked "$1" hold "$2")}}" >/tmp/asked.log; }
go_on() { api PATCH configmaps/orders-restore "{\"metadata\": {\"annotations\": $(asked "$1" "$2" "$3")}}" >/tmp/asked.log; }
forget() { for name in "$@"; do api DELETE "configmaps/orders-$name" >/tmp/forgotten.log 2>&1 || true; done; }
result() { note configmaps/orders-restore db.example.com/restore-result "$1"; }

start() {
  data=/var/lib/ballast/$([ "$1" = 0 ] && echo pgdata || echo "$1")
  export PATRONI_NAME="orders-$1" POD_NAME="orders-$1" PATRONI_POSTGRESQL_PGPASS="/tmp/pgpass-$1" PATRONI_POSTGRESQL_DATA_DIR="$data" \
    PATRONI_POSTGRESQL_LISTEN="127.0.0.1:543$((2 + $1))" PATRONI_POSTGRESQL_CONNECT_ADDRESS="127.0.0.1:543$((2 + $1))" \
    PATRONI_RESTAPI_LISTEN="127.0.0.1:800$((8 + $1))" PATRONI_RESTAPI_CONNECT_ADDRESS="127.0.0.1:800$((8 + $1))"
  setsid python3 -BIS "$PROGRAMS/member.py" "$data" "$TLS" "127.0.0.1:800$((8 + $1))" patroni "$SETTINGS/patroni.yaml" >>"/tmp/member-$1.log" 2>&1 &
  echo $! >"/tmp/pid-$1"
}
end() { pid=$(cat "/tmp/pid-$1"); kill "$pid"; while kill -0 "$pid" 2>/tmp/kill.log; do sleep 0.1; done; }
# Ends a member as a lost node does, with all that it has started.
lose() {
  kill -9 "-$(cat "/tmp/pid-$1")" 2>/tmp/kill.log || true
  for file in /var/lib/ballast/pgdata*/postmaster.pid; do [ ! -e "$file" ] || kill -9 "$(head -n 1 "$file")" 2>/tmp/kill.log || true; done
  while kill -0 "$(cat "/tmp/pid-$1")" 2>/tmp/kill.log; do sleep 0.1; done
}
sql() { psql -qAtXd postgres -p "${2:-5432}" -c "$1"; }
beside() { find /var/lib/ballast -mindepth 1 -maxdepth 1 ! -name pgbackrest-spool ! -name 1 -printf '%f\n' | sort | tr '\n' ' '; echo; }
until_true() { for _ in $(seq 600); do if [ "$("$@" 2>/tmp/until.log)" = t ]; then return 0; fi; sleep 0.1; done; echo "never: $*"; cat /tmp/until.log; cat /tmp/member-*.log; exit 1; }
leads() { sql 'SELECT NOT pg_is_in_recovery()' "$1"; }
streams() { sql "SELECT count(*) = 1 FROM pg_stat_replication WHERE state = 'streaming' AND application_name = '$1'" "$2"; }
has() { [ "$(eval "$1")" = "$2" ] && echo t; }
exists() { [ -e "$1" ] && echo t; }
is_gone() { [ ! -e "$1" ] && echo t; }
is_archived() { sql "SELECT last_archived_wal >= '$1' FROM pg_stat_archiver"; }
probe() { python3 -c "
import ssl, sys, urllib.request, urllib.error
try: print(urllib.request.urlopen('https://127.0.0.1:800$((8 + $1))$2', context=ssl._create_unverified_context()).status)
except urllib.error.HTTPError as error: print(error.code)"; }
holds() { has "note pods/orders-$1 db.example.com/restore held" "$2"; }
hold_both() { end 1; start 1; until_true holds 1 "$1"; end 0; start 0; until_true holds 0 "$1"; }
# All members are held, one restores, and the other follows.
restore() { ask_for "$1" "$2"; hold_both "$1"; forget leader sync failover; go_on "$1" restore "$2"; }
follow() { forget restore; until_true streams orders-1 5432; }

start 0
until_true leads 5432
start 1
until_true streams orders-1 5432
pgbackrest --config="$SETTINGS/pgbackrest.conf" --stanza=orders stanza-create >/tmp/stanza.log
sql 'CREATE TABLE sold (n int); CREATE ROLE app LOGIN'
pgbackrest --config="$SETTINGS/pgbackrest.conf" --stanza=orders --type=full --annotation=backup=nightly backup >/tmp/backup.log
sql 'INSERT INTO sold SELECT generate_series(1, 100)'
LSN=$(sql 'SELECT pg_current_wal_lsn()')
sql 'INSERT INTO sold SELECT generate_series(101, 200)'
WAL=$(sql 'SELECT pg_walfile_name(pg_current_wal_lsn())')
sql 'SELECT pg_switch_wal()' >/tmp/switched.log
until_true is_archived "$WAL"
TARGET="{\"backup\": \"nightly\", \"targetLSN\": \"$LSN\"}"

echo '== held'
# The passwords have changed since the backup.
export PATRONI_SUPERUSER_PASSWORD=third PATRONI_REPLICATION_PASSWORD=fourth
sql "ALTER ROLE postgres PASSWORD 'third'; ALTER ROLE replicator PASSWORD 'fourth'"
ask_for 1111111111111111 "$TARGET"
hold_both 1111111111111111
for one in 0 1; do probe $one /liveness; probe $one /readiness; done
grep -c 'no action' /tmp/member-0.log >/tmp/before-0 || true
sleep 3
[ "$(grep -c 'no action' /tmp/member-0.log)" = "$(cat /tmp/before-0)" ] && echo 'no Patroni'
beside

echo '== lost while the backup is restored'
touch /tmp/hold-restore
forget leader sync failover
go_on 1111111111111111 restore "$TARGET"
until_true exists /tmp/restoring
lose 0
rm /tmp/hold-restore
beside

echo '== lost while WAL is replayed'
touch /tmp/hold-replay
start 0
until_true exists "$DATA-restore-1111111111111111/postmaster.pid"
lose 0
rm /tmp/hold-replay
beside

echo '== restored'
start 0
until_true has 'result state' restored
until_true leads 5432
result systemIdentifier | grep -c "^$(pg_controldata "$DATA" | sed -n 's/.*system identifier: *//p')\$"
sql 'SELECT count(*), max(n) FROM sold'
cat "$DATA/restores.json"
beside
sql "SELECT count(*) FROM pg_settings WHERE (name = 'restore_command' OR name LIKE 'recovery_target%') AND setting <> boot_val AND name <> 'recovery_target_timeline'"
holds 1 1111111111111111

echo '== the other follows'
follow
sql 'SELECT count(*), max(n) FROM sold' 5433
cat /var/lib/ballast/1/restores.json
until_true has 'note pods/orders-0 db.example.com/restore done' "['1111111111111111']"
until_true has 'note pods/orders-1 db.example.com/restore done' "['1111111111111111']"
until_true is_gone "$DATA-before-1111111111111111"
beside
sql "SELECT pg_switch_wal()" >/tmp/switched.log
find /var/lib/pgbackrest/archive/orders -name '*.history' -printf '%f\n' | sort

echo '== asked again'
sql 'INSERT INTO sold VALUES (300)'
restore 1111111111111111 "$TARGET"
until_true has 'result state' restored
until_true leads 5432
sql 'SELECT count(*), max(n) FROM sold'
follow
beside

echo '== a backup that is not there'
restore 2222222222222222 '{"backup": "never-made"}'
until_true has 'result state' failed
result reason | sed 's/the newest are.*/…/'
until_true leads 5432
sql 'SELECT count(*), max(n) FROM sold'
follow

echo '== a target that the archive does not reach'
restore 3333333333333333 "{\"backup\": \"nightly\", \"targetName\": \"never-made\"}"
until_true has 'result state' failed
result reason
until_true leads 5432
sql 'SELECT count(*), max(n) FROM sold'
beside
follow

echo '== a damaged backup'
find /var/lib/pgbackrest/backup/orders -path '*F/pg_data/base/*' -type f | sort | head -n 1 >/tmp/damaged
chmod u+w "$(cat /tmp/damaged)"; cp "$(cat /tmp/damaged)" /tmp/whole; printf broken >"$(cat /tmp/damaged)"
restore 4444444444444444 '{"backup": "nightly"}'
until_true has 'result state' failed
result reason
until_true leads 5432
sql 'SELECT count(*), max(n) FROM sold'
beside
follow
cp /tmp/whole "$(cat /tmp/damaged)"

echo '== once more, to the end of the backup'
restore 5555555555555555 '{"backup": "nightly"}'
until_true has 'result state' restored
until_true leads 5432
sql 'SELECT count(*) FROM sold'
cat "$DATA/restores.json"
follow
sql 'SELECT count(*) FROM sold' 5433
echo '== end'
