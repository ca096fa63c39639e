// SPDX-License-Identifier: Apache-2.0
// dmn-js with the table and expression editors alone: the diagram is not drawn here, which keeps the
// page small and quick. Its mark stays as its licence asks.
import Editing from 'dmn-js-shared/lib/base/EditingManager'
import type { View } from 'dmn-js-shared/lib/base/EditingManager'
import TableEditor from 'dmn-js-decision-table/lib/Editor'
import LiteralEditor from 'dmn-js-literal-expression/lib/Editor'
import 'dmn-js/dist/assets/dmn-js-shared.css'
import 'dmn-js/dist/assets/dmn-js-decision-table.css'
import 'dmn-js/dist/assets/dmn-js-decision-table-controls.css'
import 'dmn-js/dist/assets/dmn-js-literal-expression.css'
import 'dmn-js/dist/assets/dmn-font/css/dmn.css'
import { language } from '@/base/words'
import { dmn_words } from './dmn-words'

type Element = View['element']
const isDecision = (element: Element) => element.$type === 'dmn:Decision'

class Editor extends Editing {
  _getViewProviders() {
    return [
      {
        id: 'decisionTable',
        constructor: TableEditor,
        opens: (element: Element) =>
          isDecision(element) && element.decisionLogic?.$type === 'dmn:DecisionTable',
      },
      {
        id: 'literalExpression',
        constructor: LiteralEditor,
        opens: (element: Element) =>
          isDecision(element) && element.decisionLogic?.$type === 'dmn:LiteralExpression',
      },
    ]
  }
}

function translate(template: string, replacements: Record<string, string> = {}): string {
  const words = language.value === 'en' ? template : (dmn_words[template] ?? template)
  return words.replace(/\{\s*(\w+)\s*\}/g, (whole, name: string) => replacements[name] ?? whole)
}

export interface DmnEditor {
  open: (xml: string, decision?: string) => Promise<void>
  text: () => Promise<string>
  /** Names of the decisions that can be edited. */
  names: () => string[]
  destroy: () => void
}

/** An editor inside `container`; `changed` is called after each change. */
export function makeEditor(container: HTMLElement, changed: () => void): DmnEditor {
  const words = { translate: ['value', translate] }
  const editor = new Editor({
    container,
    common: { additionalModules: [words] },
    decisionTable: { additionalModules: [words] },
    literalExpression: { additionalModules: [words] },
  })
  editor.on('viewer.created', ({ viewer }) => viewer?.on('elements.changed', changed))
  return {
    open: async (xml, decision) => {
      await editor.importXML(xml, { open: false })
      const views = editor.getViews()
      const wanted = views.find((view) => view.element.name === decision) ?? views[0]
      if (wanted) await editor.open(wanted)
    },
    text: async () => (await editor.saveXML({ format: true })).xml,
    names: () => editor.getViews().map((view) => view.element.name ?? view.element.id),
    destroy: () => editor.destroy(),
  }
}
