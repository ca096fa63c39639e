// SPDX-License-Identifier: Apache-2.0
// One application being filled in: its data, its draft on the server, its steps and their faults.
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import {
  api,
  rowsOf,
  type CasePaper,
  type Attachment,
  type ChosenCertificate,
  type Guide,
  type Material,
} from '@/base/api'
import { call, newKey, type Answer, type Problem } from '@/base/http'
import { account } from '@/base/session'
import { pick, say } from '@/base/words'
import { check, controlsOf, isShown, withValue, type Form, type Step } from '@/engines/forms/form'
import { valueAt, type Json } from '@/engines/forms/schema'
import { wordFaults, type WordedFault } from '@/engines/forms/words'
import {
  askSituation,
  bundlePapers,
  planBundle,
  type Bundle,
  type BundlePlan,
  type SituationAnswers,
} from '@/engines/situation/situation'

const save_after_ms = 1200

export interface Screen {
  kind: 'form' | 'materials' | 'check'
  title: string
  elements: Form['ui']
}

/** What is applied for: an item, perhaps in a known situation, or one thing that joins items. */
export interface ApplyingFor {
  item?: string
  bundle?: string
  answers?: SituationAnswers
}

export function useApplication(what: ApplyingFor) {
  const item_id = what.item ?? ''
  const guide = shallowRef<Guide>()
  const form = shallowRef<Form>({ schema: true, ui: [] })
  const data = shallowRef<Json>({})
  const materials = ref(new Map<string, Attachment[]>())
  /** Certificates of one's own that stand for materials. */
  const certificates = ref(new Map<string, ChosenCertificate>())
  /** Materials that are promised instead of handed in. */
  const promised = ref(new Set<string>())
  /** One thing: what was planned, and what the city writes from the answers. */
  const plan = shallowRef<BundlePlan>()
  const papers = shallowRef<CasePaper[]>([])
  const draft_id = ref<string>()
  const saved_at = ref<string>()
  const saving = ref<'no' | 'yes' | 'failed'>('no')
  const trouble = shallowRef<Problem>()
  const loading = ref(true)
  const continued = ref(false)
  const faults = shallowRef<WordedFault[]>([])
  const submit_key = newKey()
  /** The situation is not clear yet: there is no form to fill in. */
  const open_questions = ref(false)

  const needs = computed<Material[]>(() => guide.value?.materials ?? [])
  const screens = computed<Screen[]>(() => {
    const list: Screen[] = []
    const steps = form.value.ui.filter((element): element is Step => element.type === 'Step')
    if (steps.length) {
      for (const step of steps) {
        if (isShown(form.value, step.rule, data.value)) {
          list.push({
            kind: 'form',
            title: pick(step.title),
            elements: [...(step.text ? [{ type: 'Text' as const, text: step.text }] : []), ...step.elements],
          })
        }
      }
    } else if (form.value.ui.length) {
      list.push({ kind: 'form', title: say('case.form'), elements: form.value.ui })
    }
    if (needs.value.length) list.push({ kind: 'materials', title: say('apply.materials'), elements: [] })
    list.push({ kind: 'check', title: say('apply.check'), elements: [] })
    return list
  })

  async function openBundle(bundle: string): Promise<number> {
    const [about, asked] = await Promise.all([
      api.record<Bundle>('bundle', bundle),
      planBundle(bundle, what.answers ?? {}),
    ])
    if (!about.ok) return fail(about.error)
    if (!asked.ok) return fail(asked.error)
    guide.value = { ...about.value, code: '', materials: asked.value.materials ?? [] } as unknown as Guide
    open_questions.value = !asked.value.form
    plan.value = asked.value
    if (asked.value.form) form.value = asked.value.form as Form
    loading.value = false
    prefill()
    return 0
  }
  async function open(wanted_draft: string | undefined): Promise<number> {
    if (what.bundle) return openBundle(what.bundle)
    const found = await api.guide(item_id)
    if (!found.ok) return fail(found.error)
    guide.value = found.value
    if (what.answers && found.value.guide) {
      const asked = await askSituation(item_id, what.answers)
      if (!asked.ok) return fail(asked.error)
      if (asked.value.materials) guide.value = { ...found.value, materials: asked.value.materials }
    }
    let body =
      found.value.form_body ??
      (typeof found.value.form === 'object' ? (found.value.form as never) : undefined)
    if (!body && typeof found.value.form === 'string' && found.value.form) {
      const asked = await api.form(found.value.form)
      if (!asked.ok) return fail(asked.error)
      body = asked.value
    }
    if (body) form.value = { schema: body.schema, ui: body.ui } as Form
    const drafts = wanted_draft ? undefined : await api.drafts()
    const known =
      wanted_draft ?? (drafts?.ok ? rowsOf(drafts.value).find((one) => one.item === item_id)?.id : undefined)
    const draft = known ? await api.draft(known) : undefined
    loading.value = false
    if (draft?.ok) {
      draft_id.value = draft.value.id
      data.value = (draft.value.data ?? {}) as Json
      saved_at.value = draft.value.updated_at
      continued.value = true
      for (const one of draft.value.materials ?? []) {
        materials.value.set(one.material, one.attachments)
        if (one.from) certificates.value.set(one.material, one.from)
      }
      return Math.min(draft.value.step ?? 0, screens.value.length - 1)
    }
    prefill()
    return 0
  }
  function fail(error: Problem): number {
    trouble.value = error
    loading.value = false
    return 0
  }
  function prefill(): void {
    const known: Record<string, unknown> = { ...account.value, tel: account.value?.mobile }
    for (const { control, pointer } of controlsOf(form.value.ui, data.value)) {
      const given = known[control.options?.prefill ?? control.options?.autocomplete ?? '']
      if (typeof given === 'string' && given && valueAt(data.value, pointer) === undefined) {
        data.value = withValue(data.value, pointer, given)
      }
    }
  }

  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<boolean> | undefined
  let dirty = false
  let step_now = 0
  function change(pointer: string, value: Json | undefined): void {
    data.value = withValue(data.value, pointer, value)
    faults.value = faults.value.filter((fault) => fault.pointer !== pointer)
    later()
  }
  function attach(material: string, files: Attachment[]): void {
    materials.value = new Map(materials.value).set(material, files)
    faults.value = []
    later()
  }
  function stand(material: string, certificate: ChosenCertificate | undefined): void {
    const next = new Map(certificates.value)
    if (certificate) next.set(material, certificate)
    else next.delete(material)
    certificates.value = next
    faults.value = []
    later()
  }
  function promise(material: string, given: boolean): void {
    const next = new Set(promised.value)
    if (given) next.add(material)
    else next.delete(material)
    promised.value = next
    faults.value = []
  }
  /** Asks for what the city would write; called before everything is checked once more. */
  async function preview(): Promise<void> {
    if (!what.bundle || !plan.value?.left_out?.some((one) => one.why === 'written')) return
    const answer = await bundlePapers(what.bundle, what.answers ?? {}, check(form.value, data.value).data)
    papers.value = answer.ok ? answer.value.rows : []
  }
  const handed = (material: string) =>
    !!materials.value.get(material)?.length || certificates.value.has(material)
  const given = (material: string) => handed(material) || promised.value.has(material)
  /** What may follow and is not there yet, with its days. */
  const to_follow = computed(() =>
    needs.value.filter((need) => need.required && need.accept_missing && !given(need.name)),
  )
  function later(): void {
    dirty = true
    clearTimeout(timer)
    timer = setTimeout(() => void save(step_now), save_after_ms)
  }
  function materialList() {
    return [...new Set([...materials.value.keys(), ...certificates.value.keys()])]
      .filter(handed)
      .map((material) => ({
        material,
        attachments: materials.value.get(material) ?? [],
        from: certificates.value.get(material),
      }))
  }
  /** Saves now; saves after one another, never two at once. */
  async function save(step: number): Promise<boolean> {
    step_now = step
    clearTimeout(timer)
    if (running) await running
    running = send(step)
    const fine = await running
    running = undefined
    return fine
  }
  async function send(step: number): Promise<boolean> {
    if (what.bundle) return true
    saving.value = 'yes'
    dirty = false
    const body = {
      item: item_id,
      data: data.value as Record<string, unknown>,
      materials: materialList(),
      step,
    }
    const answer = draft_id.value ? await api.saveDraft(draft_id.value, body) : await api.newDraft(body)
    saving.value = answer.ok ? 'no' : 'failed'
    if (answer.ok) {
      draft_id.value = answer.value?.id ?? draft_id.value
      saved_at.value = answer.value?.updated_at ?? new Date().toISOString()
    } else {
      dirty = true
    }
    return answer.ok
  }
  /** A file must belong to a draft, so the draft is made first. */
  async function upload(file: File): Promise<Answer<Attachment>> {
    if (!draft_id.value && !what.bundle) await save(step_now)
    return api.attach(file, { draft: draft_id.value })
  }
  onScopeDispose(() => {
    clearTimeout(timer)
    if (dirty) void send(step_now)
  })

  /** What is wrong on one screen; the last screen answers for all of them. */
  function faultsOf(at: number): WordedFault[] {
    const screen = screens.value[at]
    if (!screen) return []
    if (screen.kind === 'materials') {
      return needs.value
        .map((need, index) => ({ need, index }))
        .filter(({ need }) => need.required && !need.accept_missing && !given(need.name))
        .map(({ need, index }) => ({
          pointer: `/materials/${index}`,
          text: say('apply.material_missing', { name: need.name }),
          target: `material-${index}`,
        }))
    }
    const outcome = check(form.value, data.value)
    const all = wordFaults(form.value, outcome.data, outcome.errors)
    if (screen.kind === 'check') return all
    const own = new Set(controlsOf(screen.elements, outcome.data).map((one) => one.pointer))
    return all.filter((fault) => own.has(fault.pointer))
  }
  async function submit(): Promise<Answer<{ id: string }>> {
    clearTimeout(timer)
    if (running) await running
    dirty = false
    const outcome = check(form.value, data.value)
    const list = materialList().map((one) => ({
      material: one.material,
      attachments: one.attachments.map((file) => file.id),
      certificate: one.from?.id,
    }))
    if (what.bundle) {
      return call<{ id: string }>('/api/bundle-cases', {
        method: 'POST',
        key: submit_key,
        body: { bundle: what.bundle, answers: what.answers ?? {}, data: outcome.data, materials: list },
      })
    }
    return api.submit(
      {
        item: item_id,
        draft: draft_id.value,
        data: outcome.data as Record<string, unknown>,
        situation: what.answers,
        materials: list,
        promised: [...promised.value].filter((material) => !handed(material)),
      },
      submit_key,
    )
  }
  return {
    guide,
    form,
    data,
    materials,
    certificates,
    promised,
    to_follow,
    plan,
    papers,
    needs,
    screens,
    loading,
    trouble,
    saved_at,
    saving,
    continued,
    faults,
    draft_id,
    open_questions,
    open,
    change,
    attach,
    stand,
    promise,
    preview,
    save,
    upload,
    faultsOf,
    submit,
  }
}
