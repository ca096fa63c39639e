// SPDX-License-Identifier: Apache-2.0
// Made by `yiwang api --client web/src/base/client.ts` from the interface's description.
import { call, type Answer, type Call } from './http'

type Rest = Omit<Call, 'method' | 'body'>
type Asked<Q> = Omit<Rest, 'query'> & { query?: Q }
const at = encodeURIComponent
export type Act = { reason?: string; note?: string; task?: string; step?: string; people?: (string)[]; data?: Record<string, unknown>; materials?: unknown[]; days?: number; kind?: string }
export type Answers = { answers?: Record<string, unknown> }
export type Application = { item: string; draft?: string; data: Record<string, unknown>; situation?: Record<string, unknown>; materials?: ({ material: string; attachments?: (string)[]; certificate?: string; paper?: boolean })[]; promised?: (string)[]; applicant?: Record<string, unknown> }
export type Appointment = { business: string; day?: string; slot?: string }
export type BundleApplication = { bundle: string; answers?: Record<string, unknown>; data: Record<string, unknown>; materials?: unknown[]; applicant?: Record<string, unknown>; delivery?: string }
export type ChangePassword = { old: string; new: string }
export type DecisionDraft = { xml?: string; tests?: unknown[]; reason: string }
export type DecisionText = { xml: string; decision?: string }
export type DecisionTrial = { xml?: string; version?: number; decision?: string; inputs: Record<string, unknown> }
export type Draft = { item?: string; data?: Record<string, unknown>; materials?: unknown[]; step?: number }
export type MoveClock = { seconds: number }
export type NewDecision = { name: string; label: Record<string, unknown>; purpose?: string; decision?: string; basis?: string; xml: string; tests?: unknown[]; reason: string }
export type NewToken = { name: string; scope?: 'read' | 'write'; days?: number }
export type Page = { rows: (Row)[]; next: string | null; total?: number }
export type Password = { password: string }
export type Problem = { type: string; title: string; status: number; code: string; says: Words; then: Words; errors?: ({ pointer: string; keyword: string; says: Words })[] }
export type ProcessAct = { name?: string; people?: (string)[]; reason?: string; variables?: Record<string, unknown>; key?: number }
export type ProcessBatch = { act: 'retry' | 'skip' | 'cancel'; reason?: string; items: ({ instance: string; key?: number })[] }
export type ProcessHolds = { instances: (string)[]; reason: string; lift?: boolean }
export type ProcessModel = { name?: string; file: string; version?: number }
export type ProcessMove = { from: string; to: string; elements?: Record<string, unknown>; dry_run?: boolean; reason?: string }
export type ProcessReason = { reason?: string }
export type ProcessRule = { keep_class?: string; keep_days?: number; reason?: string }
export type ProcessStart = { process: string; business_key?: string; variables?: Record<string, unknown> }
export type ProcessTrial = { file: string; process?: string; variables?: Record<string, unknown>; start?: string; steps?: (Record<string, unknown>)[] }
export type Reason = { reason: string }
export type Review = { grade: number; tags?: (string)[]; text?: string }
export type Row = Record<string, unknown>
export type SecondFactor = { code?: string }
export type SignIn = { username: string; password: string; totp?: string }
export type Ticket = { business?: string; account?: string; name?: string; phone?: string; priority?: boolean }
export type Words = { zh: string; en: string }
/** Every address that the server answers at. */
export type ApiPath =
  | `/api/account/password`
  | `/api/account/totp`
  | `/api/accounts/${string}/reset`
  | `/api/appointments/${string}/cancel`
  | `/api/attachments`
  | `/api/attachments/${string}`
  | `/api/audit`
  | `/api/audit/seal`
  | `/api/audit/verify`
  | `/api/authorisations`
  | `/api/authorisations/${string}/read`
  | `/api/authority/${string}`
  | `/api/authority/status`
  | `/api/bundle-cases`
  | `/api/bundle-cases/${string}`
  | `/api/bundle-cases/${string}/acts/${string}`
  | `/api/bundle-cases/${string}/review`
  | `/api/bundles/${string}/papers`
  | `/api/bundles/${string}/plan`
  | `/api/cancellation-notices/${string}/objections`
  | `/api/card-swipes`
  | `/api/cases`
  | `/api/cases/${string}`
  | `/api/cases/${string}/acts/${string}`
  | `/api/cases/${string}/archive`
  | `/api/cases/${string}/certificates`
  | `/api/cases/${string}/code`
  | `/api/cases/${string}/elsewhere`
  | `/api/cases/${string}/papers/${string}`
  | `/api/cases/${string}/review`
  | `/api/cases/${string}/rooms`
  | `/api/certificate-sharing/changes`
  | `/api/certificate-sharing/query`
  | `/api/certificate-types`
  | `/api/certificates`
  | `/api/certificates/${string}`
  | `/api/certificates/${string}/acts/${string}`
  | `/api/certificates/${string}/file`
  | `/api/certificates/bulk`
  | `/api/certificates/import`
  | `/api/clock`
  | `/api/code-lists/${string}`
  | `/api/compliance`
  | `/api/compliance/report`
  | `/api/couriers/${string}/came`
  | `/api/decisions`
  | `/api/decisions/${string}`
  | `/api/decisions/${string}/check`
  | `/api/decisions/${string}/compare`
  | `/api/decisions/${string}/draft`
  | `/api/decisions/${string}/try`
  | `/api/decisions/${string}/versions/${string}`
  | `/api/decisions/${string}/versions/${string}/publish`
  | `/api/decisions/${string}/versions/${string}/retire`
  | `/api/decisions/${string}/versions/${string}/tests`
  | `/api/demo-accounts`
  | `/api/drafts`
  | `/api/drafts/${string}`
  | `/api/enterprises/${string}/cancellation`
  | `/api/enterprises/${string}/changes`
  | `/api/enterprises/${string}/filings`
  | `/api/events`
  | `/api/exchange/identity`
  | `/api/exchange/messages`
  | `/api/exchange/offers`
  | `/api/exchange/offers/${string}/${string}`
  | `/api/exchange/partners`
  | `/api/exchange/partners/${string}/acts/${string}`
  | `/api/exchange/partners/${string}/hurry`
  | `/api/exchange/partners/${string}/offer`
  | `/api/fleet`
  | `/api/fleet/advice`
  | `/api/forms/${string}`
  | `/api/halls/${string}/appointments`
  | `/api/halls/${string}/figures`
  | `/api/halls/${string}/screen`
  | `/api/halls/${string}/slots`
  | `/api/halls/${string}/tickets`
  | `/api/halls/ratings`
  | `/api/items.xlsx`
  | `/api/items/${string}/guide`
  | `/api/items/${string}/situation`
  | `/api/items/compare`
  | `/api/items/gaps`
  | `/api/items/import`
  | `/api/items/search`
  | `/api/kiosk-faults/${string}/fix`
  | `/api/kiosks`
  | `/api/kiosks/${string}/beat`
  | `/api/kiosks/${string}/move`
  | `/api/model/changes`
  | `/api/model/install`
  | `/api/model/versions`
  | `/api/model/versions/${string}`
  | `/api/model/versions/${string}/take-back`
  | `/api/my/authorisations`
  | `/api/my/authorisations/${string}/${string}`
  | `/api/my/card`
  | `/api/my/card/acts/${string}`
  | `/api/my/card/fields`
  | `/api/my/certificate-copies/${string}/file`
  | `/api/my/certificate-copies/${string}/withdraw`
  | `/api/my/certificates`
  | `/api/my/certificates/${string}/copies`
  | `/api/my/certificates/${string}/show`
  | `/api/my/certificates/import`
  | `/api/my/code`
  | `/api/my/data`
  | `/api/my/enterprise-members`
  | `/api/my/enterprise-members/${string}`
  | `/api/my/enterprise-members/${string}/answers/${string}`
  | `/api/my/enterprise-members/${string}/may`
  | `/api/my/enterprises`
  | `/api/my/family`
  | `/api/my/family/${string}/${string}`
  | `/api/my/registrations`
  | `/api/my/seal-uses`
  | `/api/my/seal-uses/${string}/allow`
  | `/api/my/seal-uses/${string}/refuse`
  | `/api/my/seals`
  | `/api/my/seals/${string}/acts/${string}`
  | `/api/my/show-codes/${string}`
  | `/api/my/show-codes/${string}/agree`
  | `/api/my/show-codes/${string}/decline`
  | `/api/my/uses`
  | `/api/names/check`
  | `/api/names/words`
  | `/api/openapi.json`
  | `/api/plan/bulletin`
  | `/api/plan/summary`
  | `/api/process-findings`
  | `/api/process-holds`
  | `/api/process-incidents`
  | `/api/process-incidents/acts`
  | `/api/process-instances`
  | `/api/process-instances/${string}`
  | `/api/process-instances/${string}/acts/${string}`
  | `/api/process-instances/${string}/history`
  | `/api/process-jobs`
  | `/api/process-jobs/${string}/${string}/acts/${string}`
  | `/api/process-messages`
  | `/api/process-migrations`
  | `/api/process-models`
  | `/api/process-models/${string}`
  | `/api/process-models/${string}/publish`
  | `/api/process-notices`
  | `/api/process-notices/seen`
  | `/api/process-people`
  | `/api/process-signals`
  | `/api/process-tasks`
  | `/api/process-tasks/${string}/${string}/${string}`
  | `/api/process-tasks/${string}/${string}/${string}/acts/${string}`
  | `/api/process-trials`
  | `/api/process-versions/${string}`
  | `/api/process-versions/${string}/statistics`
  | `/api/processes`
  | `/api/processes/${string}/removals`
  | `/api/processes/${string}/rule`
  | `/api/processes/${string}/versions`
  | `/api/records/${string}`
  | `/api/records/${string}/${string}`
  | `/api/records/${string}/${string}/history`
  | `/api/records/${string}/sheet`
  | `/api/registrations`
  | `/api/registrations/${string}`
  | `/api/registrations/${string}/acts/${string}`
  | `/api/registrations/${string}/close`
  | `/api/registrations/${string}/papers`
  | `/api/registrations/${string}/sign`
  | `/api/registrations/papers`
  | `/api/remote-cases`
  | `/api/remote-cases/${string}`
  | `/api/remote-cases/${string}/acts/${string}`
  | `/api/remote-cases/${string}/couriers`
  | `/api/remote-cases/${string}/results/${string}`
  | `/api/remote-cases/${string}/rooms`
  | `/api/reviews/${string}/acts/${string}`
  | `/api/reviews/by-code`
  | `/api/reviews/published`
  | `/api/rooms`
  | `/api/rooms/${string}`
  | `/api/rooms/${string}/documents`
  | `/api/rooms/${string}/documents/${string}`
  | `/api/rooms/${string}/documents/${string}/acts/${string}`
  | `/api/rooms/${string}/end`
  | `/api/rooms/${string}/join`
  | `/api/rooms/${string}/signals`
  | `/api/seal-uses`
  | `/api/seal-uses/${string}`
  | `/api/seal-uses/${string}/allow`
  | `/api/seal-uses/${string}/files/${string}`
  | `/api/seal-uses/${string}/originals/${string}`
  | `/api/seal-uses/${string}/refuse`
  | `/api/seals`
  | `/api/seals/${string}`
  | `/api/seals/${string}/acts/${string}`
  | `/api/service-codes/scan`
  | `/api/session`
  | `/api/sessions`
  | `/api/sessions/${string}`
  | `/api/show-codes/collect`
  | `/api/show-codes/scan`
  | `/api/site`
  | `/api/supervision/cards.xlsx`
  | `/api/supervision/cards/${string}`
  | `/api/supervision/cards/${string}/acts/${string}`
  | `/api/supervision/figures`
  | `/api/supervision/patrol`
  | `/api/supervision/rules`
  | `/api/systems`
  | `/api/tickets/${string}/give-up`
  | `/api/tickets/${string}/review`
  | `/api/todo`
  | `/api/todo/count`
  | `/api/tokens`
  | `/api/tokens/${string}`
  | `/api/trusted-roots`
  | `/api/trusted-roots/${string}/acts/${string}`
  | `/api/types`
  | `/api/usable-seals`
  | `/api/verify/certificate`
  | `/api/verify/copy`
  | `/api/verify/file`
  | `/api/windows/${string}/acts/${string}`
  | `/api/windows/${string}/desk`

