// SPDX-License-Identifier: Apache-2.0
// What a person types into a form, found from the form's own schema.
const day = () => '1990-06-15'

function valueFor(schema, name, who, defs) {
  if (schema.$ref) return valueFor(defs[schema.$ref.split('/').pop()] ?? {}, name, who, defs)
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  switch (schema.type) {
    case 'boolean':
      return false
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 1, 1)
    case 'array':
      return Array.from({ length: schema.minItems ?? 1 }, () => valueFor(schema.items ?? {}, name, who, defs))
    case 'object':
      return answersFor(schema, who)
    default:
  }
  switch (schema.format) {
    case 'cn-id':
      return who.id_number
    case 'mobile':
      return who.mobile
    case 'date':
      return day()
    case 'email':
      return 'somebody@example.com'
    default:
  }
  if (name === 'applicant_name' || name === 'name') return who.name
  if (schema.pattern?.includes('[0-9]')) return '123456789012'
  const words = '办理所申请的事项'
  return words.repeat(Math.ceil((schema.minLength ?? 2) / words.length)).slice(0, Math.max(schema.minLength ?? 0, Math.min(8, schema.maxLength ?? 8)))
}

/** Answers to what the schema requires; nobody is acted for, nothing optional is filled in. */
export function answersFor(schema, who, defs = schema.$defs ?? {}) {
  const answers = {}
  for (const name of schema.required ?? []) answers[name] = valueFor(schema.properties?.[name] ?? {}, name, who, defs)
  for (const rule of schema.allOf ?? [])
    for (const name of rule.then?.required ?? []) {
      const [asked, wanted] = Object.entries(rule.if?.properties ?? {})[0] ?? []
      if (asked !== undefined && answers[asked] === wanted.const && answers[name] === undefined)
        answers[name] = valueFor(schema.properties?.[name] ?? {}, name, who, defs)
    }
  return answers
}
