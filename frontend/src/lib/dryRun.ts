/** Asks the server what a mutation would do. It runs in full and is rolled back. */

import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { t } from '@lingui/core/macro'
import { stringifyDocument } from '@urql/core'
import { useEffect, useState } from 'react'

/** While one types, only the last change within this time is asked. */
const pauseMs = 250

interface Answer<Data> {
  data?: Data
  errors?: { message: string }[]
}

/** Not by the GraphQL client, which would rerun the queries of the page after a mutation. */
async function dryRun<Data>(
  document: TypedDocumentNode<Data>,
  variables: object,
  signal: AbortSignal,
): Promise<Answer<Data>> {
  const response = await fetch('/graphql', {
    method: 'POST',
    credentials: 'same-origin',
    signal,
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      'tenure-dry-run': 'true',
    },
    body: JSON.stringify({ query: stringifyDocument(document), variables }),
  })
  return response.json()
}

export interface Preview<Data> {
  data: Data | null
  /** Why there is none. */
  problem: string | null
  fetching: boolean
}

/** The payload that a mutation would answer; asked again when its variables change. */
export function useDryRun<Data, Variables extends object>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables | null,
): Preview<Data> {
  const [state, setState] = useState<Preview<Data>>({ data: null, problem: null, fetching: true })
  const key = variables && JSON.stringify(variables)
  useEffect(() => {
    if (!key) return
    const abort = new AbortController()
    setState((before) => ({ ...before, fetching: true }))
    const timer = setTimeout(() => {
      dryRun(document as TypedDocumentNode<Data>, JSON.parse(key), abort.signal).then(
        ({ data = null, errors = [] }) =>
          setState({
            data,
            problem: errors.map((each) => each.message).join(' ') || null,
            fetching: false,
          }),
        () => {
          if (abort.signal.aborted) return
          const problem = t`Can't reach Tenure. Check your connection and try again.`
          setState({ data: null, problem, fetching: false })
        },
      )
    }, pauseMs)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [document, key])
  return state
}
