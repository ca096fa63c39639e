# SPDX-License-Identifier: Apache-2.0
# Writes table.dmn: 20 rules over 5 inputs, the shape of an eligibility table.
rows = []
kinds = ["shop", "workshop", "clinic", "school"]
ages = ["< 18", "[18..35)", "[35..60)", "[60..70)", ">= 70"]
n = 0
for kind in kinds:
    for age in ages:
        n += 1
        income = ["<= 3000", "> 3000", "[1000..9000]", "-", "< 20000"][n % 5]
        city = ['"Springfield"', '"Springfield","Shelbyville"', "-", 'not("Ogdenville")'][n % 4]
        local = ["true", "-", "false", "-"][n % 4]
        rows.append(([f'"{kind}"', age, income, city, local], f'"{kind}-{n}"'))
inputs = [("kind", "string"), ("age", "number"), ("income", "number"), ("city", "string"), ("local", "boolean")]
esc = lambda s: s.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
out = ['<?xml version="1.0" encoding="UTF-8"?>',
       '<definitions xmlns="http://www.omg.org/spec/DMN/20151101/dmn.xsd" id="bench" name="bench" namespace="urn:bench">']
for name, kind in inputs:
    out.append(f'  <inputData id="i_{name}" name="{name}"><variable id="v_{name}" name="{name}" typeRef="{kind}"/></inputData>')
out.append('  <decision id="eligible" name="eligible"><variable id="v_eligible" name="eligible" typeRef="string"/>')
for name, _ in inputs:
    out.append(f'    <informationRequirement id="r_{name}"><requiredInput href="#i_{name}"/></informationRequirement>')
out.append('    <decisionTable id="table" hitPolicy="FIRST">')
for name, kind in inputs:
    out.append(f'      <input id="c_{name}"><inputExpression id="e_{name}" typeRef="{kind}"><text>{name}</text></inputExpression></input>')
out.append('      <output id="o" name="eligible" typeRef="string"/>')
for i, (tests, result) in enumerate(rows):
    cells = "".join(f'<inputEntry id="t_{i}_{k}"><text>{esc(t)}</text></inputEntry>' for k, t in enumerate(tests))
    out.append(f'      <rule id="rule_{i}">{cells}<outputEntry id="x_{i}"><text>{esc(result)}</text></outputEntry></rule>')
out.append("    </decisionTable>\n  </decision>\n</definitions>")
open("table.dmn", "w").write("\n".join(out) + "\n")
