// SPDX-License-Identifier: Apache-2.0
import { describe } from 'vitest'
import { holdExamples } from '@/parts/testing/examples'
import CrumbTrail from './crumb-trail.vue'

describe('crumb-trail', () => {
  holdExamples('crumb-trail', CrumbTrail)
})
