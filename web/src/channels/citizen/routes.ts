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
    { path: '/search', component: () => import('./pages/search-page.vue') },
    { path: '/items/:id', component: () => import('./pages/guide-page.vue') },
    { path: '/sign-in', component: () => import('./pages/sign-in-page.vue') },
    { path: '/apply/:item', component: () => import('./pages/apply-page.vue'), meta: { signed: true } },
    { path: '/bundles/:id', component: () => import('./pages/bundle-page.vue') },
    {
      path: '/bundles/:bundle/apply',
      component: () => import('./pages/apply-page.vue'),
      meta: { signed: true },
    },
    { path: '/things/:id', component: () => import('./pages/thing-page.vue'), meta: { signed: true } },
    { path: '/halls', component: () => import('./pages/halls-page.vue') },
    { path: '/halls/:id', component: () => import('./pages/hall-page.vue') },
    { path: '/halls/:id/screen', component: () => import('./pages/screen-page.vue'), meta: { bare: true } },
    { path: '/reviews', component: () => import('./pages/reviews-page.vue') },
    { path: '/rate', component: () => import('./pages/rate-page.vue') },
    { path: '/messages', component: () => import('./pages/messages-page.vue'), meta: { signed: true } },
    { path: '/cases', component: () => import('./pages/cases-page.vue'), meta: { signed: true } },
    { path: '/cases/:id', component: () => import('./pages/case-page.vue'), meta: { signed: true } },
    { path: '/cases/:id/done', component: () => import('./pages/done-page.vue'), meta: { signed: true } },
    { path: '/account', component: () => import('./pages/account-page.vue'), meta: { signed: true } },
    {
      path: '/certificates',
      component: () => import('./pages/certificates-page.vue'),
      meta: { signed: true },
    },
    {
      path: '/certificates/:id',
      component: () => import('./pages/certificate-page.vue'),
      meta: { signed: true },
    },
    {
      path: '/authorisations',
      component: () => import('./pages/authorisations-page.vue'),
      meta: { signed: true },
    },
    { path: '/my-data', component: () => import('./pages/my-data-page.vue'), meta: { signed: true } },
    { path: '/seals', component: () => import('./pages/seals-page.vue'), meta: { signed: true } },
    { path: '/register', component: () => import('./pages/register-page.vue'), meta: { signed: true } },
    {
      path: '/registrations',
      component: () => import('./pages/registrations-page.vue'),
      meta: { signed: true },
    },
    {
      path: '/registrations/:id',
      component: () => import('./pages/registration-page.vue'),
      meta: { signed: true },
    },
    { path: '/notices', component: () => import('./pages/notices-page.vue') },
    { path: '/check', component: () => import('./pages/check-page.vue') },
    { path: '/accessibility', component: () => import('./pages/accessibility-page.vue') },
    { path: '/:rest(.*)*', component: () => import('./pages/missing-page.vue') },
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
