// SPDX-License-Identifier: Apache-2.0
// When the network is gone a machine shows a page that says so and comes back by itself. Nothing that people
// type or read is ever kept here.
const kept = 'kiosk-offline-1'
const files = ['/kiosk/offline.html', '/kiosk/offline.css', '/kiosk/offline.js', '/mark.svg']
self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(kept).then((cache) => cache.addAll(files)).then(() => self.skipWaiting()))
})
self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim())
})
self.addEventListener('fetch', (event) => {
  const address = new URL(event.request.url)
  if (event.request.mode === 'navigate')
    event.respondWith(fetch(event.request).catch(() => caches.match('/kiosk/offline.html')))
  else if (files.includes(address.pathname))
    event.respondWith(fetch(event.request).catch(() => caches.match(address.pathname)))
})
