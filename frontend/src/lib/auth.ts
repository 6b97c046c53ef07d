/** Sign-in and sign-out use plain HTTP, so that scripts never see the cookie. */

export type SignInOutcome = { ok: true } | { ok: false; message: string }

export async function signIn(email: string, password: string): Promise<SignInOutcome> {
  const response = await post('/auth/sign-in', { email, password })
  if (response?.ok) return { ok: true }
  if (!response)
    return { ok: false, message: "Can't reach Tenure. Check your connection and try again." }
  const body: { error?: string } = await response.json().catch(() => ({}))
  return { ok: false, message: body.error ?? "Couldn't sign in. Try again." }
}

export async function signOut(): Promise<boolean> {
  const response = await post('/auth/sign-out', {})
  return response?.ok ?? false
}

async function post(path: string, body: unknown): Promise<Response | null> {
  return fetch(path, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => null)
}

/** The path to return to after sign-in; other origins are rejected. */
export function safeReturnPath(path: string | undefined): string {
  return path?.startsWith('/') && !path.startsWith('//') && !path.startsWith('/\\')
    ? path
    : '/accounts'
}
