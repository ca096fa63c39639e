// SPDX-License-Identifier: Apache-2.0
// The text of a new model: one table with one input, one output and one rule, ready to be edited.
import { pick } from '@/base/words'

function safe(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]!)
}

/** DMN 1.3 text, which every modeller opens. */
export function firstTable(key: string, title: string): string {
  const name = safe(title || key)
  const age = pick({ zh: '申请人年龄', en: 'Age of the applicant' })
  const eligible = pick({ zh: '符合条件', en: 'Eligible' })
  return `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="model" name="${name}" namespace="https://example.org/dmn/${safe(key)}">
  <inputData id="data_applicant_age" name="applicant_age"><variable id="var_applicant_age" name="applicant_age" typeRef="number"/></inputData>
  <decision id="decision" name="${name}">
    <variable id="var_decision" name="${name}"/>
    <informationRequirement id="needs_applicant_age"><requiredInput href="#data_applicant_age"/></informationRequirement>
    <decisionTable id="table" hitPolicy="UNIQUE">
      <input id="in_applicant_age" label="${age}"><inputExpression id="expr_applicant_age" typeRef="number"><text>applicant_age</text></inputExpression></input>
      <output id="out_eligible" name="eligible" label="${eligible}" typeRef="boolean"/>
      <rule id="rule_1"><inputEntry id="r1_i1"><text>-</text></inputEntry><outputEntry id="r1_o1"><text>true</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
`
}
