/** Asks the server what a mutation would do. It runs in full and is rolled back. */

import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { t } from '@lingui/core/macro'
import { stringifyDocument } from '@urql/core'
import { useEffect, useState } from 'react'
import { onRefresh } from './refresh'
import { serverText } from './serverMessage'
import { waitForSignIn } from './sessionEnd'

/** While one types, only the last change within this time is asked. */
const pauseMs = 250
/** Longer than the server works on a request. */
const longestMs = 60_000

interface Body<Data> {
  data?: Data | null
  errors?: { message: string; extensions?: { code?: unknown } }[]
}

/** What the server answers, or why it has not answered. */
export interface Answer<Data> {
  data: Data | null
  /** Says nothing about the change itself; that it is refused is in the payload. */
  failure: string | null
}

/** Not by the GraphQL client, which would rerun the queries of the page after a mutation. */
export async function dryRun<Data, Variables extends object>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  signal: AbortSignal,
  timeoutMs = longestMs,
): Promise<Answer<Data>> {
  const body: Body<Data> | null = await fetch('/graphql', {
    method: 'POST',
    credentials: 'same-origin',
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      'tenure-dry-run': 'true',
    },
    body: JSON.stringify({ query: stringifyDocument(document), variables }),
  }).then(
    (response) => response.json().catch(() => null),
    () => null,
  )
  if (!body)
    return { data: null, failure: t`Can't reach Tenure. Check your connection and try again.` }
  const { data = null, errors = [] } = body
  if (errors.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED')) {
    await waitForSignIn()
    return dryRun(document, variables, signal, timeoutMs)
  }
  const messages = errors.map(({ message }) => message).filter(Boolean)
  if (messages.length > 0) return { data, failure: messages.join(' ') }
  return { data, failure: data ? null : t`Something went wrong. Try again.` }
}

export interface Preview<Data> extends Answer<Data> {
  fetching: boolean
  retry: () => void
}

/** The payload that a mutation would answer; asked again when its variables or the data change. */
export function useDryRun<Data, Variables extends object>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables | null,
): Preview<Data> {
  const [state, setState] = useState<Answer<Data>>({ data: null, failure: null })
  const [fetching, setFetching] = useState(true)
  const [attempt, setAttempt] = useState(0)
  const key = variables && JSON.stringify(variables)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks again.
  useEffect(() => {
    if (!key) return
    const abort = new AbortController()
    setFetching(true)
    const timer = setTimeout(async () => {
      const answer = await dryRun(document, JSON.parse(key) as Variables, abort.signal)
      if (abort.signal.aborted) return
      setState(answer)
      setFetching(false)
    }, pauseMs)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [document, key, attempt])
  useEffect(() => onRefresh(() => setAttempt((last) => last + 1)), [])
  return { ...state, fetching, retry: () => setAttempt(attempt + 1) }
}

/** Why the server refuses what was previewed; null if it does not. */
export function refusalOf(payload: { errors: { message: string }[] } | null | undefined) {
  return payload?.errors.map((error) => serverText(error.message)).join(' ') || null
}
