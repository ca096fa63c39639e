#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Multiplies the cases and tasks of a stopped demo city until each table holds a given number.
# Generated data for measuring only: the copies have new keys and numbers, other moments within the
# same year, and no history. Usage: million.sh FOLDER [ROWS]
set -euo pipefail
db="${1:?folder of the city}/city.db"
rows="${2:-1000000}"
columns() { sqlite3 "$db" "select group_concat(name, ', ') from pragma_table_info('$1')"; }
# $1 table, $2 … replacements "column=expression over r (a row) and n (number of the copy)"
select_list() {
  local table="$1" out="" name value
  shift
  for name in $(columns "$table" | tr -d ','); do
    value="r.$name"
    for each in "$@"; do [ "${each%%=*}" = "$name" ] && value="${each#*=}"; done
    out="$out${out:+, }$value"
  done
  echo "$out"
}
pragmas="pragma journal_mode=off; pragma synchronous=off; pragma cache_size=-2000000; pragma temp_store=memory;"
multiply() {
  local table="$1" have copies indexes
  shift
  have=$(sqlite3 "$db" "select count(*) from $table")
  copies=$(( (rows - have + have - 1) / have ))
  [ "$copies" -le 0 ] && return
  # Indexes are taken down and built again, which is several times faster.
  indexes=$(sqlite3 "$db" "select sql || ';' from sqlite_master where type = 'index' and tbl_name = '$table' and sql is not null")
  {
    echo "$pragmas begin;"
    sqlite3 "$db" "select 'drop index ' || name || ';' from sqlite_master where type = 'index' and tbl_name = '$table' and sql is not null"
    echo "create temp table original as select rowid as at, * from $table;"
    echo "with recursive copy(n) as (select 1 union all select n + 1 from copy where n < $copies)
      insert into $table ($(columns "$table")) select $(select_list "$table" "$@")
      from copy cross join original r limit $((rows - have));"
    echo "$indexes commit;"
  } | sqlite3 "$db" > /dev/null
}
sqlite3 "$db" "pragma wal_checkpoint(truncate); pragma journal_mode=delete" > /dev/null
before=$(sqlite3 "$db" "select max(rowid) from r_service_case")
# Each copy lies some hours further back, so that moments spread over the year.
back="(n * 61000000 + abs(random() % 1000000000))"
multiply r_service_case "id=lower(hex(randomblob(4))) || '-' || lower(hex(randomblob(2))) || '-7000-8000-' || lower(hex(randomblob(6)))" \
  "number=r.number || '-' || n" "submitted_at=r.submitted_at - $back" "created_at=r.created_at - $back"
multiply r_case_task "id=lower(hex(randomblob(4))) || '-' || lower(hex(randomblob(2))) || '-7000-8000-' || lower(hex(randomblob(6)))" \
  "number=r.number || '-' || n" "since=r.since - $back"
# The words of a case: its copies have the words of the original, in the same order of rows.
{
  echo "$pragmas begin;"
  echo "create temp table words as select row_number() over (order by rowid) - 1 as i, words from s_service_case where rowid <= $before;"
  echo "create unique index temp.words_i on words (i);"
  echo "insert into s_service_case (rowid, words)
    select c.rowid, w.words from r_service_case c
    join temp.words w on w.i = (c.rowid - $before - 1) % (select count(*) from temp.words)
    where c.rowid > $before and not exists (select 1 from s_service_case_content k where k.id = c.rowid);"
  echo "commit;"
} | sqlite3 "$db" > /dev/null
sqlite3 "$db" "pragma journal_mode=wal" > /dev/null
sqlite3 "$db" "select 'cases', count(*) from r_service_case union all select 'tasks', count(*) from r_case_task union all select 'searchable', count(*) from s_service_case_content"
du -h "$db" | cut -f1
