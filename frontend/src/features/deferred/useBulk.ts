/** Changes several deferred actions. A failure of one does not affect the others. */

import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { t } from '@lingui/core/macro'
import type { UseFormReturnType } from '@mantine/form'
import { useState } from 'react'
import { type AnyVariables, useMutation } from 'urql'
import type { DeferredActionStatus } from '@/gql/graphql'
import { useDialog } from '@/lib/dialog'
import { errorMessage } from '@/lib/failure'
import { deferredStatusLabels } from '@/lib/labels'
import { notify } from '@/lib/notify'
import { assignErrors, indexInList, type PayloadError } from '@/lib/payload'

interface BulkPayload {
  deferredActions: { id: string; status: DeferredActionStatus; failure?: string | null }[]
  errors: PayloadError[]
}

export interface Result {
  ok: boolean
  /** The result as a sentence. */
  message: string
}

/** The result of each action, by id. */
export type Outcome = Map<string, Result>

/** What is said of the actions that succeeded; the dialog stays open only if one has failed. */
interface Success {
  /** Of each one in a list. */
  result: string
  /** Of all of them. */
  notice: (count: number) => string
}

export function outcomeOf(
  ids: string[],
  payload: BulkPayload,
  success: Success,
): { outcome: Outcome; general: PayloadError[] } {
  const outcome: Outcome = new Map()
  for (const { id, status, failure } of payload.deferredActions) {
    const failed = status === 'FAILED' || status === 'NOT_APPLICABLE'
    const reason = `${deferredStatusLabels[status]}${failure ? `: ${failure}` : '.'}`
    outcome.set(id, { ok: !failed, message: failed ? reason : success.result })
  }
  const general: PayloadError[] = []
  for (const error of payload.errors) {
    const id = ids[indexInList(error) ?? -1]
    if (id) outcome.set(id, { ok: false, message: error.message })
    else general.push(error)
  }
  return { outcome, general }
}

export function useBulk<Data, Variables extends AnyVariables, Values extends object>(
  document: TypedDocumentNode<Data, Variables>,
  payloadOf: (data: Data) => BulkPayload | null | undefined,
  success: Success,
  form?: UseFormReturnType<Values>,
) {
  const { close } = useDialog()
  const [state, execute] = useMutation(document)
  const [problems, setProblems] = useState<string[]>([])
  const [outcome, setOutcome] = useState<Outcome | null>(null)

  async function run(variables: Variables, ids: string[]): Promise<void> {
    setProblems([])
    const result = await execute(variables)
    const payload = result.data && payloadOf(result.data)
    if (result.error || !payload) {
      setProblems([
        result.error ? errorMessage(result.error) : t`Tenure returned no result. Try again.`,
      ])
      return
    }
    const { outcome: each, general } = outcomeOf(ids, payload, success)
    const assigned = assignErrors(general, form ? Object.keys(form.getValues()) : [])
    form?.setErrors(assigned.fields)
    setProblems(assigned.form)
    if (general.length > 0) return
    if ([...each.values()].every((result) => result.ok)) {
      notify(success.notice(each.size))
      close()
    } else setOutcome(each)
  }

  return { run, busy: state.fetching, problems, outcome }
}
