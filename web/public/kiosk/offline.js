// SPDX-License-Identifier: Apache-2.0
// Asks every five seconds whether the city is there again.
async function back() {
  try {
    const answer = await fetch('/readyz', { cache: 'no-store' })
    if (answer.ok) location.replace('/kiosk/')
  } catch {
    // still gone
  }
}
document.getElementById('again').addEventListener('click', back)
setInterval(back, 5000)
