// SPDX-License-Identifier: Apache-2.0
// What the table editor leaves out for those who cannot see it: names, roles and a way in by keyboard,
// put onto its elements after each drawing.

/** Words for the nameless parts of the editor. */
export interface AccessWords {
  table: string
  cell: (row: number, column: string) => string
  rule: (number: number) => string
  bad: string
}

/** Gives each editable part a role and a name; safe to call again after every change. */
export function nameParts(root: HTMLElement, words: AccessWords, bad_rules: Set<string>): void {
  const set = (element: Element, name: string, value: string) => {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value)
  }
  const table = root.querySelector('table')
  if (table) set(table, 'aria-label', words.table)
  const heads = [...root.querySelectorAll('thead th')].map((head) => head.textContent?.trim() ?? '')
  for (const head of root.querySelectorAll('thead th'))
    if (!head.textContent?.trim()) set(head, 'role', 'presentation') // it heads nothing but numbers
  root.querySelectorAll('tbody tr').forEach((row, at) => {
    row.querySelectorAll('td').forEach((cell, column) => {
      const field = cell.querySelector('[contenteditable], textarea, input')
      if (!field) return
      const name = words.cell(at + 1, heads[column] ?? String(column))
      set(field, 'aria-label', name)
      if (field.hasAttribute('contenteditable')) {
        set(field, 'role', 'textbox')
        set(field, 'aria-multiline', 'true')
      }
    })
    const index = row.querySelector('.rule-index')
    if (index) {
      const id = index.getAttribute('data-row-id') ?? ''
      const bad = bad_rules.has(id)
      index.classList.toggle('rule-bad', bad)
      set(index, 'title', bad ? words.bad : words.rule(at + 1))
    }
  })
  for (const field of root.querySelectorAll('[contenteditable]:not([aria-label])')) {
    set(field, 'role', 'textbox')
    set(field, 'aria-label', field.closest('[title]')?.getAttribute('title') ?? words.table)
  }
  for (const button of root.querySelectorAll('button:not([aria-label])'))
    if (!button.textContent?.trim()) set(button, 'aria-label', button.getAttribute('title') ?? words.table)
  for (const select of root.querySelectorAll('select:not([aria-label]), input:not([aria-label])'))
    set(select, 'aria-label', select.closest('[title]')?.getAttribute('title') ?? words.table)
}
