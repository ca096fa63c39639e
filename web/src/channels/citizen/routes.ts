// SPDX-License-Identifier: Apache-2.0
// The pages of the citizens' channel and which of them need somebody signed in.
import { createRouter, createWebHistory } from 'vue-router'
import { focusMain } from '@/base/page'
import { account, knowAccount } from '@/base/session'
import HomePage from './pages/home-page.vue'

export const router = createRouter({
  history: createWebHistory('/'),
  routes: [
    { path: '/', component: HomePage },
    { path: '/search', component: () => import('@/engines/portal/pages/search-page.vue') },
    { path: '/items/:id', component: () => import('@/engines/portal/pages/guide-page.vue') },
    { path: '/sign-in', component: () => import('@/engines/portal/pages/sign-in-page.vue') },
    {
      path: '/apply/:item',
      component: () => import('@/engines/portal/pages/apply-page.vue'),
      meta: { signed: true },
    },
    { path: '/bundles/:id', component: () => import('@/engines/portal/pages/bundle-page.vue') },
    {
      path: '/bundles/:bundle/apply',
      component: () => import('@/engines/portal/pages/apply-page.vue'),
      meta: { signed: true },
    },
    {
      path: '/things/:id',
      component: () => import('@/engines/portal/pages/thing-page.vue'),
      meta: { signed: true },
    },
    { path: '/halls', component: () => import('@/engines/portal/pages/halls-page.vue') },
    { path: '/halls/:id', component: () => import('@/engines/portal/pages/hall-page.vue') },
    { path: '/halls/:id/screen', component: () => import('./pages/screen-page.vue'), meta: { bare: true } },
    { path: '/reviews', component: () => import('@/engines/portal/pages/reviews-page.vue') },
    { path: '/rate', component: () => import('@/engines/portal/pages/rate-page.vue') },
    {
      path: '/messages',
      component: () => import('@/engines/portal/pages/messages-page.vue'),
      meta: { signed: true },
    },
    {
      path: '/cases',
      component: () => import('@/engines/portal/pages/cases-page.vue'),
      meta: { signed: true },
    },
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
      path: '/rooms/:id',
      component: () => import('@/engines/rooms/room-page.vue'),
      meta: { signed: true },
    },
    {
      path: '/account',
      component: () => import('@/engines/portal/pages/account-page.vue'),
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
      path: '/authorisations',
      component: () => import('@/engines/portal/pages/authorisations-page.vue'),
      meta: { signed: true },
    },
    {
      path: '/my-data',
      component: () => import('@/engines/portal/pages/my-data-page.vue'),
      meta: { signed: true },
    },
    {
      path: '/register',
      component: () => import('@/engines/portal/pages/register-page.vue'),
      meta: { signed: true },
    },
    {
      path: '/seals',
      component: () => import('@/engines/portal/pages/seals-page.vue'),
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
    { path: '/card', component: () => import('./pages/card-page.vue'), meta: { signed: true } },
    { path: '/code', component: () => import('./pages/code-page.vue'), meta: { signed: true } },
    { path: '/family', component: () => import('./pages/family-page.vue'), meta: { signed: true } },
    { path: '/check', component: () => import('./pages/check-page.vue') },
    { path: '/accessibility', component: () => import('@/engines/portal/pages/accessibility-page.vue') },
    { path: '/:rest(.*)*', component: () => import('@/engines/portal/pages/missing-page.vue') },
  ],
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
})

router.beforeEach(async (to) => {
  if (!to.meta.signed) return true
  await knowAccount()
  return account.value ? true : { path: '/sign-in', query: { then: to.fullPath } }
})
router.afterEach((to, from) => {
  if (from.matched.length && to.path !== from.path) void focusMain()
})
