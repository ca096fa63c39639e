// SPDX-License-Identifier: Apache-2.0
// The pages of the enterprises' channel; matters and certificates are those of the chosen enterprise.
import { createRouter, createWebHistory } from 'vue-router'
import { actFor } from '@/base/http'
import { focusMain } from '@/base/page'
import { account, knowAccount } from '@/base/session'
import { company, knowCompanies, memberships } from './company'
import HomePage from './pages/home-page.vue'

const own = { signed: true, company: true }
export const router = createRouter({
  history: createWebHistory('/enterprise/'),
  routes: [
    { path: '/', component: HomePage, meta: { signed: true } },
    { path: '/sign-in', component: () => import('@/engines/portal/pages/sign-in-page.vue') },
    { path: '/search', component: () => import('@/engines/portal/pages/search-page.vue') },
    { path: '/items/:id', component: () => import('@/engines/portal/pages/guide-page.vue') },
    { path: '/apply/:item', component: () => import('@/engines/portal/pages/apply-page.vue'), meta: own },
    { path: '/cases', component: () => import('@/engines/portal/pages/cases-page.vue'), meta: own },
    { path: '/cases/:id', component: () => import('@/engines/portal/pages/case-page.vue'), meta: own },
    { path: '/cases/:id/done', component: () => import('@/engines/portal/pages/done-page.vue'), meta: own },
    {
      path: '/certificates',
      component: () => import('@/engines/portal/pages/certificates-page.vue'),
      meta: own,
    },
    {
      path: '/certificates/:id',
      component: () => import('@/engines/portal/pages/certificate-page.vue'),
      meta: own,
    },
    {
      path: '/authorisations',
      component: () => import('@/engines/portal/pages/authorisations-page.vue'),
      meta: own,
    },
    { path: '/messages', component: () => import('@/engines/portal/pages/messages-page.vue'), meta: own },
    { path: '/staff', component: () => import('./pages/staff-page.vue'), meta: own },
    { path: '/company', component: () => import('./pages/company-page.vue'), meta: own },
    { path: '/policies', component: () => import('./pages/policies-page.vue'), meta: { signed: true } },
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
    {
      path: '/seals',
      component: () => import('@/engines/portal/pages/seals-page.vue'),
      meta: { signed: true },
    },
    { path: '/notices', component: () => import('@/engines/portal/pages/notices-page.vue') },
    { path: '/reviews', component: () => import('@/engines/portal/pages/reviews-page.vue') },
    { path: '/accessibility', component: () => import('@/engines/portal/pages/accessibility-page.vue') },
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
    { path: '/:rest(.*)*', component: () => import('@/engines/portal/pages/missing-page.vue') },
  ],
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
})

router.beforeEach(async (to) => {
  if (!to.meta.signed) return true
  await knowAccount()
  if (!account.value) return { path: '/sign-in', query: { then: to.fullPath } }
  if (!memberships.value) await knowCompanies()
  // One's own account and founding another enterprise are one's own matters.
  actFor(to.meta.company && company.value ? company.value.enterprise : null)
  return !to.meta.company || company.value ? true : '/'
})
router.afterEach((to, from) => {
  if (from.matched.length && to.path !== from.path) void focusMain()
})
