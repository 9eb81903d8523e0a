/** Samples are written many to a line, with `|`, which none of them holds, between them. */
function list(...lines: readonly string[]): readonly string[] {
  return lines.join('|').split('|');
}

/** Schedules picked by hand: the usual ones, and every odd form that robfig/cron's parser treats specially. */
export const SCHEDULES: readonly string[] = list(
  '0 2 * * *|*/10 * * * *|0 0 * * 0|30 4 1,15 * *|0 22 * * 1-5|5 0 * 8 *|23 0-20/2 * * *|0 2 29 2 *|0 2 30 2 *',
  '0 2 31 2 *|0 2 31 4,6,9,11 *|0 0 31 2,4 *|0 0 30,31 2 *|0 0 29-31 2 *|0 0 31 2 1|0 0 31 2 *,1|0 0 31 2 ?',
  '0 0 13 * 5|0 0 13 * */2|0 0 */2 * 1|0 0 */1 * 1|0 0 *,13 * 5|* * * * *|? ? ? ? ?|*/1 */1 */1 */1 */1',
  '?/5 * * * *|*/59 * * * *|*/60 * * * *|*/1000 * * * *|0 0 * * 7|0 0 * * 6|0 0 * * 5-7|0 0 * * 5-0|0 0 * * 0-6',
  '0 0 0 * *|0 0 * 0 *|0 0 * 13 *|0 24 * * *|60 * * * *|59 23 31 12 6|0 0 32 * *|-1 * * * *|+5 * * * *',
  '005 * * * *|0000000000000000000000005 * * * *|*/0 * * * *|*/-1 * * * *|*/-0 * * * *|*/+5 * * * *|5/15 * * * *',
  '5/1 * * * *|59/2 * * * *|5-10/3 * * * *|*/9223372036854775807 * * * *|*/9223372036854775808 * * * *',
  '9223372036854775807 * * * *|1/2/3 * * * *|10-5 * * * *|5-5 * * * *|1-2-3 * * * *|*-5 * * * *|*-99 * * * *',
  '*-x-y * * * *|?-*/2 * * * *|5-* * * * *|1- * * * *|-5 * * * *|5/ * * * *|/5 * * * *|* / * * *|1.5 * * * *',
  '1e1 * * * *|0x5 * * * *|1_0 * * * *|, * * * *|1, * * * *|,,1 * * * *|1,,2 * * * *|, , , , ,|0 , * * *',
  '0 0 , * *|0 0 , * 1|0 0 1 * ,|0 0 * , *|0 0 * JAN *|0 0 * jan MON|0 0 * Jan-Mar mon-FRI|0 0 * * SUN-SAT',
  '0 0 * * FRI-MON|0 0 * FEB/2 *|0 0 * january *|0 0 * * monday|0 0 * 1-DEC *|0 0 * * 1-fri|jan * * * *',
  '0 0 mon * *|0 0 * mon *|0 0 * * jan|0 0 * * fr\u{130}|0 0 L * *|0 0 LW * *|0 0 15W * *|0 0 * * 5L|0 0 * * 5#2',
  '0 0 1W * ?|H * * * *|H/15 * * * *|0 0 1-7 * 1|| |*|* *|* * * *|* * * * * *|0 0 2 * * *|0 2 * * * 2026',
  '0 0 0 1 1 ? *| 0 2 * * * |0\t2\t*\t*\t*|0\n2 * * *|0\u{a0}2 * * *|0\u{2003}2 * * *|0\u{200b}2 * * *',
  '0\u{3000}2\u{2028}*\u{85}*\u{1680}*|\u{feff}0 2 * * *|0\u00002 * * *|@yearly|@annually|@monthly|@weekly|@daily',
  '@midnight|@hourly|@reboot|@DAILY|@Daily| @daily|@daily |@|@minutely|@every|@every |@every 1h|@every 1h30m',
  '@every  1h|@every 1h |@every 1|@every 0|@every 00|@every 0s|@every -1h|@every +90s|@every 1s|@every 999ms',
  '@every 1.5s|@every 1999ms|@every .5h|@every 1.h|@every .|@every .s|@every 1d|@every 1w|@every 1H|@every 1h1h',
  '@every 10m5|@every 1us|@every 1\u{b5}s|@every 1\u{3bc}s|@every 0.7s0.2s0.1s|@every 1.1s0.9s|@every 0.3m',
  '@every 2562047h47m16.854775807s|@every 2562047h47m16.854775808s|@every -2562047h47m16.854775808s',
  '@every -2562047h47m16.854775809s|@every 2562048h|@every 9223372036854775807ns|@every 9223372036854775808ns',
  '@every 0.9999999999999999999999s|@every 1.99999999999999999999s|@every 1h-5m|@every 1e3s|TZ=UTC 0 2 * * *',
  'CRON_TZ=Europe/Berlin 0 2 * * *|TZ=Nowhere 0 2 * * *|TZ= 0 2 * * *|TZ=|TZ=UTC|CRON_TZ=UTC @daily',
  'tz=UTC 0 2 * * *|0 2 * * * TZ|0 2 * TZ *|@every TZ|CRON_tz=UTC 0 2 * * *|\u{ff10} 2 * * *|\u{663} 2 * * *',
  '0 2 * * *;|0;2;*;*;*',
);

