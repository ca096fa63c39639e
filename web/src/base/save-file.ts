// SPDX-License-Identifier: Apache-2.0
// Hands a file to the browser to be saved.

/** Offers `content` under `name`. */
export function saveFile(content: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 1000)
}
