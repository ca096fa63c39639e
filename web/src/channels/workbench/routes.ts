// SPDX-License-Identifier: Apache-2.0
// The pages of the officials' channel; all but the door need an official.
import { createRouter, createWebHistory } from 'vue-router'
import { focusMain } from '@/base/page'
import { account, isOfficial, knowAccount } from '@/base/session'
import TodoPage from './pages/todo-page.vue'

export const router = createRouter({
  history: createWebHistory('/workbench/'),
  routes: [
    { path: '/', component: TodoPage },
    { path: '/sign-in', component: () => import('./pages/sign-in-page.vue'), meta: { open: true } },
    { path: '/cases', component: () => import('./pages/cases-page.vue') },
    { path: '/cases/:id', component: () => import('./pages/case-page.vue') },
    { path: '/rooms/:id', component: () => import('@/engines/rooms/room-page.vue') },
    { path: '/things/:id', component: () => import('./pages/thing-page.vue') },
    { path: '/items/gaps', component: () => import('./pages/item-gaps-page.vue') },
    { path: '/desk', component: () => import('./pages/desk-page.vue') },
    { path: '/rate/:window', component: () => import('./pages/rate-page.vue'), meta: { bare: true } },
    { path: '/reviews', component: () => import('./pages/reviews-page.vue') },
    { path: '/supervision', component: () => import('./pages/supervision-page.vue') },
    { path: '/window', component: () => import('./pages/window-page.vue') },
    { path: '/elsewhere', component: () => import('./pages/elsewhere-page.vue') },
    { path: '/elsewhere/new', component: () => import('./pages/elsewhere-new-page.vue') },
    { path: '/elsewhere/:id', component: () => import('./pages/elsewhere-case-page.vue') },
    { path: '/exchange', component: () => import('./pages/exchange-page.vue') },
    { path: '/items', component: () => import('./pages/items-page.vue') },
    { path: '/items/:id', component: () => import('./pages/item-page.vue') },
    { path: '/certificates', component: () => import('./pages/certificates-page.vue') },
    { path: '/certificates/:id', component: () => import('./pages/certificate-page.vue') },
    { path: '/registrations', component: () => import('./pages/registrations-page.vue') },
    { path: '/registrations/:id', component: () => import('./pages/registration-page.vue') },
    { path: '/fleet', component: () => import('./pages/fleet-page.vue') },
    { path: '/compliance', component: () => import('./pages/compliance-page.vue') },
    { path: '/seals', component: () => import('./pages/seals-page.vue') },
    { path: '/seals/:id', component: () => import('./pages/seal-page.vue') },
    { path: '/seal-uses', component: () => import('./pages/seal-uses-page.vue') },
    { path: '/seal-uses/:id', component: () => import('./pages/seal-use-page.vue') },
    { path: '/trusted-roots', component: () => import('./pages/trusted-roots-page.vue') },
    { path: '/plan', component: () => import('./pages/plan-page.vue') },
    { path: '/plan/bulletin', component: () => import('./pages/bulletin-page.vue') },
    { path: '/plan/tasks/:id', component: () => import('./pages/plan-task-page.vue') },
    { path: '/decisions', component: () => import('./pages/decisions-page.vue') },
    { path: '/decisions/:name', component: () => import('./pages/decision-page.vue') },
    { path: '/organisations', component: () => import('./pages/organisations-page.vue') },
    { path: '/records', component: () => import('./pages/records-page.vue') },
    { path: '/records/:type', component: () => import('./pages/record-list-page.vue') },
    { path: '/records/:type/:id', component: () => import('./pages/record-page.vue') },
    { path: '/processes', component: () => import('./pages/process-list-page.vue') },
    {
      path: '/processes/tasks/:instance/:key/:seat',
      component: () => import('./pages/process-task-page.vue'),
    },
    { path: '/processes/instances/:id', component: () => import('./pages/process-instance-page.vue') },
    { path: '/processes/models/:id', component: () => import('./pages/process-model-page.vue') },
    { path: '/processes/versions/:id', component: () => import('./pages/process-version-page.vue') },
    { path: '/model', component: () => import('./pages/model-page.vue') },
    { path: '/audit', component: () => import('./pages/audit-page.vue') },
    { path: '/systems', component: () => import('./pages/systems-page.vue') },
    { path: '/account', component: () => import('./pages/account-page.vue') },
    { path: '/:rest(.*)*', component: () => import('./pages/missing-page.vue') },
  ],
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
})

router.beforeEach(async (to) => {
  if (to.meta.open) return true
  await knowAccount()
  if (account.value && isOfficial.value) return true
  return { path: '/sign-in', query: to.fullPath === '/' ? {} : { then: to.fullPath } }
})
router.afterEach((to, from) => {
  if (from.matched.length && to.path !== from.path) void focusMain()
})
