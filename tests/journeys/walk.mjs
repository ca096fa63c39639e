// SPDX-License-Identifier: Apache-2.0
// What a person without a mouse, with large letters or a narrow screen meets: each control reached with Tab and
// seen when it is, nothing cut off, nothing wider than the screen, dialogs that keep focus and give it back.
import { accessible, fits } from './support.mjs'

/** Runs in the page: numbers all that can be pressed in `within`; answers how many presses of Tab reach them. */
function mark(within) {
  for (const old of document.querySelectorAll('[data-walk]')) delete old.dataset.walk
  document.activeElement?.blur()
  const groups = new Set()
  let count = 0
  for (const one of (within ? document.querySelector(within) : document).querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')) {
    const box = one.getBoundingClientRect()
    const shown = one.checkVisibility({ visibilityProperty: true }) && (box.width > 0 || box.height > 0)
    if (!shown || one.disabled || one.tabIndex < 0 || one.matches('summary:not(details > summary)')) continue
    if (!within && document.querySelector('dialog:modal') && !one.closest('dialog:modal')) continue
    // One of a group of radios is reached with Tab, the others with arrows.
    if (one.type === 'radio') {
      if (groups.has(one.name)) continue
      groups.add(one.name)
    }
    one.dataset.walk = String((count += 1))
    one.dataset.walkShadow = getComputedStyle(one).boxShadow
  }
  return count
}
/** Runs in the page: where focus is, whether that is marked, and whether a person can see the control. */
function where() {
  const one = document.activeElement
  if (!one || one === document.body) return { at: '', seen: true, text: '' }
  const group = one.type === 'radio' ? document.querySelector(`input[name="${CSS.escape(one.name)}"][data-walk]`) : one
  const style = getComputedStyle(one)
  // A box drawn over its own control, or its label, carries the ring for it.
  const label = one.labels?.[0] && getComputedStyle(one.labels[0])
  const ringed = (drawn) => drawn && drawn.outlineStyle !== 'none' && parseFloat(drawn.outlineWidth) > 0
  const ring = ringed(style) || ringed(label) || style.boxShadow !== (group?.dataset.walkShadow ?? 'none')
  const box = one.getBoundingClientRect()
  const inset = (from, to, part) => from + (to - from) * part
  const points = [0.1, 0.5, 0.9].flatMap((across) => [0.2, 0.5, 0.8].map((down) => [inset(box.left, box.right, across), inset(box.top, box.bottom, down)]))
  const uncovered = points.some(([x, y]) => {
    const top = document.elementFromPoint(x, y)
    return top && (one.contains(top) || top.contains(one) || [...(one.labels ?? [])].some((each) => each.contains(top)))
  })
  return {
    at: group?.dataset.walk ?? '',
    seen: ring && box.bottom > 0 && box.top < innerHeight && uncovered,
    text: `${one.tagName} ${one.id || one.className} "${(one.textContent || one.getAttribute('aria-label') || '').trim().slice(0, 24)}"${ring ? '' : ' no ring'}${uncovered ? '' : ' covered'}`,
  }
}