/** 修改密码 / Change the password */
export const changePassword = <T = unknown>(body: ChangePassword, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/account/password', { method: 'POST', body, ...more })
/** 停用动态口令 / Drop the second factor */
export const dropSecondFactor = <T = unknown>(body: Password, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/account/totp', { method: 'DELETE', body, ...more })
/** 启用动态口令 / Begin or confirm the second factor */
export const beginSecondFactor = <T = unknown>(body: SecondFactor, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/account/totp', { method: 'POST', body, ...more })
/** 重置密码 / Reset a password */
export const resetPassword = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/accounts/${at(id)}/reset`, { method: 'POST', ...more })
/** 取消预约 / Cancel an appointment */
export const cancelAppointment = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/appointments/${at(id)}/cancel`, { method: 'POST', ...more })
/** 上传附件 / Upload a file */
export const uploadAttachment = <T = unknown>(body: Blob, more: Asked<{ name?: string }> = {}): Promise<Answer<T>> =>
  call<T>('/api/attachments', { method: 'POST', body, ...more })
/** 下载附件 / Download a file */
export const readAttachment = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/attachments/${at(id)}`, { ...more })
/** 审计日志 / Audit log */
export const listAudit = <T = unknown>(more: Asked<{ after?: string; actor?: string; act?: string; object?: string; from?: string; to?: string; limit?: number }> = {}): Promise<Answer<T>> =>
  call<T>('/api/audit', { ...more })
/** 签封审计日志 / Sign the heads of the audit log */
export const sealAudit = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/audit/seal', { method: 'POST', ...more })
/** 核验审计日志 / Verify the audit log */
export const verifyAudit = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/audit/verify', { method: 'POST', ...more })
/** 已请求的授权 / Authorisations asked for */
export const askedAuthorisations = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/authorisations', { ...more })
/** 请求授权 / Ask for an authorisation */
export const askAuthorisation = <T = unknown>(body: Row, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/authorisations', { method: 'POST', body, ...more })
/** 按授权用数 / Read what was authorised */
export const useAuthorisation = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/authorisations/${at(id)}/read`, { method: 'POST', ...more })
/** 证书状态查询（OCSP） / Status of a certificate (OCSP) */
export const certificateStatus = <T = unknown>(body: Blob, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/authority/status', { method: 'POST', body, ...more })
/** 证书与吊销列表 / Certificates of the city's authority and its revocation list */
export const authorityFile = <T = unknown>(name: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/authority/${at(name)}`, { ...more })
/** 申请一件事 / Apply for one thing */
export const applyBundle = <T = unknown>(body: BundleApplication, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/bundle-cases', { method: 'POST', body, ...more })
/** 一件事办件 / An application for one thing */
export const readBundleCase = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/bundle-cases/${at(id)}`, { ...more })
/** 一件事办理动作 / Act on an application for one thing */
export const actOnBundleCase = <T = unknown>(id: string, act: string, body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/bundle-cases/${at(id)}/acts/${at(act)}`, { method: 'POST', body, ...more })
/** 评价一件事 / Review one thing */
export const reviewBundleCase = <T = unknown>(id: string, body: Review, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/bundle-cases/${at(id)}/review`, { method: 'POST', body, ...more })
/** 一件事自动生成的材料 / Papers that the city would write from these answers */
export const bundlePapers = <T = unknown>(id: string, body: Answers, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/bundles/${at(id)}/papers`, { method: 'POST', body, ...more })
/** 一件事办理方案 / Questions, parts, form and materials of one thing */
export const planBundle = <T = unknown>(id: string, body: Answers, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/bundles/${at(id)}/plan`, { method: 'POST', body, ...more })
/** 提出异议 / Object to a cancellation */
export const objectToCancellation = <T = unknown>(id: string, body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/cancellation-notices/${at(id)}/objections`, { method: 'POST', body, ...more })
/** 刷卡 / Swipe a card */
export const swipeCard = <T = unknown>(body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/card-swipes', { method: 'POST', body, ...more })
/** 办件列表 / List cases */
export const listCases = <T = unknown>(more: Asked<{ view?: string; state?: string; q?: string; filter?: string; after?: string; limit?: number }> = {}): Promise<Answer<T>> =>
  call<T>('/api/cases', { ...more })
/** 提交申请 / Submit an application */
export const submitCase = <T = unknown>(body: Application, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/cases', { method: 'POST', body, ...more })
/** 办件详情 / A case */
export const readCase = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/cases/${at(id)}`, { ...more })
/** 办理动作 / Act on a case */
export const actOnCase = <T = unknown>(id: string, act: string, body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/cases/${at(id)}/acts/${at(act)}`, { method: 'POST', body, ...more })
/** 办件归档包 / The archive package of a case */
export const archiveCase = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/cases/${at(id)}/archive`, { ...more })
/** 办件使用的证照 / Certificates used in a case */
export const caseCertificates = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/cases/${at(id)}/certificates`, { ...more })
/** 办件进度二维码 / The code that leads to a case */
export const caseCode = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/cases/${at(id)}/code`, { ...more })
/** 办件的异地代收情况 / Where a case was received */
export const caseElsewhere = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/cases/${at(id)}/elsewhere`, { ...more })
/** 办件文书 / A paper of a case */
export const readCasePaper = <T = unknown>(id: string, paper: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/cases/${at(id)}/papers/${at(paper)}`, { ...more })
/** 评价 / Review a case */
export const reviewCase = <T = unknown>(id: string, body: Review, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/cases/${at(id)}/review`, { method: 'POST', body, ...more })
/** 办件的视频室 / Video rooms of a case */
export const roomsOfCase = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/cases/${at(id)}/rooms`, { ...more })
/** 证照状态变化 / States of certificates that changed */
export const certificateChanges = <T = unknown>(more: Asked<{ after?: string; limit?: number }> = {}): Promise<Answer<T>> =>
  call<T>('/api/certificate-sharing/changes', { ...more })