/** Quantities picked by hand: the usual ones, and every odd form of resource.ParseQuantity. */
export const QUANTITIES: readonly string[] = list(
  '0|1|20Gi|512Mi|500m|1000m|1500m|1.5Gi|0.5|0.5Gi|1024Mi|1024Ki|1025Mi|1e3|1E3|1E|1e|20K|20GB|20gb|20 Gi|20GiB',
  '1,5Gi|20g|20G|20k|20T|20P|20E|20Ti|20Pi|20Ei|20ki|20mi|20GI|1n|1u|1m|1k|1M|1Ki|1Mi|1n5|1mi|1Kii|1iK|1i|1eGi',
  '1Gie3|1G3|1K|1N|1U|1Y|1Zi|1\u{b5}|| |+|-|.|+.|-.|.Gi|Gi|Ki|n|m|k|E|e|e5|E5|.e5|.e-5|.e-9|.e-10|e-9|e-10|e-20',
  '.5|5.|.5Gi|5.Gi|5.m|.5m|-.5|+.5|-5.|..5|1.2.3|1..|1.5.|00|000|01|007|00.5|0.50|0.500|01Gi|010Gi|0.0|-0|+0|-0.0',
  '-0Gi|0Gi|0m|0e5|0E|0n|0.0Ki|00Ki|0e1000|0e-1000|.0e-10|0.e-20|-1|-1Gi|-1.5Gi|-500m|+1|+1Gi|--1|+-1|1-|1+|1Gi+',
  '1Gi5|1e+3|1e-3|1e+|1e-|1e3.5|1e--3|1e 3|1e0|1e1|1e2|1e4|1e5|1e6|1e9|1e12|1e18|1e19|1e21|1e100|15e2|1.5e3|1.5e2',
  '1.5E3|10e3|100e3|1000e3|1e-9|1e-10|1e-18|1e-19|-1e-19|1.5e-9|15e-10|1e-1|1e-2|12e-4|1e-100|-1e-100|1e1000',
  '1e-1000|123456e-7|0.1n|0.9n|1.1n|-0.1n|-1.1n|0.0000000001|0.000000001|0.0000000011|1.0000000001|1.0000000009',
  '0.1u|0.0001u|0.1Ki|0.001Ki|0.0001Ki|0.5Ki|1.1Ki|1.25Ki|0.1Gi|0.3Gi|1.1Gi|2.5Ti|1.0000000001Ki|0.0000000001Ki',
  '0.0009765625Ki|1023|1024|1025|1023Ki|1000Ki|1000Mi|8Ki|7Ki|1048576|1048576Ki|1048576Mi|1073741824Ki',
  '0.0009765625Ti|999|1000|1001|10000|100000|1000000|1234567|1000k|1001k|1000M|1000G|1000T|1000P|1000E|999E',
  '1000000E|1000n|1000u|1000000n|1000000000n|1000000001n|1500000n|123456789n|1e3n|1E3m|1Em|1mE',
  '9223372036854775807|9223372036854775808|-9223372036854775808|-9223372036854775809|9223372036854775807n',
  '9223372036854775808m|7Ei|8Ei|7.9Ei|8.1Ei|-8Ei|-9Ei|9Ei|100Ei|8191Pi|8192Pi|8193Pi|9007199254740992Ki',
  '9223372036854775808Ki|9E|10E|9.3E|100E|-100E|9223372036854775807E|123456789012345678|1234567890123456789',
  '12345678901234567890|100000000000000000000000|123456789012345678901234567890|0.123456789012345678901234567890',
  '1000000000000000000000|1000000000000000000001|123456789012345678901234567890Ki',
  '0.00000000000000000000000000001Ei|1000000000000000000000m|999999999999999999999n|000000000000000000000000001',
  '0000000000000000000000000001Gi|1.00000000000000000000|1.000|1.500|1.000Gi|10.00Gi|1.10|1000.0|1000.000|1e3e3',
  '1KiKi|0x10|1_000|1,000|\u{bd}|\u{ff11}|\u{663}|Inf|NaN|inf|nan|null|true|1\n|\n1| 1|1 |\t1|1\u0000|1%|50%|$1',
  'u|M|G|T|P|Mi|Ti|Pi|Ei|-Ki|+Mi|-Gi|+Ti|-Pi|+Ei|.n|.m|.k|.E|.Ki|.Mi|.Ti|.Pi|.Ei|-.Pi|+.Ei|e-11|E-10|-e-10|+.e-12',
);

/** Names of time zones picked by hand, beside those of the database. */
export const TIME_ZONES: readonly string[] = list(
  '| |UTC|utc|Utc|Local|local|LOCAL|Z|GMT|gmt|GMT+0|GMT-0|GMT0|GMT+1|UTC+1|UTC0|UCT|Zulu|Etc/UTC|Etc/GMT+12',
  'Etc/GMT-14|Etc/GMT+13|etc/utc|EST|EST5EDT|CET|CEST|PST|PDT|PST8PDT|MST|BST|IST|JST|Europe/Berlin|europe/berlin',
  'Europe/berlin|EUROPE/BERLIN|Europe/Berlin | Europe/Berlin|Europe/Berlin/|/Europe/Berlin|Europe|Europe/',
  'Europe//Berlin|Europe/../Europe/Berlin|./UTC|../UTC|-UTC|Europe/-Berlin|Europe\\Berlin|Berlin|Europe/Kiev',
  'Europe/Kyiv|America/Argentina/ComodRivadavia|America/North_Dakota/New_Salem|America/Coyhaique|Asia/Calcutta',
  'Asia/Kolkata|US/Pacific|US/Pacific-New|America/New York|America/New_York|Factory|factory|localtime|posixrules',
  'posix/UTC|right/UTC|posix/Europe/Berlin|right/Europe/Berlin|zone.tab|zone1970.tab|iso3166.tab|tzdata.zi',
  'leapseconds|leap-seconds.list|+VERSION|SystemV/EST5|Europe/Berlinn|Antarctica/DumontDUrville',
  'America/Port-au-Prince|Pacific/Honolulu|Mars/Olympus|+01:00|01:00|aaaaaaaaaaaaaaa',
);
