/** Signing in and out is plain HTTP, so that the cookie never passes through a script. */

export type SignInOutcome = { ok: true } | { ok: false; message: string }

export async function signIn(email: string, password: string): Promise<SignInOutcome> {
  const response = await post('/auth/sign-in', { email, password })
  if (response?.ok) return { ok: true }
  if (!response)
    return { ok: false, message: 'Tenure did not answer. Check the connection, then try again.' }
  const body: { error?: string } = await response.json().catch(() => ({}))
  return { ok: false, message: body.error ?? 'Signing in did not work. Try again.' }
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

/** Where to go after signing in: only ever a path of this page. */
export function safeReturn(path: string | undefined): string {
  return path?.startsWith('/') && !path.startsWith('//') && !path.startsWith('/\\')
    ? path
    : '/accounts'
}
