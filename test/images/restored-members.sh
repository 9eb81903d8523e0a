# A Database that starts from a backup, with a real Patroni, beside as much of Kubernetes as it needs: first with a target
# that the archive does not have, then broken off in the middle of the replay, then to its end; then a second member, and a
# switchover. Prints sections that begin with a line `== name`.
set -e
SETTINGS=/tmp/settings DATA=/var/lib/ballast/pgdata PROGRAMS=/tmp/programs
mkdir "$SETTINGS" /tmp/bin /tmp/account /tmp/source
LOCAL="repo1-path=/var/lib/pgbackrest"
# The repository is a folder here; all else of the settings is as rendered.
for file in patroni.yaml postgresql.conf pg_hba.conf pgbackrest.conf pgbackrest-restore.conf; do
  sed -e "s#/etc/ballast/#$SETTINGS/#g" -e '/^repo1-/d' -e "s#^.global.#[global]\n$LOCAL#" "/etc/ballast/$file" >"$SETTINGS/$file"
done
cat >/tmp/kubeconfig <<'END'
contexts: [{name: kind-kind, context: {cluster: one, user: one}}]
clusters: [{name: one, cluster: {server: 'http://127.0.0.1:6443'}}]
users: [{name: one, user: {token: one}}]
END
# The programs of the image call the API server over TLS, with the account of a pod.
cp -r /usr/local/lib/ballast "$PROGRAMS"
sed -i -e "s#^ACCOUNT = .*#ACCOUNT = '/tmp/account'#" -e 's/HTTPSConnection/HTTPConnection/' -e '/context/d' "$PROGRAMS/api_server.py"
printf shop >/tmp/account/namespace
printf one >/tmp/account/token
# While this file exists, the replay gets no WAL.
cat >/tmp/bin/pgbackrest <<'END'
#!/bin/sh
case "$*" in *' archive-get 0'*) while [ -e /tmp/hold ]; do sleep 0.1; done ;; esac
exec /usr/bin/pgbackrest "$@"
END
chmod +x /tmp/bin/pgbackrest
export PATH="/tmp/bin:$PATH" KUBERNETES_SERVICE_HOST=127.0.0.1 KUBERNETES_SERVICE_PORT=6443 KUBECONFIG=/tmp/kubeconfig \
  PATRONI_KUBERNETES_POD_IP=127.0.0.1 PATRONI_SUPERUSER_PASSWORD=first PATRONI_REPLICATION_PASSWORD=second
python3 /etc/ballast/kubernetes-api.py 6443 >/tmp/kubernetes.log 2>&1 &

source_sql() { psql -qAtXh /tmp/source -d postgres -c "$1"; }
make_source() {
  printf '[global]\n%s\nlog-level-console=off\nlog-level-file=off\n[ledger]\npg1-path=/tmp/source/data\npg1-socket-path=/tmp/source\n' "$LOCAL" >/tmp/source.conf
  initdb -D /tmp/source/data --locale=C.UTF-8 --encoding=UTF8 >/tmp/initdb.log
  archive="/usr/bin/pgbackrest --config=/tmp/source.conf --stanza=ledger archive-push %p"
  printf "listen_addresses = ''\nunix_socket_directories = '/tmp/source'\nfsync = off\narchive_mode = on\narchive_command = '%s'\n" "$archive" >>/tmp/source/data/postgresql.conf
  pg_ctl -D /tmp/source/data -w -l /tmp/source.log start >/tmp/started.log
  backrest="/usr/bin/pgbackrest --config=/tmp/source.conf --stanza=ledger"
  source_sql 'CREATE TABLE sold (n int); CREATE ROLE postgres_exporter' >/tmp/made.log
  $backrest stanza-create
  $backrest --type=full --annotation=backup=nightly backup
  source_sql 'INSERT INTO sold SELECT generate_series(1, 100)'
  source_sql "SELECT pg_create_restore_point('before-migration')" >/tmp/point.log
  source_sql 'INSERT INTO sold SELECT generate_series(101, 200)'
  $backrest check
  pg_ctl -D /tmp/source/data -w -m fast stop >/tmp/stopped.log
}

