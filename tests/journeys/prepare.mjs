// SPDX-License-Identifier: Apache-2.0
// Fills one demo city into the folder named, for all journeys to copy.
import { prepareCity } from './support.mjs'

await prepareCity(process.argv[2])
