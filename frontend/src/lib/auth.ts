/** Sign-in and sign-out use plain HTTP, so that scripts never see the cookie. */
import { t } from '@lingui/core/macro'
import { serverText } from './serverMessage'

export type SignInOutcome = { ok: true } | { ok: false; message: string }

export async function signIn(email: string, password: string): Promise<SignInOutcome> {
  const response = await post('/auth/sign-in', { email, password })
  if (response?.ok) return { ok: true }
  if (!response)
    return { ok: false, message: t`Can't reach Tenure. Check your connection and try again.` }
  const body: { error?: string } = await response.json().catch(() => ({}))
  return {
    ok: false,
    message: body.error ? serverText(body.error) : t`Couldn't sign in. Try again.`,
  }
}

/** Where to go after signing out: the page, or the provider, whose session ends there too. */
export async function signOut(): Promise<string | null> {
  const response = await post('/auth/sign-out', {})
  if (!response?.ok) return null
  const body: { redirect?: string } =
    response.status === 200 ? await response.json().catch(() => ({})) : {}
  return body.redirect ?? '/sign-in'
}

export interface SignInMethods {
  password: boolean
  provider: { name: string } | null
}

/** How users can sign in. If that cannot be read, the form for passwords is shown. */
export async function signInMethods(): Promise<SignInMethods> {
  const byPassword = { password: true, provider: null }
  const request = { signal: AbortSignal.timeout(METHODS_TIMEOUT_MS) }
  const response = await fetch('/auth/methods', request).catch(() => null)
  if (!response?.ok) return byPassword
  return response.json().catch(() => byPassword)
}

/** Where a sign-in through the provider begins. */
export function providerPath(from: string | undefined): string {
  return `/auth/oidc?from=${encodeURIComponent(safeReturnPath(from))}`
}

/** What to tell about the reason for which a sign-in through the provider was refused. */
export function providerProblem(reason: string | undefined): string | null {
  if (reason === undefined) return null
  return providerProblems.get(reason) ?? t`Couldn't sign in. Try again.`
}

const METHODS_TIMEOUT_MS = 3000

/** By the values of `RefusalReason` in the server. */
const providerProblems = new Map(
  Object.entries({
    expired: t`The sign-in took too long. Try again.`,
    cancelled: t`The sign-in was cancelled.`,
    provider: t`Your company's sign-in isn't working right now. Try again later.`,
    invalid: t`Couldn't verify your company's sign-in. Try again, or contact your administrator.`,
    email: t`Your company hasn't verified your e-mail address. Contact your administrator.`,
    role: t`You don't have access to Tenure. Contact your administrator.`,
    unknown: t`You don't have access to Tenure. Contact your administrator.`,
    disabled: t`Your user is disabled. Contact your administrator.`,
    linked: t`Your e-mail address belongs to another company account. Contact your administrator.`,
    'last-admin': t`Your new role would leave Tenure without an administrator.`,
    attempts: t`Too many failed tries. Try again in a few minutes.`,
  }),
)

async function post(path: string, body: unknown): Promise<Response | null> {
  return fetch(path, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => null)
}

/**
 * The path to return to after sign-in; other origins are rejected. Browsers drop tabs and line
 * breaks in addresses, so the parsed address counts, not the text.
 */
export function safeReturnPath(path: string | undefined): string {
  const base = 'https://tenure.invalid'
  if (!path?.startsWith('/') || !URL.canParse(path, base)) return '/accounts'
  return new URL(path, base).origin === base ? path : '/accounts'
}
