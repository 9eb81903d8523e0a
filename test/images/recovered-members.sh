# A Database that begins with its own backups, with real Patronis, beside as much of Kubernetes as they need: first with an empty
# repository, then thrown away and made again five times, each time with other passwords; then with repositories that end the start.
# Prints sections that begin with a line `== name`.
set -e
SETTINGS=/tmp/settings DATA=/var/lib/ballast/pgdata PROGRAMS=/tmp/programs REPOSITORY=/var/lib/pgbackrest
mkdir "$SETTINGS" /tmp/bin /tmp/account
# The repository is a folder here; all else of the settings is as rendered.
for file in patroni.yaml postgresql.conf pg_hba.conf pgbackrest.conf pgbackrest-recover.conf; do
  sed -e "s#/etc/ballast/#$SETTINGS/#g" -e '/^repo1-/d' -e "s#^.global.#[global]\nrepo1-path=$REPOSITORY#" "/etc/ballast/$file" >"$SETTINGS/$file"
done
cat >/tmp/kubeconfig <<'KUBE'
contexts: [{name: kind-kind, context: {cluster: one, user: one}}]
clusters: [{name: one, cluster: {server: 'http://127.0.0.1:6443'}}]
users: [{name: one, user: {token: one}}]
KUBE
cp -r /usr/local/lib/ballast "$PROGRAMS"
sed -i -e "s#^ACCOUNT = .*#ACCOUNT = '/tmp/account'#" -e 's/HTTPSConnection/HTTPConnection/' -e '/context/d' "$PROGRAMS/api_server.py"
sed -i 's/^SILENCE_SECONDS = .*/SILENCE_SECONDS = 4/' "$PROGRAMS/own_backups.py"
printf '#!/bin/sh\nexec python3 -BIS %s/restore.py --termination-log=/tmp/outcome "$@"\n' "$PROGRAMS" >/tmp/bin/ballast-restore
printf shop >/tmp/account/namespace
printf one >/tmp/account/token
# While one of these files exists, pgBackRest waits: with the restore of the backup, or with a segment of the replay.
cat >/tmp/bin/pgbackrest <<'PROGRAM'
#!/bin/sh
case "$*" in
  *' archive-get 0'*) while [ -e /tmp/hold-replay ]; do sleep 0.1; done ;;
  *' restore') if [ -e /tmp/hold-restore ]; then touch /tmp/restoring; while [ -e /tmp/hold-restore ]; do sleep 0.1; done; fi ;;
