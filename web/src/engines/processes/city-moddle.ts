// SPDX-License-Identifier: Apache-2.0
// Our own vocabulary for the drawing tool: what the engine reads inside extensionElements.
const text = (name: string) => ({ name, type: 'String', isAttr: true })
const yes_no = (name: string) => ({ name, type: 'Boolean', isAttr: true })
const number = (name: string) => ({ name, type: 'Integer', isAttr: true })
const element = (name: string, properties: object[] = []) => ({ name, superClass: ['Element'], properties })

export const city_moddle = {
  name: 'City',
  prefix: 'city',
  uri: 'https://yiwang.dev/bpmn/1',
  xml: { tagAlias: 'lowerCase' },
  associations: [],
  types: [
    element('Deadline', [number('days'), text('calendar')]),
    element('Signing', [
      text('mode'),
      number('count'),
      number('percent'),
      yes_no('veto'),
      yes_no('sequential'),
      text('signers'),
      text('outcome'),
    ]),
    element('Return', [text('to'), text('steps')]),
    element('Applicant'),
    element('Message', [text('correlationKey'), text('variable')]),
    element('Variable', [text('name')]),
  ],
}
