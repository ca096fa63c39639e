// SPDX-License-Identifier: Apache-2.0
// The drawing board: the tool with which a process is drawn, and what our panel reads and writes in it.
import Modeler from 'bpmn-js/lib/Modeler'
import AlignElements from 'bpmn-js/lib/features/align-elements'
import DistributeElements from 'bpmn-js/lib/features/distribute-elements'
import { moddle_extensions, type Shape, type Tool } from './diagram'
import { translateModule } from './translate'

// Their icons are texts of HTML with styles inside, which the content security policy forbids.
const left_out: unknown[] = [AlignElements, DistributeElements]
class Board extends Modeler {}
const modules = (Modeler.prototype as unknown as { _modules: unknown[] })._modules
;(Board.prototype as unknown as { _modules: unknown[] })._modules = modules.filter(
  (module) => !left_out.includes(module),
)

/** A board on which a process is drawn. */
export function makeBoard(container: HTMLElement): Tool {
  return new Board({
    container,
    moddleExtensions: moddle_extensions,
    additionalModules: [translateModule],
  } as never) as unknown as Tool
}

/** What a new model begins with. */
export function emptyModel(process: string, name: string): string {
  const safe = name.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:city="https://yiwang.dev/bpmn/1" id="Definitions_${process}" targetNamespace="https://yiwang.dev/flows">
  <bpmn:process id="${process}" name="${safe}" isExecutable="true">
    <bpmn:startEvent id="Start" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="Diagram"><bpmndi:BPMNPlane id="Plane" bpmnElement="${process}">
    <bpmndi:BPMNShape id="Start_di" bpmnElement="Start"><dc:Bounds x="160" y="200" width="36" height="36" /></bpmndi:BPMNShape>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>`
}

type Thing = Record<string, unknown> & { $type: string; $parent?: unknown }
interface Moddle {
  create(type: string, attributes?: Record<string, unknown>): Thing
}
interface Modeling {
  updateProperties(shape: Shape, properties: Record<string, unknown>): void
  updateModdleProperties(shape: Shape, thing: unknown, properties: Record<string, unknown>): void
  connect(from: Shape, to: Shape): Shape
  removeElements(shapes: Shape[]): void
}

/** Reads and writes what a shape means; each writing is one step that can be undone. */
export class Meaning {
  private tool: Tool
  constructor(tool: Tool) {
    this.tool = tool
  }
  private get moddle(): Moddle {
    return this.tool.get<Moddle>('moddle')
  }
  private get modeling(): Modeling {
    return this.tool.get<Modeling>('modeling')
  }
  /** An attribute of the standard. */
  read(shape: Shape, name: string): unknown {
    return (shape.businessObject as Thing)[name]
  }
  write(shape: Shape, properties: Record<string, unknown>): void {
    this.modeling.updateProperties(shape, properties)
  }
  private values(owner: Thing | undefined): Thing[] {
    return ((owner?.extensionElements as Thing | undefined)?.values as Thing[] | undefined) ?? []
  }
  /** An extension of a shape as plain attributes; undefined when it has none. */
  extension(shape: Shape, type: string): Record<string, unknown> | undefined {
    return this.values(shape.businessObject as Thing).find((value) => value.$type === type)
  }
  /** Sets or, without attributes, removes an extension. */
  extend(shape: Shape, type: string, attributes: Record<string, unknown> | undefined): void {
    this.extendOf(shape, shape.businessObject as Thing, type, attributes)
  }
  private extendOf(
    shape: Shape,
    owner: Thing,
    type: string,
    attributes: Record<string, unknown> | undefined,
  ): void {
    const values = this.values(owner).filter((value) => value.$type !== type)
    if (attributes) {
      const clean = Object.fromEntries(
        Object.entries(attributes).filter(
          ([, value]) => value !== '' && value !== undefined && value !== false,
        ),
      )
      values.push(this.moddle.create(type, clean))
    }
    const elements = values.length ? this.moddle.create('bpmn:ExtensionElements', { values }) : undefined
    if (elements) {
      elements.$parent = owner
      for (const value of values) value.$parent = elements
    }
    this.modeling.updateModdleProperties(shape, owner, { extensionElements: elements })
  }
  /** Text of an expression: of a condition, a timer, a completion rule. */
  body(shape: Shape, name: string): string {
    return String((this.read(shape, name) as Thing | undefined)?.body ?? '')
  }
  private formal(body: string, parent: unknown): Thing | undefined {
    if (!body) return undefined
    const made = this.moddle.create('bpmn:FormalExpression', { body })
    made.$parent = parent
    return made
  }
  setBody(shape: Shape, name: string, body: string): void {
    this.write(shape, { [name]: this.formal(body, shape.businessObject) })
  }
  /** The first event definition: which trigger, and its time. */
  trigger(shape: Shape): Thing | undefined {
    return (this.read(shape, 'eventDefinitions') as Thing[] | undefined)?.[0]
  }
  time(shape: Shape): { kind: string; text: string } {
    const trigger = this.trigger(shape)
    for (const kind of ['timeDuration', 'timeDate', 'timeCycle'])
      if (trigger?.[kind]) return { kind, text: String((trigger[kind] as Thing).body ?? '') }
    return { kind: 'timeDuration', text: '' }
  }
  setTime(shape: Shape, kind: string, text: string): void {
    const trigger = this.trigger(shape)
    if (!trigger) return
    const next: Record<string, unknown> = {
      timeDuration: undefined,
      timeDate: undefined,
      timeCycle: undefined,
    }
    next[kind] = this.formal(text, trigger)
    this.modeling.updateModdleProperties(shape, trigger, next)
  }
  /** How often an activity is done: once, for each of a list at the same time, or one by one. */
  loop(shape: Shape): { mode: string; collection: string; element: string; done: string } {
    const loop = this.read(shape, 'loopCharacteristics') as Thing | undefined
    if (!loop || loop.$type !== 'bpmn:MultiInstanceLoopCharacteristics')
      return { mode: '', collection: '', element: '', done: '' }
    const found = this.values(loop).find((value) => value.$type === 'zeebe:LoopCharacteristics')
    return {
      mode: loop.isSequential ? 'sequential' : 'parallel',
      collection: String(found?.inputCollection ?? ''),
      element: String(found?.inputElement ?? ''),
      done: String((loop.completionCondition as Thing | undefined)?.body ?? ''),
    }
  }
  setLoop(shape: Shape, given: { mode: string; collection: string; element: string; done: string }): void {
    if (!given.mode) {
      this.write(shape, { loopCharacteristics: undefined })
      return
    }
    const loop = this.moddle.create('bpmn:MultiInstanceLoopCharacteristics', {
      isSequential: given.mode === 'sequential',
    })
    loop.$parent = shape.businessObject
    const inside = this.moddle.create('zeebe:LoopCharacteristics', {
      inputCollection: given.collection || undefined,
      inputElement: given.element || undefined,
    })
    const elements = this.moddle.create('bpmn:ExtensionElements', { values: [inside] })
    elements.$parent = loop
    inside.$parent = elements
    loop.extensionElements = elements
    loop.completionCondition = this.formal(given.done, loop)
    this.write(shape, { loopCharacteristics: loop })
  }
  /** Changes what a shape is. */
  turnInto(shape: Shape, target: Record<string, unknown>): Shape {
    const replace = this.tool.get<{
      replaceElement(shape: Shape, target: Record<string, unknown>): Shape
    }>('bpmnReplace')
    return replace.replaceElement(shape, target)
  }
  /** Adds a shape behind another and connects it: modelling without a mouse. */
  append(shape: Shape, type: string): Shape {
    const factory = this.tool.get<{ createShape(given: Record<string, unknown>): Shape }>('elementFactory')
    const place = this.tool.get<{ append(from: Shape, made: Shape): Shape }>('autoPlace')
    return place.append(shape, factory.createShape({ type }))
  }
  connect(from: Shape, to: Shape): void {
    this.modeling.connect(from, to)
  }
  remove(shape: Shape): void {
    this.modeling.removeElements([shape])
  }
}
