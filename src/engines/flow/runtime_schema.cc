// SPDX-License-Identifier: Apache-2.0
// Tables of running processes. `region` leads every key: it distributes and scopes.
#include <array>

#include "engines/flow/runtime.h"

namespace city::flow {
namespace {

std::string Tables(const char* bytes) {
  std::string blob(bytes);
  return
      // One row a deployed file; versions count within the id of its first process.
      "create table flow_definition (id text primary key, process text not null,"
      " version bigint not null, file text not null, deployed_at bigint not null,"
      " deployed_by text not null, unique (process, version));"
      // Which processes a file holds.
      "create table flow_process (process text not null, definition text not null,"
      " version bigint not null, primary key (process, version, definition));"
      // What begins an instance of the latest version: messages, signals, times.
      "create table flow_start (definition text not null, node bigint not null,"
      " part bigint not null, kind bigint not null, name text not null, due bigint not null,"
      " left_over bigint not null, primary key (definition, node, part));"
      "create index flow_start_name on flow_start (kind, name);"
      "create index flow_start_due on flow_start (due);"
      "create table flow_instance (region text not null, id text not null,"
      " definition text not null, version bigint not null, state bigint not null,"
      " business_key text not null, starter text not null, started bigint not null,"
      " ended bigint, body " +
      blob +
      " not null, primary key (region, id));"
      "create index flow_instance_definition on flow_instance (definition, state);"
      "create index flow_instance_business on flow_instance (region, business_key);"
      "create table flow_task (region text not null, instance text not null,"
      " task bigint not null, seat bigint not null, definition text not null,"
      " node text not null, name text not null, form text not null, person text not null,"
      " due bigint not null, priority bigint not null, created bigint not null,"
      " primary key (region, instance, task, seat));"
      "create index flow_task_person on flow_task (region, person, created, instance);"
      "create table flow_candidate (region text not null, candidate text not null,"
      " created bigint not null, instance text not null, task bigint not null,"
      " seat bigint not null, primary key (region, candidate, created, instance, task, seat));"
      "create index flow_candidate_task on flow_candidate (region, instance, task, seat);"
      "create table flow_wait (region text not null, instance text not null,"
      " owner bigint not null, node bigint not null, part bigint not null,"
      " kind bigint not null, name text not null, value text not null, due bigint not null,"
      " primary key (region, instance, owner, node, part));"
      "create index flow_wait_name on flow_wait (region, kind, name, value);"
      "create index flow_wait_due on flow_wait (due) where kind = 2;"
      "create table flow_job (region text not null, instance text not null,"
      " task bigint not null, node text not null, type text not null, retries bigint not null,"
      " held_until bigint not null, primary key (region, instance, task));"
      "create index flow_job_type on flow_job (type, held_until);"
      "create table flow_incident (region text not null, instance text not null,"
      " task bigint not null, definition text not null, node text not null,"
      " code text not null, message text not null, at bigint not null,"
      " primary key (region, instance, task));"
      "create table flow_variable (region text not null, instance text not null,"
      " name text not null, value text not null, primary key (region, instance, name));"
      "create index flow_variable_value on flow_variable (region, name, value);"
      "create table flow_log (region text not null, instance text not null,"
      " version bigint not null, at bigint not null, actor text not null, verb text not null,"
      " lines " +
      blob +
      " not null, primary key (region, instance, version));"
      "create table flow_outbox (region text not null, id text not null, kind bigint not null,"
      " name text not null, value text not null, instance text not null, body text not null,"
      " at bigint not null, primary key (region, id));"
      "create table flow_inbox (region text not null, id text not null, name text not null,"
      " value text not null, body text not null, at bigint not null, expires bigint not null,"
      " taken bigint not null, primary key (region, id));"
      "create index flow_inbox_name on flow_inbox (region, name, value, at)";
}

/// What keeping, holding and following need; and models on their way to a version.
constexpr const char* kKeeping =
    // Says how long what ended is kept, and whether new instances may begin.
    "create table flow_process_rule (process text primary key, keep_class text not null,"
    " keep_days bigint not null, retired bigint not null);"
    // Instances that nothing may remove, and why.
    "create table flow_hold (region text not null, instance text not null, reason text not null,"
    " at bigint not null, person text not null, primary key (region, instance));"
    // Who has acted on what, for their own lists.
    "create table flow_part (region text not null, person text not null, at bigint not null,"
    " instance text not null, primary key (region, person, instance));"
    // Copies and reminders that people got.
    "create table flow_notice (region text not null, person text not null, at bigint not null,"
    " id text not null, kind bigint not null, instance text not null, words text not null,"
    " seen bigint not null, primary key (region, person, at, id));"
    // Of which version an instance was before a migration: its older lines speak of that one.
    "create table flow_moved (region text not null, instance text not null,"
    " version bigint not null, definition text not null,"
    " primary key (region, instance, version));"
    "create table flow_model (id text primary key, name text not null, process text not null,"
    " file text not null, version bigint not null, changed_at bigint not null,"
    " changed_by text not null, published text not null);"
    "create index flow_instance_started on flow_instance (region, started, id);"
    "create index flow_instance_ended on flow_instance (ended) where ended is not null;"
    "create index flow_incident_at on flow_incident (region, at, instance, task)";

/// Most instances have no business key, and those need no place in its index.
constexpr const char* kKeyed =
    "drop index flow_instance_business;"
    "create index flow_instance_business on flow_instance (region, business_key)"
    " where business_key <> ''";

}  // namespace

std::span<const store::Migration> Runtime::Schema() {
  static const std::array<store::Migration, 4> steps = {
      {{"flow", 1, "processes run", Tables("blob"), Tables("bytea")},
       {"flow", 2, "processes are kept, held and modelled", kKeeping,
        // A state is written anew with each step: room on its page keeps its index entries as they
        // are, and what comes and goes is swept while it is still small.
        std::string(kKeeping) +
            ";alter table flow_instance set (fillfactor = 50);"
            "alter table flow_task set (autovacuum_vacuum_scale_factor = 0,"
            " autovacuum_vacuum_threshold = 20000);"
            "alter table flow_candidate set (autovacuum_vacuum_scale_factor = 0,"
            " autovacuum_vacuum_threshold = 20000);"
            "alter table flow_wait set (autovacuum_vacuum_scale_factor = 0,"
            " autovacuum_vacuum_threshold = 20000)"},
       {"flow", 3, "only keyed instances are indexed by key", kKeyed, ""},
       {"flow", 4, "what was stored in clear is sealed once",
        "create table flow_sealed (done_at bigint not null)",
        "create table flow_sealed (done_at bigint not null)"}}};
  return steps;
}

}  // namespace city::flow
