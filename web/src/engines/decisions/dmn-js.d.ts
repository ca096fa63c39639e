// SPDX-License-Identifier: Apache-2.0
// The doors of dmn-js that are used here; the packages bring no types of their own.
declare module 'dmn-js-shared/lib/base/EditingManager' {
  export interface View {
    id: string
    name: string
    type: string
    element: { id: string; name?: string; $type: string; decisionLogic?: { $type: string } }
  }
  export interface Viewer {
    on(event: string, handler: (event: unknown) => void): void
    get<T>(name: string): T
  }
  export default class EditingManager {
    constructor(options: Record<string, unknown>)
    importXML(xml: string, options?: { open?: boolean }): Promise<{ warnings: unknown[] }>
    saveXML(options?: { format?: boolean }): Promise<{ xml: string }>
    getViews(): View[]
    open(view: View): Promise<{ warnings: unknown[] }>
    getActiveView(): View | undefined
    getActiveViewer(): Viewer | undefined
    on(event: string, handler: (event: { viewer?: Viewer }) => void): void
    attachTo(parent: HTMLElement): void
    destroy(): void
  }
}
declare module 'dmn-js-decision-table/lib/Editor' {
  const Editor: new (...args: never[]) => unknown
  export default Editor
}
declare module 'dmn-js-literal-expression/lib/Editor' {
  const Editor: new (...args: never[]) => unknown
  export default Editor
}
