// SPDX-License-Identifier: Apache-2.0
// Names the page in the window's title, and moves focus when the page changes.
import { nextTick, onScopeDispose, watch } from 'vue'
import { site } from './site'
import { pick } from './words'

/** Keeps the window's title as `title()` gives it, followed by the site's name. */
export function usePageTitle(title: () => string): void {
  const stop = watch(
    () => [title(), pick(site.value.name)],
    ([page, name]) => {
      document.title = page ? `${page} - ${name}` : name!
    },
    { immediate: true },
  )
  onScopeDispose(stop)
}

/** After a change of page a screen reader starts reading at the new content. */
export async function focusMain(): Promise<void> {
  await nextTick()
  document.getElementById('main')?.focus({ preventScroll: true })
}