/** Walks the page, or what `within` names, with Tab from its beginning; answers each fault as a sentence. */
export async function walk(who, within) {
  const wanted = await who.page.evaluate(mark, within)
  const reached = new Set()
  const faults = []
  let order = []
  for (let step = 0; step < wanted + 12 && reached.size < wanted; step += 1) {
    await who.page.keyboard.press('Tab')
    const found = await who.page.evaluate(where)
    if (found.at && !reached.has(found.at)) order.push(Number(found.at))
    if (found.at) reached.add(found.at)
    if (!found.seen) faults.push(`focused but not seen: ${found.text}`)
  }
  // One more press leaves the last one: what holds focus for good is a trap.
  const before = await who.page.evaluate(where)
  await who.page.keyboard.press('Tab')
  const after = await who.page.evaluate(where)
  if (wanted > 1 && before.at && before.at === after.at) faults.push(`focus does not leave: ${after.text}`)
  if (order.some((at, place) => place && at < order[place - 1] && order[place - 1] - at < wanted - 1)) faults.push(`focus jumps about: ${order.join(' ')}`)
  const missed = await who.page.evaluate(
    (known) => [...document.querySelectorAll('[data-walk]')].filter((one) => !known.includes(one.dataset.walk)).map((one) => `${one.tagName} ${one.id || one.className} "${one.textContent.trim().slice(0, 24)}"`),
    [...reached],
  )
  faults.push(...missed.map((one) => `never reached with Tab: ${one}`))
  return [...new Set(faults)]
}
/** Texts that do not fit into a box that hides what is too much. */
async function cut(who) {
  const found = await who.page.evaluate(() =>
    [...document.querySelectorAll('main *, dialog[open] *')]
      .filter((one) => !one.closest('.unseen, svg, select') && ['hidden', 'clip'].includes(getComputedStyle(one).overflowX))
      .filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 1 && one.textContent.trim())
      .map((one) => `${one.tagName} ${one.className} "${one.textContent.trim().slice(0, 30)}"`),
  )
  return found.map((one) => `cut off: ${one}`)
}
/** In English the words of the product are English; what a person or a declaration wrote may be Chinese. */
async function keys(who) {
  const found = await who.page.evaluate(() => document.body.innerText.match(/\b[a-z]+(?:_[a-z]+)*\.[a-z]+(?:_[a-z0-9]+)+\b/g) ?? [])
  return found.map((one) => `a key without words: ${one}`)
}
async function held(check) {
  try {
    await check()
    return []
  } catch (error) {
    return [error.message.split('\n').slice(0, 12).join(' ').slice(0, 600)]
  }
}
/** Waits until the page has what it asked for. */
export async function still(who) {
  await who.page.locator('h1').first().waitFor({ state: 'attached', timeout: 5_000 })
  await who.page.waitForFunction(() => !document.querySelector('.state-view .bars'))
}
/** All that is asked of what is on screen, as sentences; none when it is well. `tab` walks it as well. */
export async function examine(who, name, { tab = true, within } = {}) {
  const faults = [
    ...(await held(() => fits(who, 'width'))),
    ...(await cut(who)),
    ...(await keys(who)),
    ...(await held(() => accessible(who, 'axe'))),
    ...(tab ? await walk(who, within) : []),
  ]
  await who.shot(name)
  return faults.map((one) => `${name}: ${one}`)
}
/** The page in 320 px of CSS: it reflows, nothing sideways. */
export async function narrow(who, name) {
  const before = who.page.viewportSize()
  await who.page.setViewportSize({ width: 320, height: 640 })
  const faults = [...(await held(() => fits(who, '320 px'))), ...(await cut(who))]
  await who.page.setViewportSize(before)
  return faults.map((one) => `${name} at 320 px: ${one}`)
}
/**
 * Opens a dialog by keyboard, walks it, closes it with Escape and looks where focus went. Answers its heading and
 * the faults. `opener` is pressed with Enter.
 */
export async function dialogue(who, name, opener) {
  const faults = []
  const button = who.page.locator(opener).first()
  await button.waitFor()
  await button.focus()
  await who.page.keyboard.press('Enter')
  const dialog = who.page.locator('dialog[open]').first()
  await dialog.waitFor()
  await who.page.waitForFunction(() => !document.querySelector('dialog[open] .state-view .bars'))
  const title = (await dialog.locator('h2').first().textContent()).trim()
  if (!(await dialog.evaluate((one) => one.contains(document.activeElement)))) faults.push(`${name}: focus does not enter the dialog`)
  faults.push(...(await examine(who, name, { within: 'dialog[open]' })))
  // Behind a modal dialog nothing takes focus.
  for (let step = 0; step < 4; step += 1) {
    await who.page.keyboard.press('Tab')
    const inside = await dialog.evaluate((one) => document.activeElement === document.body || one.contains(document.activeElement))
    if (!inside) faults.push(`${name}: Tab leaves the dialog for the page behind it`)
  }
  await who.page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' }).catch(() => faults.push(`${name}: Escape does not close it`))
  if (!(await button.evaluate((one) => one === document.activeElement))) faults.push(`${name}: focus does not return to what opened it`)
  return { title, faults }
}
