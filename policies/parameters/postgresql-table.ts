// Written by `npm run parameters` from the servers' own description (pg_settings) and Patroni's validators. Do not edit.

/**
 * Every setting of every major, one a line: name, majors, type, context, and limits with a unit, or values. `never`: no
 * configuration file may hold it. `dropped`: Patroni does not hand it to the server. See docs/decisions/0024-parameters.md.
 */
export const POSTGRESQL_SETTINGS = `
allow_alter_system 17-18 bool sighup
allow_in_place_tablespaces 14-18 bool superuser
allow_system_table_mods 14-18 bool superuser
application_name 14-18 string user
archive_cleanup_command 14-18 string dropped
archive_command 14-18 string sighup
archive_library 15-18 string sighup
archive_mode 14-18 enum postmaster always,on,off,true,false,yes,no,1,0
archive_timeout 14-18 integer sighup 0..1073741823 s
array_nulls 14-18 bool user
auth_delay.milliseconds 14-18 integer sighup 0..2147483 ms
authentication_timeout 14-18 integer sighup 1..600 s
auto_explain.log_analyze 14-18 bool superuser
auto_explain.log_buffers 14-18 bool superuser
auto_explain.log_format 14-18 enum superuser text,xml,json,yaml
auto_explain.log_level 14-18 enum superuser debug5,debug4,debug3,debug2,debug1,info,notice,warning,log
auto_explain.log_min_duration 14-18 integer superuser -1..2147483647 ms
auto_explain.log_nested_statements 14-18 bool superuser
auto_explain.log_parameter_max_length 16-18 integer superuser -1..2147483647 B
auto_explain.log_settings 14-18 bool superuser
auto_explain.log_timing 14-18 bool superuser
auto_explain.log_triggers 14-18 bool superuser
auto_explain.log_verbose 14-18 bool superuser
auto_explain.log_wal 14-18 bool superuser
auto_explain.sample_rate 14-18 real superuser 0..1
autovacuum 14-18 bool sighup
autovacuum_analyze_scale_factor 14-18 real sighup 0..100
autovacuum_analyze_threshold 14-18 integer sighup 0..2147483647
autovacuum_freeze_max_age 14-18 integer postmaster 100000..2000000000
autovacuum_max_workers 14-17 integer postmaster 1..262143
autovacuum_max_workers 18 integer sighup 1..262143
autovacuum_multixact_freeze_max_age 14-18 integer postmaster 10000..2000000000
autovacuum_naptime 14-18 integer sighup 1..2147483 s
autovacuum_vacuum_cost_delay 14-18 real sighup -1..100 ms
autovacuum_vacuum_cost_limit 14-18 integer sighup -1..10000
autovacuum_vacuum_insert_scale_factor 14-18 real sighup 0..100
autovacuum_vacuum_insert_threshold 14-18 integer sighup -1..2147483647
autovacuum_vacuum_max_threshold 18 integer sighup -1..2147483647
autovacuum_vacuum_scale_factor 14-18 real sighup 0..100
autovacuum_vacuum_threshold 14-18 integer sighup 0..2147483647
autovacuum_work_mem 14-18 integer sighup -1..2147483647 kB
autovacuum_worker_slots 18 integer postmaster 1..262143
backend_flush_after 14-18 integer user 0..256 8kB
backslash_quote 14-18 enum user safe_encoding,on,off,true,false,yes,no,1,0
backtrace_functions 14-18 string superuser
basebackup_to_shell.command 15-18 string sighup
basebackup_to_shell.required_role 15-18 string sighup
basic_archive.archive_directory 15-18 string sighup
bgwriter_delay 14-18 integer sighup 10..10000 ms
bgwriter_flush_after 14-18 integer sighup 0..256 8kB
bgwriter_lru_maxpages 14-18 integer sighup 0..1073741823
bgwriter_lru_multiplier 14-18 real sighup 0..10
block_size 14-18 integer never
bonjour 14-18 bool postmaster
bonjour_name 14-18 string postmaster
bytea_output 14-18 enum user escape,hex
check_function_bodies 14-18 bool user
checkpoint_completion_target 14-18 real sighup 0..1
checkpoint_flush_after 14-18 integer sighup 0..256 8kB
checkpoint_timeout 14-18 integer sighup 30..86400 s
checkpoint_warning 14-18 integer sighup 0..2147483647 s
client_connection_check_interval 14-18 integer user 0..2147483647 ms
client_encoding 14-18 string user
client_min_messages 14-18 enum user debug5,debug4,debug3,debug2,debug1,log,notice,warning,error
cluster_name 14-18 string dropped
commit_delay 14-18 integer superuser 0..100000
commit_siblings 14-18 integer user 0..1000
commit_timestamp_buffers 17-18 integer postmaster 0..131072 8kB
composite_type_mismatch 17 enum dropped
compute_query_id 14 enum superuser auto,on,off,true,false,yes,no,1,0
compute_query_id 15-18 enum superuser auto,regress,on,off,true,false,yes,no,1,0
config_file 14-18 string postmaster
constraint_exclusion 14-18 enum user partition,on,off,true,false,yes,no,1,0
cpu_index_tuple_cost 14-18 real user 0..1.79769e+308
cpu_operator_cost 14-18 real user 0..1.79769e+308
cpu_tuple_cost 14-18 real user 0..1.79769e+308
createrole_self_grant 16-18 string user
cursor_tuple_fraction 14-18 real user 0..1
data_checksums 14-18 bool never
data_directory 14-18 string postmaster
data_directory_mode 14-18 integer never
data_sync_retry 14-18 bool postmaster
DateStyle 14-18 string user
db_user_namespace 14-16 bool sighup
deadlock_timeout 14-18 integer superuser 1..2147483647 ms
debug_assertions 14-18 bool never
debug_discard_caches 14 integer dropped
debug_discard_caches 15-18 integer superuser 0..0
debug_io_direct 16-18 string postmaster
debug_logical_replication_streaming 16 enum dropped
debug_logical_replication_streaming 17-18 enum user buffered,immediate
debug_parallel_query 16-18 enum user off,on,regress,true,false,yes,no,1,0
debug_pretty_print 14-18 bool user
debug_print_parse 14-18 bool user
debug_print_plan 14-18 bool user
debug_print_rewritten 14-18 bool user
default_statistics_target 14-18 integer user 1..10000
default_table_access_method 14-18 string user
default_tablespace 14-18 string user
default_text_search_config 14-18 string user
default_toast_compression 14-18 enum user pglz,lz4
default_transaction_deferrable 14-18 bool user
default_transaction_isolation 14-18 enum user serializable,repeatable read,read committed,read uncommitted
default_transaction_read_only 14-18 bool user
dynamic_library_path 14-18 string superuser
dynamic_shared_memory_type 14-18 enum postmaster posix,sysv,mmap
effective_cache_size 14-18 integer user 1..2147483647 8kB
effective_io_concurrency 14-18 integer user 0..1000
enable_async_append 14-18 bool user
enable_bitmapscan 14-18 bool user
enable_distinct_reordering 18 bool user
enable_gathermerge 14-18 bool user
enable_group_by_reordering 17-18 bool user
enable_hashagg 14-18 bool user
enable_hashjoin 14-18 bool user
enable_incremental_sort 14-18 bool user
enable_indexonlyscan 14-18 bool user
enable_indexscan 14-18 bool user
enable_material 14-18 bool user
enable_memoize 14-18 bool user
enable_mergejoin 14-18 bool user
enable_nestloop 14-18 bool user
enable_parallel_append 14-18 bool user
enable_parallel_hash 14-18 bool user
enable_partition_pruning 14-18 bool user
enable_partitionwise_aggregate 14-18 bool user
enable_partitionwise_join 14-18 bool user
enable_presorted_aggregate 16-18 bool user
enable_self_join_elimination 18 bool user
enable_seqscan 14-18 bool user
enable_sort 14-18 bool user
enable_tidscan 14-18 bool user
escape_string_warning 14-18 bool user
event_source 14-18 string postmaster
event_triggers 17-18 bool superuser
exit_on_error 14-18 bool user
extension_control_path 18 string superuser
extension_destdir 15,17 string superuser
external_pid_file 14-18 string postmaster
extra_float_digits 14-18 integer user -15..3
file_copy_method 18 enum user copy,clone
file_extend_method 16-18 enum sighup posix_fallocate,write_zeros
force_parallel_mode 14-15 enum user off,on,regress,true,false,yes,no,1,0
from_collapse_limit 14-18 integer user 1..2147483647
fsync 14-18 bool sighup
full_page_writes 14-18 bool sighup
geqo 14-18 bool user
geqo_effort 14-18 integer user 1..10
geqo_generations 14-18 integer user 0..2147483647
geqo_pool_size 14-18 integer user 0..2147483647
geqo_seed 14-18 real user 0..1
geqo_selection_bias 14-18 real user 1.5..2
geqo_threshold 14-18 integer user 2..2147483647
gin_fuzzy_search_limit 14-18 integer user 0..2147483647
gin_pending_list_limit 14-18 integer user 64..2147483647 kB
gss_accept_delegation 16-18 bool sighup
hash_mem_multiplier 14-18 real user 1..1000
hba_file 14-18 string postmaster
hot_standby 14-18 bool dropped
hot_standby_feedback 14-18 bool sighup
huge_page_size 14-18 integer postmaster 0..2147483647 kB
huge_pages 14-18 enum postmaster off,on,try,true,false,yes,no,1,0
huge_pages_status 17-18 enum never
icu_validation_level 16-18 enum user disabled,debug5,debug4,debug3,debug2,debug1,log,notice,warning,error
ident_file 14-18 string postmaster
idle_in_transaction_session_timeout 14-18 integer user 0..2147483647 ms
idle_replication_slot_timeout 18 integer sighup 0..2147483647 s
idle_session_timeout 14-18 integer user 0..2147483647 ms
ignore_checksum_failure 14-18 bool superuser
ignore_invalid_pages 14-18 bool postmaster
ignore_system_indexes 14-18 bool backend
in_hot_standby 14-18 bool never
integer_datetimes 14-18 bool never
IntervalStyle 14-18 enum user postgres,postgres_verbose,sql_standard,iso_8601
io_combine_limit 17 integer user 1..32 8kB
io_combine_limit 18 integer user 1..128 8kB
io_max_combine_limit 18 integer postmaster 1..128 8kB
io_max_concurrency 18 integer postmaster -1..1024
io_method 18 enum postmaster sync,worker,io_uring
io_workers 18 integer sighup 1..32
isn.weak 18 bool user
jit 14-18 bool user
jit_above_cost 14-18 real user -1..1.79769e+308
jit_debugging_support 14-18 bool superuser-backend
jit_dump_bitcode 14-18 bool superuser
jit_expressions 14-18 bool user
jit_inline_above_cost 14-18 real user -1..1.79769e+308
jit_optimize_above_cost 14-18 real user -1..1.79769e+308
jit_profiling_support 14-18 bool superuser-backend
jit_provider 14-18 string postmaster
jit_tuple_deforming 14-18 bool user
join_collapse_limit 14-18 integer user 1..2147483647
krb_caseins_users 14-18 bool sighup
krb_server_keyfile 14-18 string sighup
lc_collate 14-15 string never
lc_ctype 14-15 string never
lc_messages 14-18 string superuser
lc_monetary 14-18 string user
lc_numeric 14-18 string user
lc_time 14-18 string user
listen_addresses 14-18 string dropped
lo_compat_privileges 14-18 bool superuser
local_preload_libraries 14-18 string user
lock_timeout 14-18 integer user 0..2147483647 ms
log_autovacuum_min_duration 14-18 integer sighup -1..2147483647 ms
log_checkpoints 14-18 bool sighup
log_connections 14-17 bool superuser-backend
log_connections 18 string superuser-backend
log_destination 14-18 string sighup
log_directory 14-18 string sighup
log_disconnections 14-18 bool superuser-backend
log_duration 14-18 bool superuser
log_error_verbosity 14-18 enum superuser terse,default,verbose
log_executor_stats 14-18 bool superuser
log_file_mode 14-18 integer sighup 0..511
log_filename 14-18 string sighup
log_hostname 14-18 bool sighup
log_line_prefix 14-18 string sighup
log_lock_failures 18 bool superuser
log_lock_waits 14-18 bool superuser
log_min_duration_sample 14-18 integer superuser -1..2147483647 ms
log_min_duration_statement 14-18 integer superuser -1..2147483647 ms
log_min_error_statement 14-18 enum superuser debug5,debug4,debug3,debug2,debug1,info,notice,warning,error,log,fatal,panic
log_min_messages 14-18 enum superuser debug5,debug4,debug3,debug2,debug1,info,notice,warning,error,log,fatal,panic
log_parameter_max_length 14-18 integer superuser -1..1073741823 B
log_parameter_max_length_on_error 14-18 integer user -1..1073741823 B
log_parser_stats 14-18 bool superuser
log_planner_stats 14-18 bool superuser
log_recovery_conflict_waits 14-18 bool sighup
log_replication_commands 14-18 bool superuser
log_rotation_age 14-18 integer sighup 0..35791394 min
log_rotation_size 14-17 integer sighup 0..2097151 kB
log_rotation_size 18 integer sighup 0..2147483647 kB
log_startup_progress_interval 15-18 integer sighup 0..2147483647 ms
log_statement 14-18 enum superuser none,ddl,mod,all
log_statement_sample_rate 14-18 real superuser 0..1
log_statement_stats 14-18 bool superuser
log_temp_files 14-18 integer superuser -1..2147483647 kB
log_timezone 14-18 string sighup
log_transaction_sample_rate 14-18 real superuser 0..1
log_truncate_on_rotation 14-18 bool sighup
logging_collector 14-18 bool postmaster
logical_decoding_work_mem 14-18 integer user 64..2147483647 kB
maintenance_io_concurrency 14-18 integer user 0..1000
maintenance_work_mem 14-16 integer user 1024..2147483647 kB
maintenance_work_mem 17-18 integer user 64..2147483647 kB
max_active_replication_origins 18 integer postmaster 0..262143
max_connections 14-18 integer postmaster 1..262143
max_files_per_process 14-18 integer postmaster 64..2147483647
max_function_args 14-18 integer never
max_identifier_length 14-18 integer never
max_index_keys 14-18 integer never
max_locks_per_transaction 14-18 integer postmaster 10..2147483647
max_logical_replication_workers 14-18 integer postmaster 0..262143
max_notify_queue_pages 17-18 integer postmaster 64..2147483647
max_parallel_apply_workers_per_subscription 16-18 integer sighup 0..1024
max_parallel_maintenance_workers 14-18 integer user 0..1024
max_parallel_workers 14-18 integer user 0..1024
max_parallel_workers_per_gather 14-18 integer user 0..1024
max_pred_locks_per_page 14-18 integer sighup 0..2147483647
max_pred_locks_per_relation 14-18 integer sighup -2147483648..2147483647
max_pred_locks_per_transaction 14-18 integer postmaster 10..2147483647
max_prepared_transactions 14-18 integer postmaster 0..262143
max_replication_slots 14-18 integer postmaster 0..262143
max_slot_wal_keep_size 14-18 integer sighup -1..2147483647 MB
max_stack_depth 14-18 integer superuser 100..2147483647 kB
max_standby_archive_delay 14-18 integer sighup -1..2147483647 ms
max_standby_streaming_delay 14-18 integer sighup -1..2147483647 ms
max_sync_workers_per_subscription 14-18 integer sighup 0..262143
max_wal_senders 14-18 integer postmaster 0..262143
max_wal_size 14-18 integer sighup 2..2147483647 MB
max_worker_processes 14-18 integer postmaster 0..262143
md5_password_warnings 18 bool user
min_dynamic_shared_memory 14-18 integer postmaster 0..2147483647 MB
min_parallel_index_scan_size 14-18 integer user 0..715827882 8kB
min_parallel_table_scan_size 14-18 integer user 0..715827882 8kB
min_wal_size 14-18 integer sighup 2..2147483647 MB
multixact_member_buffers 17-18 integer postmaster 16..131072 8kB
multixact_offset_buffers 17-18 integer postmaster 16..131072 8kB
notify_buffers 17-18 integer postmaster 16..131072 8kB
num_os_semaphores 18 integer never
oauth_validator_libraries 18 string sighup
old_snapshot_threshold 14-16 integer postmaster -1..86400 min
output_plugin_libraries 17-18 string superuser
parallel_leader_participation 14-18 bool user
parallel_setup_cost 14-18 real user 0..1.79769e+308
parallel_tuple_cost 14-18 real user 0..1.79769e+308
password_encryption 14-18 enum user md5,scram-sha-256
passwordcheck.min_password_length 18 integer superuser 0..2147483647 B
pg_prewarm.autoprewarm 14-18 bool postmaster
pg_prewarm.autoprewarm_interval 14-18 integer sighup 0..2147483 s
pg_stat_statements.max 14-18 integer postmaster 100..1073741823
pg_stat_statements.save 14-18 bool sighup
pg_stat_statements.track 14-18 enum superuser none,top,all
pg_stat_statements.track_planning 14-18 bool superuser
pg_stat_statements.track_utility 14-18 bool superuser
pg_trgm.similarity_threshold 14-18 real user 0..1
pg_trgm.strict_word_similarity_threshold 14-18 real user 0..1
pg_trgm.word_similarity_threshold 14-18 real user 0..1
plan_cache_mode 14-18 enum user auto,force_generic_plan,force_custom_plan
plpgsql.check_asserts 14-18 bool user
plpgsql.extra_errors 14-18 string user
plpgsql.extra_warnings 14-18 string user
plpgsql.print_strict_params 14-18 bool user
plpgsql.variable_conflict 14-18 enum superuser error,use_variable,use_column
port 14-18 integer dropped
post_auth_delay 14-18 integer backend 0..2147 s
postgres_fdw.application_name 15-18 string user
pre_auth_delay 14-18 integer sighup 0..60 s
primary_conninfo 14-18 string dropped
primary_slot_name 14-18 string dropped
promote_trigger_file 14-15 string dropped
quote_all_identifiers 14-18 bool user
random_page_cost 14-18 real user 0..1.79769e+308
recovery_end_command 14-18 string dropped
recovery_init_sync_method 14-18 enum sighup fsync,syncfs
recovery_min_apply_delay 14-18 integer dropped
recovery_prefetch 15-18 enum sighup off,on,try,true,false,yes,no,1,0
recovery_target 14-18 string dropped
recovery_target_action 14-18 enum dropped
recovery_target_inclusive 14-18 bool dropped
recovery_target_lsn 14-18 string dropped
recovery_target_name 14-18 string dropped
recovery_target_time 14-18 string dropped
recovery_target_timeline 14-18 string dropped
recovery_target_xid 14-18 string dropped
recursive_worktable_factor 15-18 real user 0.001..1e+06
remove_temp_files_after_crash 14-18 bool sighup
reserved_connections 16-18 integer postmaster 0..262143
restart_after_crash 14-18 bool sighup
restore_command 14-18 string dropped
restrict_nonsystem_relation_kind 14-15 string dropped
restrict_nonsystem_relation_kind 16-18 string user
row_security 14-18 bool user
scram_iterations 16-18 integer user 1..2147483647
search_path 14-18 string user
segment_size 14-18 integer never
send_abort_for_crash 16-18 bool sighup
send_abort_for_kill 16-18 bool sighup
seq_page_cost 14-18 real user 0..1.79769e+308
serializable_buffers 17-18 integer postmaster 16..131072 8kB
server_encoding 14-18 string never
server_version 14-18 string never
server_version_num 14-18 integer never
session_preload_libraries 14-18 string superuser
session_replication_role 14-18 enum superuser origin,replica,local
shared_buffers 14-18 integer postmaster 16..1073741823 8kB
shared_memory_size 15-18 integer never
shared_memory_size_in_huge_pages 15-18 integer never
shared_memory_type 14-18 enum postmaster sysv,mmap
shared_preload_libraries 14-18 string postmaster
ssl 14-18 bool sighup
ssl_ca_file 14-18 string sighup
ssl_cert_file 14-18 string sighup
ssl_ciphers 14-18 string sighup
ssl_crl_dir 14-18 string sighup
ssl_crl_file 14-18 string sighup
ssl_dh_params_file 14-18 string sighup
ssl_ecdh_curve 14-17 string sighup
ssl_groups 18 string sighup
ssl_key_file 14-18 string sighup
ssl_library 14-18 string never
ssl_max_protocol_version 14-18 enum sighup ,TLSv1,TLSv1.1,TLSv1.2,TLSv1.3
ssl_min_protocol_version 14-18 enum sighup TLSv1,TLSv1.1,TLSv1.2,TLSv1.3
ssl_passphrase_command 14-18 string sighup
ssl_passphrase_command_supports_reload 14-18 bool sighup
ssl_prefer_server_ciphers 14-18 bool sighup
ssl_tls13_ciphers 18 string sighup
standard_conforming_strings 14-18 bool user
statement_timeout 14-18 integer user 0..2147483647 ms
stats_fetch_consistency 15-18 enum user none,cache,snapshot
stats_temp_directory 14 string sighup
subtransaction_buffers 17-18 integer postmaster 0..131072 8kB
summarize_wal 17-18 bool sighup
superuser_reserved_connections 14-18 integer postmaster 0..262143
sync_replication_slots 17-18 bool sighup
synchronize_seqscans 14-18 bool user
synchronized_standby_slots 17-18 string sighup
synchronous_commit 14-18 enum user local,remote_write,remote_apply,on,off,true,false,yes,no,1,0
synchronous_standby_names 14-18 string sighup
syslog_facility 14-18 enum sighup local0,local1,local2,local3,local4,local5,local6,local7
syslog_ident 14-18 string sighup
syslog_sequence_numbers 14-18 bool sighup
syslog_split_messages 14-18 bool sighup
tcp_keepalives_count 14-18 integer user 0..2147483647
tcp_keepalives_idle 14-18 integer user 0..2147483647 s
tcp_keepalives_interval 14-18 integer user 0..2147483647 s
tcp_user_timeout 14-18 integer user 0..2147483647 ms
temp_buffers 14-18 integer user 100..1073741823 8kB
temp_file_limit 14-18 integer superuser -1..2147483647 kB
temp_tablespaces 14-18 string user
TimeZone 14-18 string user
timezone_abbreviations 14-18 string user
trace_connection_negotiation 17-18 bool postmaster
trace_notify 14-18 bool user
trace_recovery_messages 14-16 enum sighup debug5,debug4,debug3,debug2,debug1,log,notice,warning,error
trace_sort 14-18 bool user
track_activities 14-18 bool superuser
track_activity_query_size 14-18 integer postmaster 100..1048576 B
track_commit_timestamp 14-18 bool postmaster
track_cost_delay_timing 18 bool superuser
track_counts 14-18 bool superuser
track_functions 14-18 enum superuser none,pl,all
track_io_timing 14-18 bool superuser
track_wal_io_timing 14-18 bool superuser
transaction_buffers 17-18 integer postmaster 0..131072 8kB
transaction_deferrable 14-18 bool user
transaction_isolation 14-18 enum user serializable,repeatable read,read committed,read uncommitted
transaction_read_only 14-18 bool user
transaction_timeout 17-18 integer user 0..2147483647 ms
transform_null_equals 14-18 bool user
unix_socket_directories 14-18 string postmaster
unix_socket_group 14-18 string postmaster
unix_socket_permissions 14-18 integer postmaster 0..511
update_process_title 14-18 bool superuser
vacuum_buffer_usage_limit 16-18 integer user 0..16777216 kB
vacuum_cost_delay 14-18 real user 0..100 ms
vacuum_cost_limit 14-18 integer user 1..10000
vacuum_cost_page_dirty 14-18 integer user 0..10000
vacuum_cost_page_hit 14-18 integer user 0..10000
vacuum_cost_page_miss 14-18 integer user 0..10000
vacuum_defer_cleanup_age 14-15 integer sighup 0..1000000
vacuum_failsafe_age 14-18 integer user 0..2100000000
vacuum_freeze_min_age 14-18 integer user 0..1000000000
vacuum_freeze_table_age 14-18 integer user 0..2000000000
vacuum_max_eager_freeze_failure_rate 18 real user 0..1
vacuum_multixact_failsafe_age 14-18 integer user 0..2100000000
vacuum_multixact_freeze_min_age 14-18 integer user 0..1000000000
vacuum_multixact_freeze_table_age 14-18 integer user 0..2000000000
vacuum_truncate 18 bool user
wal_block_size 14-18 integer never
wal_buffers 14-18 integer postmaster -1..262143 8kB
wal_compression 14 bool superuser
wal_compression 15,17,18 enum superuser pglz,lz4,zstd,on,off,true,false,yes,no,1,0
wal_compression 16 enum superuser pglz,on,off,true,false,yes,no,1,0,lz4,zstd
wal_consistency_checking 14-18 string superuser
wal_decode_buffer_size 15-18 integer postmaster 65536..1073741823 B
wal_init_zero 14-18 bool superuser
wal_keep_size 14-18 integer sighup 0..2147483647 MB
wal_level 14-18 enum postmaster replica,logical
wal_log_hints 14-18 bool postmaster
wal_receiver_create_temp_slot 14-18 bool sighup
wal_receiver_status_interval 14-18 integer sighup 0..2147483 s
wal_receiver_timeout 14-18 integer sighup 0..2147483647 ms
wal_recycle 14-18 bool superuser
wal_retrieve_retry_interval 14-18 integer sighup 1..2147483647 ms
wal_segment_size 14-18 integer never
wal_sender_timeout 14-18 integer user 0..2147483647 ms
wal_skip_threshold 14-18 integer user 0..2147483647 kB
wal_summary_keep_time 17-18 integer sighup 0..35791394 min
wal_sync_method 14-18 enum sighup fsync,fdatasync,open_sync,open_datasync
wal_writer_delay 14-18 integer sighup 1..10000 ms
wal_writer_flush_after 14-18 integer sighup 0..2147483647 8kB
work_mem 14-18 integer user 64..2147483647 kB
xmlbinary 14-18 enum user base64,hex
xmloption 14-18 enum user content,document
zero_damaged_pages 14-18 bool superuser
`;

