# Two members in one container, beside as much of Kubernetes as they need. They start while logins without a certificate
# are still taken, and go on when they are not. Prints sections that begin with a line `== name`.
set -e
SETTINGS=/tmp/settings
mkdir "$SETTINGS"
# Files that can be changed, as the kubelet changes those of a pod.
for file in patroni.yaml postgresql.conf pg_hba.conf; do
  sed "s#/etc/ballast/#$SETTINGS/#" "/etc/ballast/$file" >"$SETTINGS/$file"
done
cat >/tmp/kubeconfig <<'END'
contexts: [{name: kind-kind, context: {cluster: one, user: one}}]
clusters: [{name: one, cluster: {server: 'http://127.0.0.1:6443'}}]
users: [{name: one, user: {token: one}}]
END
export KUBECONFIG=/tmp/kubeconfig PATRONI_KUBERNETES_POD_IP=127.0.0.1 PATRONI_SUPERUSER_PASSWORD=first PATRONI_REPLICATION_PASSWORD=second
python3 /etc/ballast/kubernetes-api.py 6443 >/tmp/kubernetes.log 2>&1 &

member() {
  export PATRONI_NAME="orders-$1" POD_NAME="orders-$1" PATRONI_POSTGRESQL_PGPASS="/tmp/pgpass-$1" \
    PATRONI_POSTGRESQL_DATA_DIR="/var/lib/ballast/$1" \
    PATRONI_POSTGRESQL_LISTEN="127.0.0.1:543$((2 + $1))" PATRONI_POSTGRESQL_CONNECT_ADDRESS="127.0.0.1:543$((2 + $1))" \
    PATRONI_RESTAPI_LISTEN="127.0.0.1:800$((8 + $1))" PATRONI_RESTAPI_CONNECT_ADDRESS="127.0.0.1:800$((8 + $1))"
  ballast-member "/var/lib/ballast/$1" "$TLS" "127.0.0.1:800$((8 + $1))" patroni "$SETTINGS/patroni.yaml" >"/tmp/member-$1.log" 2>&1 &
}
ask() { psql -qAtXd postgres -p "${2:-5432}" -c "$1"; }
until_true() { for _ in $(seq 300); do if [ "$("$@" 2>&1)" = t ]; then return 0; fi; sleep 0.1; done; echo "never: $*"; tail -n 20 /tmp/member-*.log; exit 1; }
streams() { ask "SELECT count(*) = 1 FROM pg_stat_replication WHERE state = 'streaming' AND application_name = '${1:-orders-1}'" "$2"; }
leads() { ask 'SELECT NOT pg_is_in_recovery()'; }
# Whether somebody with the right password and no certificate is kept out.
closed() { PGPASSWORD=first psql -d 'host=127.0.0.1 user=postgres dbname=postgres sslmode=require' -c '' 2>&1 | grep -q 'valid client certificate' && echo t; }
sessions() {
  ask "SELECT usename, backend_type, ssl, client_dn IS NOT NULL FROM pg_stat_activity JOIN pg_stat_ssl USING (pid)
    WHERE client_addr IS NOT NULL AND backend_type = 'walsender'" "$1"
}
# What an exporter tells of its server, and Patroni of its member.
measures() { python3 -c 'import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1]).read().decode())' "http://127.0.0.1:$1/metrics" | grep -E '^pg_(up|exporter_last_scrape_error|standby_|archive_)' || echo none; }
told() { python3 -c 'import ssl, sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], context=ssl.create_default_context(cafile=sys.argv[2])).read().decode())' "https://127.0.0.1:$1/metrics" "$TLS/ca.crt" | grep -E '^patroni_(primary|postgres_running|postgres_streaming)'; }
is_up() { measures "$1" | grep -q '^pg_up 1$' && echo t; }
has_standby() { measures "$1" | grep -q '^pg_standby' && echo t; }
is_behind() { ask 'SELECT max(replay_lag) > interval $$1.5 s$$ FROM pg_stat_replication'; }

member 0
until_true leads
member 1
until_true streams
echo '== before'
closed || echo open
sessions
sed "s#/etc/ballast/#$SETTINGS/#" /etc/ballast/pg_hba-strict.conf >"$SETTINGS/pg_hba.conf"
until_true closed
echo '== after'
sessions
echo '== again'
ask 'SELECT pg_terminate_backend(pid) FROM pg_stat_replication' >/tmp/terminated
until_true streams
sessions
ask "$(cat /etc/ballast/monitor.sql)" >/tmp/role.log
touch /tmp/measure
until_true is_up 9187
until_true is_up 9188
echo '== logins'
head -n 3 /tmp/beside.log
echo '== measured'
measures 9187
told 8009
echo '== standby'
measures 9188
echo '== held up'
ask 'CREATE TABLE read AS SELECT 1 AS n'
until_true ask "SELECT to_regclass('read') IS NOT NULL" 5433
# A query on the standby, and a change that it has to wait for with the end of that.
ask 'SELECT n FROM read; SELECT pg_sleep(25)' 5433 >/tmp/query.log 2>&1 &
until_true ask "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event = 'PgSleep'" 5433
ask 'TRUNCATE read'
ask 'CREATE TABLE written AS SELECT generate_series(1, 100000)'
until_true is_behind
measures 9187
ask "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'" 5433 >/tmp/ended.log
ask 'DROP TABLE read, written'
echo '== rest'
# shellcheck disable=SC2086
python3 /etc/ballast/rest-api.py "$TLS" 127.0.0.1:8008 $REQUESTS
echo '== switched'
patronictl -c "$SETTINGS/patroni.yaml" switchover orders --leader orders-0 --candidate orders-1 --force >/tmp/switchover.log 2>&1
until_true streams orders-0 5433
sessions 5433
echo '== new primary'
until_true has_standby 9188
measures 9188
echo '== end'