member() {
  data=/var/lib/ballast/$([ "$1" = 0 ] && echo pgdata || echo "$1")
  export PATRONI_NAME="orders-$1" POD_NAME="orders-$1" PATRONI_POSTGRESQL_PGPASS="/tmp/pgpass-$1" PATRONI_POSTGRESQL_DATA_DIR="$data" \
    PATRONI_POSTGRESQL_LISTEN="127.0.0.1:543$((2 + $1))" PATRONI_POSTGRESQL_CONNECT_ADDRESS="127.0.0.1:543$((2 + $1))" \
    PATRONI_RESTAPI_LISTEN="127.0.0.1:800$((8 + $1))" PATRONI_RESTAPI_CONNECT_ADDRESS="127.0.0.1:800$((8 + $1))"
  setsid python3 -BIS "$PROGRAMS/member.py" "$data" "$TLS" "127.0.0.1:800$((8 + $1))" patroni "$2" >>"/tmp/member-$1.log" 2>&1 &
  MEMBER=$!
}
ask() { psql -qAtXd postgres -p "${2:-5432}" -c "$1"; }
# What is on the volume, but for the folder that pgBackRest fetches WAL into.
beside() { find /var/lib/ballast -mindepth 1 -maxdepth 1 ! -name pgbackrest-spool -printf '%f\n' | sort; }
until_true() { for _ in $(seq 600); do if [ "$("$@" 2>&1)" = t ]; then return 0; fi; sleep 0.1; done; echo "never: $*"; tail -n 40 /tmp/member-*.log; exit 1; }
leads() { ask 'SELECT NOT pg_is_in_recovery()' "$1"; }
initialised() { grep -q 'initialized a new cluster' /tmp/member-0.log && echo t; }
streams() { ask "SELECT count(*) = 1 FROM pg_stat_replication WHERE state = 'streaming' AND application_name = '$1'" "$2"; }
replays() { [ -e "$DATA/recovery.signal" ] && [ -s "$DATA/postmaster.pid" ] && echo t; }
# What of a recovery is left in the settings of a server, and in the file that a copy of it is made with.
remains() {
  ask "SELECT count(*) FROM pg_settings WHERE (name = 'restore_command' OR name LIKE 'recovery_target%') AND source <> 'default' AND setting <> boot_val" "$1"
  grep -cE '^ *(restore_command|recovery_|archive_)' "$2/postgresql.auto.conf" || true
  [ -e "$2/recovery.signal" ] && echo signal
  return 0
}

archived() { find /var/lib/pgbackrest/archive/ledger -type f | sort | md5sum; }

make_source
BEFORE=$(archived)
echo '== a target that is not there'
sed 's/before-migration/never-made/' "$SETTINGS/patroni.yaml" >"$SETTINGS/never.yaml"
member 0 "$SETTINGS/never.yaml"
{ wait "$MEMBER" || echo "ended with $?"; } 2>/dev/null
beside
echo '== broken off'
touch /tmp/hold
member 0 "$SETTINGS/patroni.yaml"
until_true replays
kill -9 "-$MEMBER" "$(head -n 1 "$DATA/postmaster.pid")"
{ wait "$MEMBER" || echo "ended with $?"; } 2>/dev/null
rm /tmp/hold
beside
echo '== to the end'
member 0 "$SETTINGS/patroni.yaml"
until_true leads
until_true initialised
beside
ask 'SELECT count(*), max(n) FROM sold'
ask "SELECT timeline_id FROM pg_control_checkpoint(); SHOW archive_mode; SHOW hot_standby"
remains 5432 "$DATA"
echo '== a standby of it'
member 1 "$SETTINGS/patroni.yaml"
until_true streams orders-1 5432
remains 5433 /var/lib/ballast/1
ask 'INSERT INTO sold SELECT generate_series(201, 300)'
until_true ask 'SELECT count(*) = 200 FROM sold' 5433
echo '== after a switchover'
patronictl -c "$SETTINGS/patroni.yaml" switchover orders --leader orders-0 --candidate orders-1 --force >/tmp/switchover.log 2>&1
until_true leads 5433
until_true streams orders-0 5433
ask 'INSERT INTO sold VALUES (301)' 5433
until_true ask 'SELECT count(*) = 201 FROM sold' 5432
remains 5432 "$DATA"
remains 5433 /var/lib/ballast/1
echo '== the archive of the source'
ask 'SELECT pg_switch_wal()' 5433 >/tmp/switched.log
until_true ask 'SELECT failed_count > 0 FROM pg_stat_archiver' 5433
ask 'SHOW archive_command' 5433 | grep -o 'stanza=[a-z]*' | sort -u
[ "$(archived)" = "$BEFORE" ] && echo unchanged
echo '== end'