/** 证照共享查询 / Query certificates of a holder */
export const queryCertificates = <T = unknown>(body: Row, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/certificate-sharing/query', { method: 'POST', body, ...more })
/** 证照类型 / Certificate types */
export const listCertificateTypes = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/certificate-types', { ...more })
/** 签发证照 / Issue a certificate */
export const issueCertificate = <T = unknown>(body: Row, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/certificates', { method: 'POST', body, ...more })
/** 批量签发 / Issue many certificates */
export const issueCertificates = <T = unknown>(body: Row, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/certificates/bulk', { method: 'POST', body, ...more })
/** 引入外地证照 / Take in a certificate issued elsewhere */
export const importCertificate = <T = unknown>(body: Blob, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/certificates/import', { method: 'POST', body, ...more })
/** 证照详情 / A certificate */
export const readCertificate = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/certificates/${at(id)}`, { ...more })
/** 变更证照状态 / Change the state of a certificate */
export const actOnCertificate = <T = unknown>(id: string, act: string, body: Row, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/certificates/${at(id)}/acts/${at(act)}`, { method: 'POST', body, ...more })
/** 下载证照 / Download a certificate */
export const certificateFile = <T = unknown>(id: string, more: Asked<{ format?: string }> = {}): Promise<Answer<T>> =>
  call<T>(`/api/certificates/${at(id)}/file`, { ...more })
/** 拨动演示时钟 / Move the clock of a demonstration */
export const moveClock = <T = unknown>(body: MoveClock, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/clock', { method: 'POST', body, ...more })
/** 代码表 / A code list */
export const codeList = <T = unknown>(name: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/code-lists/${at(name)}`, { ...more })
/** 商用密码应用情况 / Use of commercial cryptography */
export const compliance = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/compliance', { ...more })
/** 商用密码应用情况报告 / Report on commercial cryptography */
export const complianceReport = <T = unknown>(more: Asked<{ format?: string }> = {}): Promise<Answer<T>> =>
  call<T>('/api/compliance/report', { ...more })
/** 签收纸质材料 / Papers have come */
export const papersCame = <T = unknown>(id: string, body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/couriers/${at(id)}/came`, { method: 'POST', body, ...more })
/** 决策模型 / Decision models */
export const listDecisions = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/decisions', { ...more })
/** 新建决策模型 / Make a decision model */
export const createDecision = <T = unknown>(body: NewDecision, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/decisions', { method: 'POST', body, ...more })
/** 决策模型的版本 / Versions of a decision model */
export const readDecision = <T = unknown>(name: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/decisions/${at(name)}`, { ...more })
/** 检查决策模型文本 / Check the text of a decision model */
export const checkDecision = <T = unknown>(name: string, body: DecisionText, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/decisions/${at(name)}/check`, { method: 'POST', body, ...more })
/** 比较两个版本 / Compare two versions of a decision model */
export const compareDecisionVersions = <T = unknown>(name: string, more: Asked<{ before?: number; after?: number }> = {}): Promise<Answer<T>> =>
  call<T>(`/api/decisions/${at(name)}/compare`, { ...more })
/** 保存决策模型草稿 / Save the draft of a decision model */
export const saveDecisionDraft = <T = unknown>(name: string, body: DecisionDraft, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/decisions/${at(name)}/draft`, { method: 'PUT', body, ...more })
/** 试算 / Try a decision with inputs */
export const tryDecision = <T = unknown>(name: string, body: DecisionTrial, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/decisions/${at(name)}/try`, { method: 'POST', body, ...more })
/** 决策模型的一个版本 / A version of a decision model */
export const readDecisionVersion = <T = unknown>(name: string, number: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/decisions/${at(name)}/versions/${at(number)}`, { ...more })
/** 发布决策模型 / Publish a decision model */
export const publishDecisionVersion = <T = unknown>(name: string, number: string, body: Reason, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/decisions/${at(name)}/versions/${at(number)}/publish`, { method: 'POST', body, ...more })
/** 停用决策模型 / Retire a version of a decision model */
export const retireDecisionVersion = <T = unknown>(name: string, number: string, body: Reason, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/decisions/${at(name)}/versions/${at(number)}/retire`, { method: 'POST', body, ...more })
/** 运行测试用例 / Run the test cases */
export const testDecisionVersion = <T = unknown>(name: string, number: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/decisions/${at(name)}/versions/${at(number)}/tests`, { method: 'POST', ...more })
/** 演示账户 / Demo accounts */
export const demoAccounts = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/demo-accounts', { ...more })
/** 我的草稿 / My drafts */
export const listDrafts = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/drafts', { ...more })
/** 保存草稿 / Keep a draft */
export const createDraft = <T = unknown>(body: Draft, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/drafts', { method: 'POST', body, ...more })
/** 删除草稿 / Drop a draft */
export const endDraft = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/drafts/${at(id)}`, { method: 'DELETE', ...more })
/** 查看草稿 / Read a draft */
export const readDraft = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/drafts/${at(id)}`, { ...more })
/** 更新草稿 / Change a draft */
export const updateDraft = <T = unknown>(id: string, body: Draft, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/drafts/${at(id)}`, { method: 'PUT', body, ...more })
/** 简易注销公示 / Begin a simple cancellation */
export const cancelEnterprise = <T = unknown>(id: string, body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/enterprises/${at(id)}/cancellation`, { method: 'POST', body, ...more })
/** 变更登记 / Change what is registered */
export const changeEnterprise = <T = unknown>(id: string, body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/enterprises/${at(id)}/changes`, { method: 'POST', body, ...more })
/** 备案 / File */
export const fileForEnterprise = <T = unknown>(id: string, body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/enterprises/${at(id)}/filings`, { method: 'POST', body, ...more })
/** 实时消息 / Server-sent events */
export const events = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/events', { ...more })
/** 本市的交换身份 / The exchange identity of this city */
export const exchangeIdentity = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/exchange/identity', { ...more })
/** 接收其他城市的报文 / Receive a message of another city */
export const receiveExchangeMessage = <T = unknown>(body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/exchange/messages', { method: 'POST', body, ...more })
/** 可代收的外地事项 / Items that may be received for other cities */
export const exchangeOffers = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/exchange/offers', { ...more })
/** 外地事项的表单和材料 / Form and materials of such an item */
export const exchangeOffer = <T = unknown>(partner: string, code: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/exchange/offers/${at(partner)}/${at(code)}`, { ...more })
/** 登记交换伙伴 / Propose a partner city */
export const proposeExchangePartner = <T = unknown>(body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/exchange/partners', { method: 'POST', body, ...more })
/** 立即重发 / Send again now */
export const hurryExchange = <T = unknown>(code: string, body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/exchange/partners/${at(code)}/hurry`, { method: 'POST', body, ...more })
/** 更新对方的事项清单 / Ask a partner city for its items */
export const askExchangeOffer = <T = unknown>(code: string, body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/exchange/partners/${at(code)}/offer`, { method: 'POST', body, ...more })
/** 审核或终止交换伙伴 / Review or end a partner city */
export const decideExchangePartner = <T = unknown>(id: string, act: string, body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/exchange/partners/${at(id)}/acts/${at(act)}`, { method: 'POST', body, ...more })
/** 自助终端总览 / The fleet */
export const fleetOverview = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/fleet', { ...more })
/** 布点建议 / Where to move machines */
export const fleetAdvice = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/fleet/advice', { ...more })
/** 表单 / A form */
export const readForm = <T = unknown>(name: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/forms/${at(name)}`, { ...more })
/** 大厅评比 / Rating of halls */
export const hallRatings = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/halls/ratings', { ...more })
/** 预约 / Make an appointment */
export const bookHall = <T = unknown>(id: string, body: Appointment, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/halls/${at(id)}/appointments`, { method: 'POST', body, ...more })
/** 大厅运行数据 / Figures of a hall's day */
export const hallFigures = <T = unknown>(id: string, more: Asked<{ day?: string }> = {}): Promise<Answer<T>> =>
  call<T>(`/api/halls/${at(id)}/figures`, { ...more })
/** 大厅叫号屏 / The screen of a hall */
export const hallScreen = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/halls/${at(id)}/screen`, { ...more })
/** 可预约时段 / Slots of a day */
export const hallSlots = <T = unknown>(id: string, more: Asked<{ business?: string; day?: string }> = {}): Promise<Answer<T>> =>
  call<T>(`/api/halls/${at(id)}/slots`, { ...more })
/** 取号 / Take a ticket */
export const takeTicket = <T = unknown>(id: string, body: Ticket, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/halls/${at(id)}/tickets`, { method: 'POST', body, ...more })
/** 导出事项清单 / Items as a spreadsheet */
export const exportItems = <T = unknown>(more: Asked<{ filter?: string }> = {}): Promise<Answer<T>> =>
  call<T>('/api/items.xlsx', { ...more })
/** 同一事项各地对比 / The same item of every county */
export const compareItem = <T = unknown>(more: Asked<{ basic_code?: string }> = {}): Promise<Answer<T>> =>
  call<T>('/api/items/compare', { ...more })
/** 四级四同差异报告 / What differs between counties */
export const itemGaps = <T = unknown>(more: Asked<{ region?: string }> = {}): Promise<Answer<T>> =>
  call<T>('/api/items/gaps', { ...more })
/** 导入事项清单 / Bring items in from a spreadsheet */
export const importItems = <T = unknown>(body: Blob, more: Asked<{ dry?: boolean | string }> = {}): Promise<Answer<T>> =>
  call<T>('/api/items/import', { method: 'POST', body, ...more })
/** 搜索事项（容错） / Search items, forgiving typos, synonyms and pinyin */
export const searchItems = <T = unknown>(more: Asked<{ q?: string; limit?: number }> = {}): Promise<Answer<T>> =>
  call<T>('/api/items/search', { ...more })
/** 办事指南 / Guide of an item */
export const itemGuide = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/items/${at(id)}/guide`, { ...more })
/** 情形引导 / Questions that lead to this applicant's materials and steps */
export const itemSituation = <T = unknown>(id: string, body: Answers, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/items/${at(id)}/situation`, { method: 'POST', body, ...more })
/** 故障处理 / Close a fault */
export const fixKiosk = <T = unknown>(id: string, body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/kiosk-faults/${at(id)}/fix`, { method: 'POST', body, ...more })
/** 登记终端 / Register a machine */
export const registerKiosk = <T = unknown>(body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/kiosks', { method: 'POST', body, ...more })
/** 终端心跳 / A machine's beat */
export const kioskBeat = <T = unknown>(code: string, body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/kiosks/${at(code)}/beat`, { method: 'POST', body, ...more })
/** 移机 / Move a machine */
export const moveKiosk = <T = unknown>(id: string, body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/kiosks/${at(id)}/move`, { method: 'POST', body, ...more })
/** 文件夹与在用模型的差别 / What the folder would change */
export const modelChanges = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/model/changes', { ...more })
/** 启用文件夹中的模型 / Put the folder's model in force */
export const installModel = <T = unknown>(body: Reason, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/model/install', { method: 'POST', body, ...more })
/** 模型版本 / Versions of the model */
export const modelVersions = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/model/versions', { ...more })
/** 模型的一版 / A version of the model */
export const modelVersion = <T = unknown>(number: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/model/versions/${at(number)}`, { ...more })
/** 恢复模型的一版 / Put an earlier version in force again */
export const takeBackModel = <T = unknown>(number: string, body: Reason, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/model/versions/${at(number)}/take-back`, { method: 'POST', body, ...more })
/** 我的授权 / My authorisations */
export const myAuthorisations = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/my/authorisations', { ...more })
/** 同意、不同意或撤回授权 / Agree to, refuse or withdraw an authorisation */
export const decideAuthorisation = <T = unknown>(id: string, act: string, body: Row, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/my/authorisations/${at(id)}/${at(act)}`, { method: 'POST', body, ...more })
/** 我的社会保障卡 / My card */
export const myCard = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/my/card', { ...more })
/** 绑定社会保障卡 / Bind a card */
export const bindCard = <T = unknown>(body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/my/card', { method: 'POST', body, ...more })
/** 挂失、暂停、解除绑定 / Report lost, suspend, unbind */
export const actOnCard = <T = unknown>(act: string, body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/my/card/acts/${at(act)}`, { method: 'POST', body, ...more })
/** 授权用卡领域 / Authorise a field */
export const authoriseCard = <T = unknown>(body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/my/card/fields', { method: 'POST', body, ...more })
/** 下载加注件 / Download an annotated copy */
export const certificateCopyFile = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/my/certificate-copies/${at(id)}/file`, { ...more })
/** 作废加注件 / Make an annotated copy void */
export const withdrawCertificateCopy = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/my/certificate-copies/${at(id)}/withdraw`, { method: 'POST', ...more })
/** 我的证照 / My certificates */
export const myCertificates = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/my/certificates', { ...more })
/** 引入我的外地证照 / Take in one's certificate issued elsewhere */
export const importOwnCertificate = <T = unknown>(body: Blob, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/my/certificates/import', { method: 'POST', body, ...more })
/** 我的加注件 / Annotated copies of one's certificate */
export const certificateCopies = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/my/certificates/${at(id)}/copies`, { ...more })
/** 生成加注件 / Make an annotated copy */
export const copyCertificate = <T = unknown>(id: string, body: Row, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/my/certificates/${at(id)}/copies`, { method: 'POST', body, ...more })
/** 扫码亮证 / Show a certificate by a code */
export const showCertificate = <T = unknown>(id: string, body: Row, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/my/certificates/${at(id)}/show`, { method: 'POST', body, ...more })
/** 服务码状态 / How my code stands */
export const codeState = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/my/code', { ...more })
/** 一码办事 / Show my code */
export const showCode = <T = unknown>(body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/my/code', { method: 'POST', body, ...more })
/** 关于我的数据 / Data about me */
export const dataAboutMe = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/my/data', { ...more })
/** 企业空间成员 / Members of enterprises' spaces */
export const enterpriseMembers = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/my/enterprise-members', { ...more })
/** 增加企业空间成员 / Let a member in */
export const addEnterpriseMember = <T = unknown>(body: Row, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/my/enterprise-members', { method: 'POST', body, ...more })
/** 移除企业空间成员 / Let a member out */
export const removeEnterpriseMember = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/my/enterprise-members/${at(id)}`, { method: 'DELETE', ...more })
/** 接受、谢绝邀请或退出 / Accept, decline or leave */
export const answerInvitation = <T = unknown>(id: string, act: string, body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/my/enterprise-members/${at(id)}/answers/${at(act)}`, { method: 'POST', body, ...more })
/** 调整成员权限 / Change what a member may do */
export const changeEnterpriseMember = <T = unknown>(id: string, body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/my/enterprise-members/${at(id)}/may`, { method: 'POST', body, ...more })
/** 我的企业 / My enterprises */
export const myEnterprises = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/my/enterprises', { ...more })
/** 亲友代办 / My family */
export const myFamily = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/my/family', { ...more })
/** 请亲友代办 / Let a relative act for me */
export const inviteRelative = <T = unknown>(body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/my/family', { method: 'POST', body, ...more })
/** 接受、谢绝或结束代办 / Accept, decline or end */
export const answerRelative = <T = unknown>(id: string, act: string, body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/my/family/${at(id)}/${at(act)}`, { method: 'POST', body, ...more })
/** 我的登记 / My registrations */
export const myRegistrations = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/my/registrations', { ...more })
/** 我的签署记录 / What I had signed */
export const mySealUses = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/my/seal-uses', { ...more })
/** 签署文件 / Sign documents with one's own seal */
export const signOwn = <T = unknown>(body: Row, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/my/seal-uses', { method: 'POST', body, ...more })
/** 同意使用本单位印章 / Allow a use of one's enterprise's seal */
export const allowOwnSealUse = <T = unknown>(id: string, body: Row, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/my/seal-uses/${at(id)}/allow`, { method: 'POST', body, ...more })
/** 不同意使用本单位印章 / Refuse a use of the enterprise's seal */
export const refuseOwnSealUse = <T = unknown>(id: string, body: Row, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/my/seal-uses/${at(id)}/refuse`, { method: 'POST', body, ...more })
/** 我的印章和签名 / My seals and signature */
export const mySeals = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/my/seals', { ...more })
/** 申请本人签名或企业印章 / Apply for one's signature or an enterprise's seal */
export const applyForOwnSeal = <T = unknown>(body: Row, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/my/seals', { method: 'POST', body, ...more })
/** 暂停、恢复或注销自己的印章 / Suspend, resume or revoke one's own seal */
export const actOnOwnSeal = <T = unknown>(id: string, act: string, body: Row, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/my/seals/${at(id)}/acts/${at(act)}`, { method: 'POST', body, ...more })
/** 亮证码的状态 / How a show code stands */
export const showCodeState = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/my/show-codes/${at(id)}`, { ...more })
/** 同意出示 / Agree to show */
export const agreeToShow = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/my/show-codes/${at(id)}/agree`, { method: 'POST', ...more })
/** 不同意出示 / Decline to show */
export const declineToShow = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/my/show-codes/${at(id)}/decline`, { method: 'POST', ...more })
/** 我的用数记录 / Uses of my data */
export const myUses = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/my/uses', { ...more })
/** 名称自主申报查询 / Check a name */
export const checkName = <T = unknown>(body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/names/check', { method: 'POST', body, ...more })
/** 名称用语 / Words of names */
export const nameWords = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/names/words', { ...more })
/** 接口说明 / The OpenAPI description */
export const openApi = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/openapi.json', { ...more })
/** 工作要点通报 / Bulletin of the plan */
export const planBulletin = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/plan/bulletin', { ...more })
/** 工作要点概况 / Summary of the plan */
export const planSummary = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/plan/summary', { ...more })
/** 检查流程模型 / What is wrong with a model */
export const checkProcess = <T = unknown>(body: ProcessModel, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/process-findings', { method: 'POST', body, ...more })
/** 批量依法保全与解除 / Put instances under legal hold, or lift it */
export const holdProcessInstances = <T = unknown>(body: ProcessHolds, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/process-holds', { method: 'POST', body, ...more })
/** 流程异常列表 / List incidents */
export const listProcessIncidents = <T = unknown>(more: Asked<{ after?: string; limit?: number }> = {}): Promise<Answer<T>> =>
  call<T>('/api/process-incidents', { ...more })
/** 批量处理流程异常 / Act on incidents */
export const actOnProcessIncidents = <T = unknown>(body: ProcessBatch, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/process-incidents/acts', { method: 'POST', body, ...more })
/** 流程实例列表 / List process instances */
export const listProcessInstances = <T = unknown>(more: Asked<{ view?: string; process?: string; definition?: string; state?: string; incident?: boolean | string; held?: boolean | string; key?: string; after?: string; limit?: number }> = {}): Promise<Answer<T>> =>
  call<T>('/api/process-instances', { ...more })
/** 发起流程 / Start a process */
export const startProcess = <T = unknown>(body: ProcessStart, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/process-instances', { method: 'POST', body, ...more })
/** 流程实例详情 / A process instance */
export const readProcessInstance = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/process-instances/${at(id)}`, { ...more })
/** 流程实例操作 / Act on a process instance */
export const actOnProcess = <T = unknown>(id: string, act: string, body: ProcessAct, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/process-instances/${at(id)}/acts/${at(act)}`, { method: 'POST', body, ...more })
/** 流程实例历史 / History of a process instance */
export const processHistory = <T = unknown>(id: string, more: Asked<{ after?: number; limit?: number }> = {}): Promise<Answer<T>> =>
  call<T>(`/api/process-instances/${at(id)}/history`, { ...more })
/** 领取自动任务 / Take jobs of a type */
export const takeProcessJobs = <T = unknown>(body: ProcessAct, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/process-jobs', { method: 'POST', body, ...more })
/** 反馈自动任务结果 / Answer a job */
export const answerProcessJob = <T = unknown>(instance: string, key: string, act: string, body: ProcessAct, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/process-jobs/${at(instance)}/${at(key)}/acts/${at(act)}`, { method: 'POST', body, ...more })
/** 发送流程消息 / Send a message to processes */
export const sendProcessMessage = <T = unknown>(body: ProcessAct, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/process-messages', { method: 'POST', body, ...more })
/** 迁移运行中的实例 / Move running instances to another version */
export const migrateProcesses = <T = unknown>(body: ProcessMove, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/process-migrations', { method: 'POST', body, ...more })
/** 流程模型列表 / List process models */
export const listProcessModels = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/process-models', { ...more })
/** 新建流程模型 / A new process model */
export const createProcessModel = <T = unknown>(body: ProcessModel, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/process-models', { method: 'POST', body, ...more })
/** 流程模型 / A process model */
export const readProcessModel = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/process-models/${at(id)}`, { ...more })
/** 保存流程模型 / Save a process model */
export const saveProcessModel = <T = unknown>(id: string, body: ProcessModel, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/process-models/${at(id)}`, { method: 'PUT', body, ...more })
/** 发布流程模型 / Publish a process model */
export const publishProcessModel = <T = unknown>(id: string, body: ProcessReason, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/process-models/${at(id)}/publish`, { method: 'POST', body, ...more })
/** 抄送与催办 / Copies and reminders to me */
export const listProcessNotices = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/process-notices', { ...more })
/** 已阅抄送与催办 / Mark copies and reminders as seen */
export const seeProcessNotices = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/process-notices/seen', { method: 'POST', ...more })
/** 可选办理人与组 / People and groups to choose from */
export const listProcessPeople = <T = unknown>(more: Asked<{ q?: string }> = {}): Promise<Answer<T>> =>
  call<T>('/api/process-people', { ...more })
/** 发送流程信号 / Send a signal to all processes */
export const sendProcessSignal = <T = unknown>(body: ProcessAct, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/process-signals', { method: 'POST', body, ...more })
/** 我的流程任务 / My steps of processes */
export const listProcessTasks = <T = unknown>(more: Asked<{ view?: string; after?: string; limit?: number }> = {}): Promise<Answer<T>> =>
  call<T>('/api/process-tasks', { ...more })
/** 流程任务 / A step of a process */
export const readProcessTask = <T = unknown>(instance: string, key: string, seat: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/process-tasks/${at(instance)}/${at(key)}/${at(seat)}`, { ...more })
/** 办理流程任务 / Act on a step of a process */
export const actOnProcessTask = <T = unknown>(instance: string, key: string, seat: string, act: string, body: ProcessAct, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/process-tasks/${at(instance)}/${at(key)}/${at(seat)}/acts/${at(act)}`, { method: 'POST', body, ...more })
/** 仿真流程模型 / Try a model out */
export const simulateProcess = <T = unknown>(body: ProcessTrial, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/process-trials', { method: 'POST', body, ...more })
/** 流程版本图 / Diagram of a version */
export const readProcessVersion = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/process-versions/${at(id)}`, { ...more })
/** 流程统计 / Statistics of a version */
export const processStatistics = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/process-versions/${at(id)}/statistics`, { ...more })
/** 在用流程 / Processes in use */
export const listProcesses = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/processes', { ...more })
/** 清除已过保管期限的实例 / Remove what is past its time of keeping */
export const removeProcessInstances = <T = unknown>(process: string, body: ProcessReason, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/processes/${at(process)}/removals`, { method: 'POST', body, ...more })
/** 保管期限与停用 / Time of keeping of a process */
export const keepProcessRule = <T = unknown>(process: string, body: ProcessRule, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/processes/${at(process)}/rule`, { method: 'PUT', body, ...more })
/** 流程版本 / Versions of a process */
export const processVersions = <T = unknown>(process: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/processes/${at(process)}/versions`, { ...more })
/** 记录列表 / List records */
export const listRecords = <T = unknown>(type: string, more: Asked<{ filter?: string; sort?: string; limit?: number; after?: string; q?: string; as_of?: string; total?: boolean | string; ended?: boolean | string }> = {}): Promise<Answer<T>> =>
  call<T>(`/api/records/${at(type)}`, { ...more })
/** 新建记录 / Create a record */
export const createRecord = <T = unknown>(type: string, body: Row, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/records/${at(type)}`, { method: 'POST', body, ...more })
/** 导出记录列表 / A list of records as a spreadsheet */
export const exportRecords = <T = unknown>(type: string, more: Asked<{ form?: string; lang?: string; fields?: string; filter?: string; sort?: string; q?: string; as_of?: string; ended?: boolean | string }> = {}): Promise<Answer<T>> =>
  call<T>(`/api/records/${at(type)}/sheet`, { ...more })
/** 终止记录 / End a record */
export const endRecord = <T = unknown>(type: string, id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/records/${at(type)}/${at(id)}`, { method: 'DELETE', ...more })
/** 查看记录 / Read a record */
export const readRecord = <T = unknown>(type: string, id: string, more: Asked<{ as_of?: string }> = {}): Promise<Answer<T>> =>
  call<T>(`/api/records/${at(type)}/${at(id)}`, { ...more })
/** 修改记录 / Change a record */
export const updateRecord = <T = unknown>(type: string, id: string, body: Row, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/records/${at(type)}/${at(id)}`, { method: 'PATCH', body, ...more })
/** 记录的历史 / History of a record */
export const recordHistory = <T = unknown>(type: string, id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/records/${at(type)}/${at(id)}/history`, { ...more })
/** 申请设立登记 / Apply to register */
export const applyRegistration = <T = unknown>(body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/registrations', { method: 'POST', body, ...more })
/** 生成登记文件 / The papers of an application */
export const writeRegistrationPapers = <T = unknown>(body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/registrations/papers', { method: 'POST', body, ...more })
/** 登记申请详情 / A registration */
export const readRegistration = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/registrations/${at(id)}`, { ...more })
/** 登记机关决定 / The registrar's decision */
export const actOnRegistration = <T = unknown>(id: string, act: string, body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/registrations/${at(id)}/acts/${at(act)}`, { method: 'POST', body, ...more })
/** 公示期满申请注销 / Close after the notice */
export const closeEnterprise = <T = unknown>(id: string, body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/registrations/${at(id)}/close`, { method: 'POST', body, ...more })
/** 登记文件 / Papers of a registration */
export const readRegistrationPapers = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/registrations/${at(id)}/papers`, { ...more })
/** 签名 / Sign an application to register */
export const signRegistration = <T = unknown>(id: string, body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/registrations/${at(id)}/sign`, { method: 'POST', body, ...more })
/** 异地代收 / Receive for elsewhere */
export const receiveForElsewhere = <T = unknown>(body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/remote-cases', { method: 'POST', body, ...more })
/** 代收件详情 / A case received for elsewhere */
export const readRemoteCase = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/remote-cases/${at(id)}`, { ...more })
/** 代收窗口的办理动作 / Act of the receiving window */
export const actOnRemoteCase = <T = unknown>(id: string, act: string, body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/remote-cases/${at(id)}/acts/${at(act)}`, { method: 'POST', body, ...more })
/** 寄送纸质材料 / Papers leave by courier */
export const sendPapers = <T = unknown>(id: string, body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/remote-cases/${at(id)}/couriers`, { method: 'POST', body, ...more })
/** 下载办理结果 / A result of a case received for elsewhere */
export const readRemoteResult = <T = unknown>(id: string, ref: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/remote-cases/${at(id)}/results/${at(ref)}`, { ...more })
/** 代收件的视频室 / Video rooms of a case received for elsewhere */
export const roomsOfRemoteCase = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/remote-cases/${at(id)}/rooms`, { ...more })
/** 凭链接评价 / Review by the link of a short message */
export const reviewByCode = <T = unknown>(body: Review, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/reviews/by-code', { method: 'POST', body, ...more })
/** 好差评公示 / Published reviews and figures */
export const publishedReviews = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/reviews/published', { ...more })
/** 处理评价 / Handle a review */
export const actOnReview = <T = unknown>(id: string, act: string, body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/reviews/${at(id)}/acts/${at(act)}`, { method: 'POST', body, ...more })
/** 打开视频室 / Open a video room for a case */
export const openRoom = <T = unknown>(body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/rooms', { method: 'POST', body, ...more })
/** 视频室 / A video room */
export const readRoom = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/rooms/${at(id)}`, { ...more })
/** 出示待签文书 / Show a document to be signed */
export const showDocument = <T = unknown>(id: string, body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/rooms/${at(id)}/documents`, { method: 'POST', body, ...more })
/** 待签文书 / A document shown in a room */
export const readRoomDocument = <T = unknown>(id: string, document: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/rooms/${at(id)}/documents/${at(document)}`, { ...more })
/** 签署或拒签文书 / Sign or decline a document */
export const settleDocument = <T = unknown>(id: string, document: string, act: string, body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/rooms/${at(id)}/documents/${at(document)}/acts/${at(act)}`, { method: 'POST', body, ...more })
/** 结束视频室 / End a video room */
export const endRoom = <T = unknown>(id: string, body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/rooms/${at(id)}/end`, { method: 'POST', body, ...more })
/** 进入视频室 / Enter a video room */
export const joinRoom = <T = unknown>(id: string, body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/rooms/${at(id)}/join`, { method: 'POST', body, ...more })
/** 接收通话信令 / What happens at a seat, as server-sent events */
export const listenRoom = <T = unknown>(id: string, more: Asked<{ ticket?: string }> = {}): Promise<Answer<T>> =>
  call<T>(`/api/rooms/${at(id)}/signals`, { ...more })
/** 通话信令 / A signal of a page in a room */
export const signalRoom = <T = unknown>(id: string, body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/rooms/${at(id)}/signals`, { method: 'POST', body, ...more })
/** 申请用章 / Ask for the use of a seal */
export const askSealUse = <T = unknown>(body: Row, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/seal-uses', { method: 'POST', body, ...more })
/** 用章详情 / A use of a seal */
export const readSealUse = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/seal-uses/${at(id)}`, { ...more })
/** 同意用章 / Allow a use of a seal */
export const allowSealUse = <T = unknown>(id: string, body: Row, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/seal-uses/${at(id)}/allow`, { method: 'POST', body, ...more })
/** 取走已用印文件 / Take a signed document */
export const sealedDocument = <T = unknown>(id: string, index: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/seal-uses/${at(id)}/files/${at(index)}`, { ...more })
/** 查看待用印文件 / Look at a document before it is signed */
export const documentToSeal = <T = unknown>(id: string, index: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/seal-uses/${at(id)}/originals/${at(index)}`, { ...more })
/** 不同意用章 / Refuse a use of a seal */
export const refuseSealUse = <T = unknown>(id: string, body: Row, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/seal-uses/${at(id)}/refuse`, { method: 'POST', body, ...more })
/** 申请电子印章 / Apply for a seal */
export const applyForSeal = <T = unknown>(body: Row, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/seals', { method: 'POST', body, ...more })
/** 印章详情 / A seal and what happened to it */
export const readSeal = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/seals/${at(id)}`, { ...more })
/** 办理电子印章 / Act on a seal */
export const actOnSeal = <T = unknown>(id: string, act: string, body: Row, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/seals/${at(id)}/acts/${at(act)}`, { method: 'POST', body, ...more })
/** 扫服务码 / Scan a code */
export const scanCode = <T = unknown>(body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/service-codes/scan', { method: 'POST', body, ...more })
/** 退出登录 / Sign out */
export const signOut = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/session', { method: 'DELETE', ...more })
/** 当前登录 / Who is signed in */
export const currentSession = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/session', { ...more })
/** 登录 / Sign in */
export const signIn = <T = unknown>(body: SignIn, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/session', { method: 'POST', body, ...more })
/** 登录设备 / My sessions */
export const listSessions = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/sessions', { ...more })
/** 结束某次登录 / End a session */
export const endSession = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/sessions/${at(id)}`, { method: 'DELETE', ...more })
/** 查看核验结果 / What the holder shows */
export const collectShown = <T = unknown>(body: Row, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/show-codes/collect', { method: 'POST', body, ...more })
/** 核验亮证码 / Scan a show code */
export const scanShowCode = <T = unknown>(body: Row, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/show-codes/scan', { method: 'POST', body, ...more })
/** 站点信息 / The site */
export const site = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/site', { ...more })
/** 导出监察信息 / Supervision cards as a spreadsheet */
export const exportSupervision = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/supervision/cards.xlsx', { ...more })
/** 监察信息 / A supervision card */
export const readSupervisionCard = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/supervision/cards/${at(id)}`, { ...more })
/** 处理监察信息 / Act on a supervision card */
export const actOnSupervisionCard = <T = unknown>(id: string, act: string, body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/supervision/cards/${at(id)}/acts/${at(act)}`, { method: 'POST', body, ...more })
/** 监察统计 / Figures of supervision */
export const supervisionFigures = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/supervision/figures', { ...more })
/** 立即巡查 / Look after all cases now */
export const patrolCases = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/supervision/patrol', { method: 'POST', ...more })
/** 监察规则 / Rules of supervision */
export const supervisionRules = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/supervision/rules', { ...more })
/** 各系统与证明 / Systems and their proofs */
export const listSystems = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/systems', { ...more })
/** 弃号 / Give a ticket up */
export const giveUpTicket = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/tickets/${at(id)}/give-up`, { method: 'POST', ...more })
/** 评价窗口服务 / Review the service at a window */
export const reviewTicket = <T = unknown>(id: string, body: Review, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/tickets/${at(id)}/review`, { method: 'POST', body, ...more })
/** 待办 / To-do list */
export const listTodo = <T = unknown>(more: Asked<{ after?: string; limit?: number; view?: string; light?: string }> = {}): Promise<Answer<T>> =>
  call<T>('/api/todo', { ...more })
/** 待办数量 / How many to-dos */
export const countTodo = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/todo/count', { ...more })
/** 我的接口令牌 / My API tokens */
export const listTokens = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/tokens', { ...more })
/** 新建接口令牌 / Create an API token */
export const createToken = <T = unknown>(body: NewToken, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/tokens', { method: 'POST', body, ...more })
/** 吊销接口令牌 / Revoke an API token */
export const revokeToken = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/tokens/${at(id)}`, { method: 'DELETE', ...more })
/** 提出可信根证书 / Propose a trusted root */
export const proposeTrustedRoot = <T = unknown>(body: Row, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/trusted-roots', { method: 'POST', body, ...more })
/** 审核或撤销可信根证书 / Review or withdraw a trusted root */
export const decideTrustedRoot = <T = unknown>(id: string, act: string, body: Row, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/trusted-roots/${at(id)}/acts/${at(act)}`, { method: 'POST', body, ...more })
/** 记录类型 / Record types */
export const listTypes = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/types', { ...more })
/** 可申请使用的印章 / Seals that may be asked for */
export const usableSeals = <T = unknown>(more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/usable-seals', { ...more })
/** 核验证照 / Verify a certificate */
export const verifyCertificate = <T = unknown>(more: Asked<{ identifier?: string; code?: string }> = {}): Promise<Answer<T>> =>
  call<T>('/api/verify/certificate', { ...more })
/** 核验加注件 / Verify an annotated copy */
export const verifyCertificateCopy = <T = unknown>(more: Asked<{ copy?: string; code?: string }> = {}): Promise<Answer<T>> =>
  call<T>('/api/verify/copy', { ...more })
/** 验证电子文件 / Verify a file */
export const verifyFile = <T = unknown>(body: Blob, more: Rest = {}): Promise<Answer<T>> =>
  call<T>('/api/verify/file', { method: 'POST', body, ...more })
/** 窗口动作 / Act at a window */
export const actAtWindow = <T = unknown>(id: string, act: string, body: Act, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/windows/${at(id)}/acts/${at(act)}`, { method: 'POST', body, ...more })
/** 窗口工作台 / A window's desk */
export const windowDesk = <T = unknown>(id: string, more: Rest = {}): Promise<Answer<T>> =>
  call<T>(`/api/windows/${at(id)}/desk`, { ...more })
