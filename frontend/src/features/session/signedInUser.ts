/** Asks who is signed in, without the client, whose requests wait for a sign-in. */
import { stringifyDocument } from '@urql/core'
import type { SessionQuery } from '@/gql/graphql'
import { SessionDocument } from './operations.generated'

/** The name of the user; null if nobody is signed in or the server does not answer. */
export async function signedInUser(): Promise<string | null> {
  const response = await fetch('/graphql', {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query: stringifyDocument(SessionDocument) }),
  }).catch(() => null)
  const answer: { data?: SessionQuery | null } | null = await response?.json().catch(() => null)
  return answer?.data?.viewer.name ?? null
}
