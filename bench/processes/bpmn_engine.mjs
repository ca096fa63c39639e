// SPDX-License-Identifier: Apache-2.0
// The same process in the npm package bpmn-engine 25.0.1: in memory, and with its state saved at
// each wait. Run: npm install bpmn-engine@25.0.1 && node bpmn_engine.mjs [instances]
import { createRequire } from 'node:module'
const require = createRequire(process.cwd() + '/')
const { Engine } = require('bpmn-engine')
const { EventEmitter } = require('node:events')

const source = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="urn:bench">
<process id="bench" isExecutable="true">
 <startEvent id="start"/><exclusiveGateway id="choice" default="small"/>
 <userTask id="check"/><userTask id="sign"/><endEvent id="end"/><endEvent id="out"/>
 <sequenceFlow id="f1" sourceRef="start" targetRef="choice"/>
 <sequenceFlow id="f2" sourceRef="choice" targetRef="check">
  <conditionExpression xsi:type="tFormalExpression" language="JavaScript"><![CDATA[
   next(null, this.environment.variables.amount > 100)]]></conditionExpression></sequenceFlow>
 <sequenceFlow id="small" sourceRef="choice" targetRef="out"/>
 <sequenceFlow id="f3" sourceRef="check" targetRef="sign"/>
 <sequenceFlow id="f4" sourceRef="sign" targetRef="end"/>
</process></definitions>`

const count = Number(process.argv[2] ?? 2000)
const template = new Engine({ name: 'bench', source })
const parsed = await template.getDefinitions()
const { default: BpmnModdle } = await import(require.resolve('bpmn-moddle')).catch(() => ({}))
const moddle = BpmnModdle ? await new BpmnModdle().fromXML(source) : null
if (!parsed.length) throw new Error('not parsed')

async function run(save) {
  const engine = new Engine(
    moddle ? { name: 'bench', moddleContext: moddle, variables: { amount: 200 } }
           : { name: 'bench', source, variables: { amount: 200 } })
  const listener = new EventEmitter()
  let saved = 0
  listener.on('activity.wait', (api) => {
    if (save) engine.getState().then((s) => { saved += JSON.stringify(s).length })
    setImmediate(() => api.signal())
  })
  const done = engine.waitFor('end')
  await engine.execute({ listener })
  await done
  return saved
}

await run(false)
for (const save of [false, true]) {
  const begin = process.hrtime.bigint()
  let bytes = 0
  for (let i = 0; i < count; ++i) bytes += await run(save)
  const seconds = Number(process.hrtime.bigint() - begin) / 1e9
  console.log(`bpmn-engine 25.0.1 ${save ? 'state saved at each wait' : 'in memory'}: ` +
    `${(count / seconds).toFixed(0)} instances/s` +
    (save ? `, ${Math.round(bytes / count / 2)} bytes of state` : '') +
    ` (${moddle ? 'model parsed once' : 'model parsed each time'})`)
}