/** Names of time zones that Kubernetes knows and the image does not: Debian 13 keeps them in the package tzdata-legacy. */
export const MISSING_TIME_ZONES = `
Africa/Asmera
America/Argentina/ComodRivadavia
America/Buenos_Aires
America/Catamarca
America/Cordoba
America/Fort_Wayne
America/Godthab
America/Indianapolis
America/Jujuy
America/Knox_IN
America/Louisville
America/Mendoza
America/Rosario
Antarctica/South_Pole
Asia/Ashkhabad
Asia/Calcutta
Asia/Choibalsan
Asia/Chungking
Asia/Dacca
Asia/Katmandu
Asia/Macao
Asia/Rangoon
Asia/Saigon
Asia/Thimbu
Asia/Ujung_Pandang
Asia/Ulan_Bator
Atlantic/Faeroe
Australia/ACT
Australia/LHI
Australia/NSW
Australia/North
Australia/Queensland
Australia/South
Australia/Tasmania
Australia/Victoria
Australia/West
Brazil/Acre
Brazil/DeNoronha
Brazil/East
Brazil/West
CET
CST6CDT
Canada/Atlantic
Canada/Central
Canada/Eastern
Canada/Mountain
Canada/Newfoundland
Canada/Pacific
Canada/Saskatchewan
Canada/Yukon
Chile/Continental
Chile/EasterIsland
Cuba
EET
EST
EST5EDT
Egypt
Eire
Europe/Kiev
Europe/Uzhgorod
Europe/Zaporozhye
GB
GB-Eire
GMT+0
GMT-0
GMT0
Greenwich
HST
Hongkong
Iceland
Iran
Israel
Jamaica
Japan
Kwajalein
Libya
MET
MST
MST7MDT
Mexico/BajaNorte
Mexico/BajaSur
Mexico/General
NZ
NZ-CHAT
Navajo
PRC
PST8PDT
Pacific/Enderbury
Pacific/Ponape
Pacific/Truk
Poland
Portugal
ROC
ROK
Singapore
Turkey
UCT
US/Alaska
US/Aleutian
US/Arizona
US/Central
US/East-Indiana
US/Eastern
US/Hawaii
US/Indiana-Starke
US/Michigan
US/Mountain
US/Pacific
US/Samoa
Universal
W-SU
WET
Zulu
`;
