// SPDX-License-Identifier: Apache-2.0
// The pages of a self-service machine.
import { createRouter, createWebHistory } from 'vue-router'
import { focusMain } from '@/base/page'
import { account, knowAccount } from '@/base/session'
import HomePage from './pages/home-page.vue'

export const router = createRouter({
  history: createWebHistory('/kiosk/'),
  routes: [
    { path: '/', component: HomePage },
    { path: '/sign-in', component: () => import('@/engines/portal/pages/sign-in-page.vue') },
    { path: '/search', component: () => import('@/engines/portal/pages/search-page.vue') },
    { path: '/items/:id', component: () => import('@/engines/portal/pages/guide-page.vue') },
    {
      path: '/apply/:item',
      component: () => import('@/engines/portal/pages/apply-page.vue'),
      meta: { signed: true },
    },
    { path: '/cases', component: () => import('./pages/progress-page.vue'), meta: { signed: true } },
    {
      path: '/cases/:id',
      component: () => import('@/engines/portal/pages/case-page.vue'),
      meta: { signed: true },
    },
    {
      path: '/cases/:id/done',
      component: () => import('@/engines/portal/pages/done-page.vue'),
      meta: { signed: true },
    },
    {
      path: '/certificates',
      component: () => import('@/engines/portal/pages/certificates-page.vue'),
      meta: { signed: true },
    },
    {
      path: '/certificates/:id',
      component: () => import('@/engines/portal/pages/certificate-page.vue'),
      meta: { signed: true },
    },
    {
      path: '/register',
      component: () => import('@/engines/portal/pages/register-page.vue'),
      meta: { signed: true },
    },
    {
      path: '/registrations',
      component: () => import('@/engines/portal/pages/registrations-page.vue'),
      meta: { signed: true },
    },
    {
      path: '/registrations/:id',
      component: () => import('@/engines/portal/pages/registration-page.vue'),
      meta: { signed: true },
    },
    { path: '/notices', component: () => import('@/engines/portal/pages/notices-page.vue') },
    { path: '/devices', component: () => import('./pages/devices-page.vue') },
    { path: '/:rest(.*)*', component: () => import('@/engines/portal/pages/missing-page.vue') },
  ],
  scrollBehavior: () => ({ top: 0 }),
})

router.beforeEach(async (to) => {
  if (!to.meta.signed) return true
  await knowAccount()
  return account.value ? true : { path: '/sign-in', query: { then: to.fullPath } }
})
router.afterEach((to, from) => {
  if (from.matched.length && to.path !== from.path) void focusMain()
})
