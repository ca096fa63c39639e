// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { draw, holdExamples } from '@/parts/testing/examples'
import ModalDialog from './modal-dialog.vue'

describe('modal-dialog', () => {
  holdExamples('modal-dialog', ModalDialog)
  it('closes by its button', async () => {
    const box = draw(ModalDialog, { title: '确认', open: true })
    await box.find('.close').trigger('click')
    expect(box.emitted('close')).toHaveLength(1)
  })
})
