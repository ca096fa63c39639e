// SPDX-License-Identifier: Apache-2.0
// Keeps how a person wants to see pages in one cookie, so that the server may stamp the first paint.
import { reactive } from 'vue'
import { useLanguage, type Language } from './words'

const cookie_name = 'yiwang-view'
const one_year_s = 31536000

/** Large type, strong contrast and language as chosen on this device. */
export const view = reactive({ elder: false, contrast: false, language: 'zh-CN' as Language })

/** Reads the cookie and applies it; call once before the first paint. */
export async function restoreView(): Promise<void> {
  const found = document.cookie.split('; ').find((part) => part.startsWith(cookie_name + '='))
  const chosen = new URLSearchParams(decodeURIComponent(found?.slice(cookie_name.length + 1) ?? ''))
  const asked = new URLSearchParams(location.search)
  view.elder = (asked.get('elder') ?? chosen.get('elder')) === '1'
  view.contrast = (asked.get('contrast') ?? chosen.get('contrast')) === '1'
  view.language = (asked.get('lang') ?? chosen.get('lang')) === 'en' ? 'en' : 'zh-CN'
  await apply()
}

/** Changes one or more choices, shows them and remembers them. */
export async function changeView(next: Partial<typeof view>): Promise<void> {
  Object.assign(view, next)
  const value = new URLSearchParams()
  if (view.elder) value.set('elder', '1')
  if (view.contrast) value.set('contrast', '1')
  value.set('lang', view.language)
  document.cookie = `${cookie_name}=${encodeURIComponent(value.toString())};path=/;max-age=${one_year_s};SameSite=Lax`
  await apply()
}

async function apply(): Promise<void> {
  const page = document.documentElement
  page.toggleAttribute('data-elder', view.elder)
  page.toggleAttribute('data-contrast', view.contrast)
  await useLanguage(view.language)
}
