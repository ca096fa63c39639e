// SPDX-License-Identifier: Apache-2.0
#include "server/commands.h"

#include <fmt/format.h>

#include <cstdio>

#include "server/commands/backup.h"

namespace city::server {

int RunVersion(Arguments arguments);
int RunApi(Arguments arguments);
int RunServe(Arguments arguments);
int RunCheck(Arguments arguments);
int RunImport(Arguments arguments);
int RunAudit(Arguments arguments);
int RunStatus(Arguments arguments);
int RunStoryCommand(Arguments arguments);
int RunDecide(Arguments arguments);
int RunTck(Arguments arguments);
int RunLint(Arguments arguments);
int RunBpmn(Arguments arguments);
int RunPlay(Arguments arguments);
int RunArchive(Arguments arguments);

namespace {
constexpr SubCommand kSubCommands[] = {
    {"serve", "yiwang serve [--demo] [--port N] [--data FOLDER]", "run the city", RunServe},
    {"check", "yiwang check [city/]", "check the city's files", RunCheck},
    {"import", "yiwang import plan FILE [--dry-run]", "read a work-plan notice", RunImport},
    {"story", "yiwang story [PATH…]", "run stories through the public API", RunStoryCommand},
    {"audit", "yiwang audit verify|seal", "check or sign the audit log", RunAudit},
    {"status", "yiwang status [--write FILE]", "the honest state of the systems", RunStatus},
    {"backup", "yiwang backup --store URL [--files FOLDER] TARGET", "keep store and files",
     RunBackup},
    {"restore", "yiwang restore SOURCE --store URL [--files FOLDER] | --check SOURCE",
     "bring a backup back, or check it", RunRestore},
    {"api", "yiwang api [--client FILE [--check]]", "the interface, or the web app's client of it",
     RunApi},
    {"version", "yiwang version", "print the version", RunVersion},
    {"decide", "yiwang decide MODEL.dmn --decision NAME --input FILE", "decide with a DMN model",
     RunDecide},
    {"tck", "yiwang tck DIR [--json FILE]", "run a DMN conformance suite", RunTck},
    {"lint", "yiwang lint FILE…", "check BPMN files against the standard", RunLint},
    {"bpmn", "yiwang bpmn roundtrip FILE", "import a BPMN file and write it canonically", RunBpmn},
    {"archive", "yiwang archive verify FILE [--key HEX]", "check the archive package of a case",
     RunArchive},
    {"play", "yiwang play DIR [--json FILE]", "run processes against expected traces", RunPlay},
};
}  // namespace

std::span<const SubCommand> SubCommands() { return kSubCommands; }

int RunVersion(Arguments) {
  fmt::print("yiwang 0.1.0\n");
  return 0;
}

int RunCommandLine(Arguments arguments) {
  if (!arguments.empty()) {
    for (const SubCommand& command : kSubCommands)
      if (command.name == arguments[0]) return command.run(arguments.subspan(1));
    if (arguments[0] != "help" && arguments[0] != "--help")
      fmt::print(stderr, "没有“{}”这个命令 / there is no command \"{}\"\n\n", arguments[0],
                 arguments[0]);
  }
  fmt::print("一网 Yiwang — 城市数字政府 / a city's digital government\n\n");
  for (const SubCommand& command : kSubCommands)
    fmt::print("  {:<58} {}\n", command.usage, command.help);
  return arguments.empty() || arguments[0] == "help" || arguments[0] == "--help" ? 0 : 2;
}
}  // namespace city::server