esac
exec /usr/bin/pgbackrest "$@"
PROGRAM
chmod +x /tmp/bin/*
export PATH="/tmp/bin:$PATH" KUBERNETES_SERVICE_HOST=127.0.0.1 KUBERNETES_SERVICE_PORT=6443 KUBECONFIG=/tmp/kubeconfig PATRONI_KUBERNETES_POD_IP=127.0.0.1
python3 /etc/ballast/kubernetes-api.py 6443 >/tmp/kubernetes.log 2>&1 &
cat >/tmp/api.py <<'PROGRAM'
import sys, urllib.request
method, path, body = sys.argv[1:]
request = urllib.request.Request(f'http://127.0.0.1:6443/api/v1/namespaces/shop/{path}', body.encode() or None, method=method)
print(urllib.request.urlopen(request).read().decode())
PROGRAM
api() { python3 /tmp/api.py "$1" "$2" "${3:-}"; }
forget() { for name in config leader sync failover; do api DELETE "configmaps/orders-$name" >/tmp/forgotten.log 2>&1 || true; done; }

start() {
  data=/var/lib/ballast/$([ "$1" = 0 ] && echo pgdata || echo "$1")
  export PATRONI_NAME="orders-$1" POD_NAME="orders-$1" PATRONI_POSTGRESQL_PGPASS="/tmp/pgpass-$1" PATRONI_POSTGRESQL_DATA_DIR="$data" \
    PATRONI_POSTGRESQL_LISTEN="127.0.0.1:543$((2 + $1))" PATRONI_POSTGRESQL_CONNECT_ADDRESS="127.0.0.1:543$((2 + $1))" \
    PATRONI_RESTAPI_LISTEN="127.0.0.1:800$((8 + $1))" PATRONI_RESTAPI_CONNECT_ADDRESS="127.0.0.1:800$((8 + $1))"
  setsid python3 -BIS "$PROGRAMS/member.py" "$data" "$TLS" "127.0.0.1:800$((8 + $1))" patroni "$SETTINGS/patroni.yaml" >>"/tmp/member-$1.log" 2>&1 &
  echo $! >"/tmp/pid-$1"
}
is_over() { ! kill -0 "$(cat "/tmp/pid-$1")" 2>/tmp/kill.log && echo t; }
end() { kill "$(cat "/tmp/pid-$1")"; until_true is_over "$1"; }
# Ends a member as a lost node does, with all that it has started.
lose() {
  kill -9 "-$(cat "/tmp/pid-$1")" 2>/tmp/kill.log || true
  for file in /var/lib/ballast/*/postmaster.pid; do [ ! -e "$file" ] || kill -9 "$(head -n 1 "$file")" 2>/tmp/kill.log || true; done
  until_true is_over "$1"
}
sql() { psql -qAtXd postgres -p "${2:-5432}" -c "$1"; }
beside() { find /var/lib/ballast -mindepth 1 -maxdepth 1 ! -name pgbackrest-spool ! -name 1 -printf '%f\n' | sort | tr '\n' ' '; echo; }
until_true() { for _ in $(seq 600); do if [ "$("$@" 2>/tmp/until.log)" = t ]; then return 0; fi; sleep 0.1; done; echo "never: $*"; cat /tmp/until.log; cat /tmp/member-*.log; exit 1; }
leads() { sql 'SELECT NOT pg_is_in_recovery()'; }
initialised() { [ "$(grep -c 'initialized a new cluster' /tmp/member-0.log)" = "$1" ] && echo t; }
streams() { sql "SELECT count(*) = 1 FROM pg_stat_replication WHERE state = 'streaming' AND application_name = '$1'"; }
exists() { [ -e "$1" ] && echo t; }
is_archived() { sql "SELECT last_archived_wal >= '$1' FROM pg_stat_archiver"; }
archive_all() { WAL=$(sql 'SELECT pg_walfile_name(pg_current_wal_lsn())'); sql 'SELECT pg_switch_wal()' >/tmp/switched.log; until_true is_archived "$WAL"; }
record() { python3 -c "
import json; one = json.load(open('/var/lib/ballast/restored.json')); print(*[one.get(name) for name in '$1'.split()])"; }
outcome() { python3 -c "import json; one = json.load(open('/tmp/outcome')); print(one['succeeded'], one.get('reason'))"; }
back_up() {
  python3 -BIS "$PROGRAMS/backup.py" --config="$SETTINGS/pgbackrest.conf" --database=orders --termination-log=/tmp/outcome >/tmp/backup.log 2>&1 || true
  outcome
}
replays() { [ -e "$DATA/recovery.signal" ] && [ -s "$DATA/postmaster.pid" ] && echo t; }
# The cluster is gone, with volumes and Secrets; the repository stays.
throw_away() { forget; rm -rf /var/lib/ballast/*; rm -f /tmp/member-*.log; ROUND=$1; export PATRONI_SUPERUSER_PASSWORD="first-$1" PATRONI_REPLICATION_PASSWORD="second-$1"; }
begun() { until_true leads; until_true initialised 1; }
# The superuser and a standby log in with the passwords of today.
logs_in() { PGPASSWORD=$1 psql -qAtX "host=127.0.0.1 port=5432 user=postgres dbname=postgres sslmode=require sslcert=$TLS/tls.crt sslkey=/tmp/tls.key" -c 'SELECT 1' 2>&1 | tail -n 1; }
cp "$TLS/tls.key" /tmp/tls.key && chmod 0600 /tmp/tls.key
state() {
  sql 'SELECT count(*), max(n), sum(n) = max(n) * (max(n) + 1) / 2 FROM sold'
  sql 'SELECT timeline_id FROM pg_control_checkpoint()'
  sql "SELECT count(*) FROM pg_settings WHERE (name = 'restore_command' OR name LIKE 'recovery_target%') AND setting <> boot_val AND name <> 'recovery_target_timeline'"
  logs_in "first-$ROUND"
}

echo '== an empty repository'
throw_away 0
start 0
begun
record 'empty own from'
beside
sql 'SHOW data_checksums; SHOW server_encoding; SHOW lc_collate' || sql "SELECT datcollate FROM pg_database WHERE datname = 'postgres'"
logs_in first-0
sql 'CREATE TABLE sold (n int)'
back_up
sql 'INSERT INTO sold SELECT generate_series(1, 1000)'

echo '== made again 1'
# Lost when the last segment has come.
archive_all
lose 0
throw_away 1
start 0
begun
state
record 'own from timeline'
beside

echo '== made again 2'
# Ended in order: the last segment is archived on the way.
sql 'INSERT INTO sold SELECT generate_series(1001, 2000)'
end 0
throw_away 2
start 0
begun
state

echo '== made again 3'
# Broken off before, during and after the restore of the files.
back_up
sql 'INSERT INTO sold SELECT generate_series(2001, 3000)'
archive_all
lose 0
throw_away 3
start 0
until_true exists "$DATA.restoring"
lose 0
touch /tmp/hold-restore
start 0
until_true exists /tmp/restoring
lose 0
rm /tmp/hold-restore
touch /tmp/hold-replay
start 0
until_true replays
lose 0
rm /tmp/hold-replay
start 0
begun
state

echo '== made again 4'
# Lost at once, before a segment of the new timeline has come.
lose 0
throw_away 4
start 0
begun
state

echo '== made again 5'
sql 'INSERT INTO sold SELECT generate_series(3001, 4000)'
archive_all
lose 0
throw_away 5
start 0
begun
state
find "$REPOSITORY/archive/orders" -name '*.history' -printf '%f\n' | sort | tr '\n' ' '
echo

echo '== a standby and a backup of it'
start 1
until_true streams orders-1
back_up
sql 'SELECT count(*) FROM sold' 5433
end 1
rm -rf /var/lib/ballast/1
end 0

contents() { (cd "$REPOSITORY" && find . -type f -exec md5sum {} + | sort | md5sum); }
says() { grep -q "$1" /tmp/member-0.log && echo t; }
refused() { until_true is_over 0; outcome; beside; }
INFO="$REPOSITORY/backup/orders"
BEFORE=$(contents)
echo '== a primary that still archives'
throw_away 6
ARCHIVE="$(find "$REPOSITORY/archive/orders" -mindepth 1 -maxdepth 1 -type d)/0000000600000000"
sed -i 's/^SILENCE_SECONDS = .*/SILENCE_SECONDS = 8/' "$PROGRAMS/own_backups.py"
find "$ARCHIVE" -type f -exec touch {} +
start 0
until_true says 'whether a primary still writes'
OTHER="$ARCHIVE/0000000600000000000000F0-0123456789012345678901234567890123456789.zst"
touch "$OTHER"
refused
rm "$OTHER"
sed -i 's/^SILENCE_SECONDS = .*/SILENCE_SECONDS = 0/' "$PROGRAMS/own_backups.py"
echo '== no list of the backups'
mkdir /tmp/aside
mv "$INFO"/backup.info* /tmp/aside/
start 0
refused
mv /tmp/aside/* "$INFO"
echo '== a list that cannot be opened'
chmod 0 "$INFO"/backup.info*
start 0
refused
chmod 640 "$INFO"/backup.info*
echo '== a passphrase that does not open it'
sed -i 's/^repo1-path/repo1-cipher-type=aes-256-cbc\n&/' "$SETTINGS/pgbackrest-recover.conf"
PGBACKREST_REPO1_CIPHER_PASS=new start 0
refused
sed -i '/^repo1-cipher-type/d' "$SETTINGS/pgbackrest-recover.conf"
echo '== another major version alone'
sed "s/--major=$MAJOR/--major=$((MAJOR + 1))/" "$SETTINGS/patroni.yaml" >/tmp/next.yaml
cp "$SETTINGS/patroni.yaml" /tmp/this.yaml
cp /tmp/next.yaml "$SETTINGS/patroni.yaml"
start 0
refused
cp /tmp/this.yaml "$SETTINGS/patroni.yaml"
echo '== another member with data'
touch /tmp/hold-restore
rm -f /tmp/restoring
start 0
until_true exists /tmp/restoring
api PATCH configmaps/orders-config '{"metadata": {"annotations": {"initialize": "7000000000000000001"}}}' >/tmp/patched.log
rm /tmp/hold-restore
refused
[ "$(contents)" = "$BEFORE" ] && echo 'the repository is as it was'
echo '== once more'
throw_away 6
start 0
begun
state
echo '== without recover'
end 0
BEFORE=$(contents)
throw_away 7
sed -i '/method: restore/d' "$SETTINGS/patroni.yaml"
start 0
begun
back_up
logs_in first-7
cp /tmp/this.yaml "$SETTINGS/patroni.yaml"
[ "$(contents)" = "$BEFORE" ] && echo 'the repository is as it was'
echo '== WAL and no backup'
lose 0
mkdir /tmp/second
sed -i "s#^repo1-path=.*#repo1-path=/tmp/second#" "$SETTINGS"/pgbackrest*.conf
for round in 8 9; do
  throw_away $round
  start 0
  begun
  record empty
  [ $round = 9 ] || pgbackrest --config="$SETTINGS/pgbackrest.conf" --stanza=orders stanza-create >/tmp/stanza.log
  [ $round = 9 ] || archive_all
  [ $round = 9 ] || lose 0
done
back_up
archive_all
echo '== end'
