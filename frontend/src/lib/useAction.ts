/**
 * Sends the mutation of a form and assigns its errors to the fields. What another tab has submitted
 * since the form was opened is not submitted again at the first try.
 */

import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { t } from '@lingui/core/macro'
import type { UseFormReturnType } from '@mantine/form'
import { useEffect, useState } from 'react'
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
  const [openedAt] = useState(Date.now)
  const [isSubmitting, setSubmitting] = useState(false)
  const isForm = form !== undefined
  useEffect(() => {
    if (isForm) void submissions().then((known) => known?.listenToOtherTabs())
  }, [isForm])

  /** Null if another tab has just done the same. */
  async function submit(variables: Variables) {
    if (!form) return execute(variables)
    setSubmitting(true)
    try {
      const known = await submissions()
      if (!known) return await execute(variables)
      return await known.submitOnce(
        known.submissionKey(nameOf(document), variables),
        openedAt,
        () => execute(variables),
        ({ data }) => data !== undefined && payloadOf(data)?.errors.length === 0,
      )
    } finally {
      setSubmitting(false)
    }
  }

  async function run(variables: Variables): Promise<P | null> {
    setProblems([])
    const result = await submit(variables)
    if (!result) {
      setProblems([t`Another tab has just done the same. Submit again to repeat it.`])
      return null
    }
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

  return { run, busy: state.fetching || isSubmitting, problems, clear: () => setProblems([]) }
}

/** Loaded with the first form; null if it cannot be loaded. */
const submissions = () => import('./submissions').catch(() => null)

/** Of the operation that a document consists of. */
function nameOf(document: TypedDocumentNode<unknown, never>): string {
  const [operation] = document.definitions
  return operation && 'name' in operation ? (operation.name?.value ?? '') : ''
}
