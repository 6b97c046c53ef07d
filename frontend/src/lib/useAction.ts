/** Sends the mutation of a form and assigns its errors to the fields. */

import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { t } from '@lingui/core/macro'
import type { UseFormReturnType } from '@mantine/form'
import { useState } from 'react'
import { type AnyVariables, useMutation } from 'urql'
import { errorMessage } from './failure'
import { assignErrors, type PayloadError } from './payload'

interface Payload {
  errors: PayloadError[]
}

export interface Action<Variables, P> {
  /** The payload on success; null when the form shows the errors. */
  run: (variables: Variables) => Promise<P | null>
  busy: boolean
  problems: string[]
  /** Removes the problems. */
  clear: () => void
}

export function useAction<
  Data,
  Variables extends AnyVariables,
  P extends Payload,
  Values extends object,
>(
  document: TypedDocumentNode<Data, Variables>,
  payloadOf: (data: Data) => P | null | undefined,
  form?: UseFormReturnType<Values>,
): Action<Variables, P> {
  const [state, execute] = useMutation(document)
  const [problems, setProblems] = useState<string[]>([])

  async function run(variables: Variables): Promise<P | null> {
    setProblems([])
    const result = await execute(variables)
    const payload = result.data && payloadOf(result.data)
    if (result.error || !payload) {
      setProblems([
        result.error ? errorMessage(result.error) : t`Tenure returned no result. Try again.`,
      ])
      return null
    }
    if (payload.errors.length === 0) return payload
    const assigned = assignErrors(payload.errors, form ? Object.keys(form.getValues()) : [])
    form?.setErrors(assigned.fields)
    setProblems(assigned.form)
    return null
  }

  return { run, busy: state.fetching, problems, clear: () => setProblems([]) }
}
