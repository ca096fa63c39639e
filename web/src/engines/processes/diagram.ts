// SPDX-License-Identifier: Apache-2.0
// The drawing tool behind our screens: made late, spoken to through few words, made fit for a strict
// content security policy and for people who do not see it.
import 'bpmn-js/dist/assets/diagram-js.css'
import 'bpmn-js/dist/assets/bpmn-js.css'
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn.css'
import './diagram.css'
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer'
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json'
import { city_moddle } from './city-moddle'
import { translateModule } from './translate'

export interface Shape {
  id: string
  type: string
  parent?: Shape
  source?: Shape
  target?: Shape
  labelTarget?: Shape
  outgoing?: Shape[]
  incoming?: Shape[]
  businessObject: Record<string, unknown> & { $type: string; id: string; name?: string }
}
export interface Tool {
  importXML(xml: string): Promise<{ warnings: unknown[] }>
  saveXML(options: { format: boolean }): Promise<{ xml?: string }>
  get<T = Record<string, (...given: unknown[]) => unknown>>(name: string): T
  on(event: string, listener: (event: { element: Shape; newSelection?: Shape[] }) => void): void
  destroy(): void
}
export interface Canvas {
  viewbox(box?: { x: number; y: number; width: number; height: number }): {
    outer: { width: number; height: number }
  }
  zoom(to: string | number, center?: 'auto'): number
  addMarker(id: string, marker: string): void
  removeMarker(id: string, marker: string): void
  getRootElement(): Shape
  scroll(by: { dx: number; dy: number }): void
}
export interface Overlays {
  add(id: string, type: string, overlay: { position: Record<string, number>; html: HTMLElement }): string
  remove(filter: { type: string }): void
}
export interface Registry {
  get(id: string): Shape | undefined
  getAll(): Shape[]
  filter(keep: (shape: Shape) => boolean): Shape[]
}

export const moddle_extensions = { zeebe, city: city_moddle }

/** A diagram to look at: it can be moved and zoomed. */
export function makeViewer(container: HTMLElement): Tool {
  return new NavigatedViewer({
    container,
    moddleExtensions: moddle_extensions,
    additionalModules: [translateModule],
  }) as unknown as Tool
}

/** What the tool leaves out for people who do not see: names of its own controls. */
export function giveNames(container: HTMLElement, label: string): void {
  container.querySelector('.bjs-powered-by')?.setAttribute('aria-label', 'bpmn.io')
  for (const canvas of container.querySelectorAll('.djs-container > svg')) {
    canvas.setAttribute('role', 'img')
    canvas.setAttribute('aria-label', label)
  }
  for (const entry of container.querySelectorAll('.djs-palette .entry, .djs-context-pad .entry')) {
    if (!entry.hasAttribute('role')) {
      entry.setAttribute('role', 'button')
      entry.setAttribute('aria-label', entry.getAttribute('title') ?? '')
    }
  }
}

/** A small word on the diagram; made by hand because text of HTML would need a wider policy. */
export function badge(text: string, look: string, title: string): HTMLElement {
  const made = document.createElement('span')
  made.className = `flow-badge ${look}`
  made.textContent = text
  made.title = title
  return made
}
