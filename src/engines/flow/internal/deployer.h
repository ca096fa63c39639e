// SPDX-License-Identifier: Apache-2.0
// The compiler from a BPMN file to a Definition; one object per deployment.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "engines/flow/definition.h"
#include "engines/flow/internal/model.h"

namespace city::flow {

namespace rule {
inline constexpr Rule kDeployExpression{"deploy.expression",
                                        Severity::kError,
                                        "8.3.6",
                                        "表达式不能编译",
                                        "an expression does not compile",
                                        "按提示改正 FEEL 表达式",
                                        "correct the FEEL expression"};
inline constexpr Rule kDeployCalled{"deploy.called-process",
                                    Severity::kError,
                                    "10.3.6",
                                    "找不到被调用的流程",
                                    "the called process is not deployed",
                                    "先部署被调用的流程",
                                    "deploy the called process first"};
inline constexpr Rule kDeployDecision{"deploy.decision",
                                      Severity::kError,
                                      "10.3.3",
                                      "找不到所用的决策",
                                      "the decision is not deployed",
                                      "先部署该决策",
                                      "deploy the decision first"};
inline constexpr Rule kDeployForm{
    "deploy.form",           Severity::kError,          "10.3.4",
    "找不到所用的表单",      "the form does not exist", "先发布该表单",
    "publish the form first"};
inline constexpr Rule kDeployUnsupported{"deploy.unsupported",
                                         Severity::kError,
                                         "13",
                                         "本引擎不支持这种用法",
                                         "this engine does not support it",
                                         "换一种等价的画法",
                                         "model it in another way"};
inline constexpr Rule kDeployNothing{
    "deploy.nothing-executable", Severity::kWarning,         "10.2",
    "没有可执行的流程",          "no process is executable", "把 isExecutable 设为 true",
    "set isExecutable to true"};
inline constexpr Rule kDeployTime{"deploy.time",
                                  Severity::kError,
                                  "10.5.5",
                                  "定时器没有可用的时间",
                                  "a timer has no usable time",
                                  "填写 ISO 8601 时间或 FEEL 表达式",
                                  "write an ISO 8601 time or a FEEL expression"};
inline constexpr Rule kDeployLink{"deploy.link",
                                  Severity::kError,
                                  "10.5.4",
                                  "链接没有目标",
                                  "a link leads nowhere",
                                  "加上同名的目标链接",
                                  "add the target link of that name"};
inline constexpr Rule kDeployScript{"deploy.script",
                                    Severity::kError,
                                    "10.3.3",
                                    "脚本任务没有脚本",
                                    "a script task has no script",
                                    "填写 FEEL 脚本",
                                    "write a FEEL script"};
}  // namespace rule

class Deployer {
 public:
  Deployer(const Document& document, const DeployOptions& options);
  Result<std::shared_ptr<const Definition>> Run();

 private:
  void Complain(const Rule& rule, const Element& e, std::string detail = {});
  Index Compile(std::string_view text, const Element& at);
  Index AddNode(const Element& e, NodeKind kind, Index scope);
  Index AddProcess(const Element& e);
  Index AddGlobalTask(const Element& e);
  void AddLevel(const Element& container, Index scope);
  void Connect(const Element& container, Index scope);
  void FillNode(const Element& e, Node& node);
  void FillTask(const Element& e, Node& node);
  void FillUser(const Element& e, Node& node);
  void FillLoop(const Element& e, Node& node);
  void FillCall(const Element& e, Index index);
  void FillMappings(const Element& e, Node& node);
  void FillData(const Element& e, Node& node);
  bool FillJob(const Element& e, Node& node);
  void FillTimer(const Element& definition, EventSpec& spec, const Element& at);
  EventSpec MakeEvent(const Element& definition, const Element& at);
  std::string MessageName(const Element& holder, const Element& at);
  std::string LaneOf(const Element& e) const;
  void LinkLevels();
  void Analyse();
  std::string DataName(const Element& at, const std::string& ref) const;

  const Document* document_;
  const Document& own_;
  DeployOptions options_;
  std::unique_ptr<FlowGraph> graph_;
  std::shared_ptr<Definition> out_;
  std::vector<Finding> findings_;
  std::unordered_map<const Element*, Index> index_;
  std::unordered_map<const Element*, Index> flow_index_;
  std::vector<std::pair<const Element*, Index>> calls_;
  std::unordered_map<std::string, Index> called_;
  std::unordered_map<std::string, Index> text_index_;
  std::set<const Document*> graphs_done_;
};

}  // namespace city::flow
