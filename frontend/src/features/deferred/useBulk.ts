/** A change of several deferred actions: one that cannot be changed does not stop the others. */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import type { UseFormReturnType } from '@mantine/form'
import { useState } from 'react'
import { type AnyVariables, useMutation } from 'urql'
import type { DeferredActionStatus } from '@/gql/graphql'
import { useDialog } from '@/lib/dialog'
import { sentenceOf } from '@/lib/failure'
import { type PayloadError, placeErrors, placeInList } from '@/lib/payload'
import { told } from '@/lib/told'
import { counted } from '@/lib/words'

interface BulkPayload {
  deferredActions: { id: string; status: DeferredActionStatus; failure?: string | null }[]
  errors: PayloadError[]
}

/** Why not, by id; null for what went well. */
export type Outcome = Map<string, string | null>

export function outcomeOf(ids: string[], payload: BulkPayload): { outcome: Outcome; general: PayloadError[] } {
  const outcome: Outcome = new Map()
  for (const action of payload.deferredActions) {
    outcome.set(action.id, action.status === 'FAILED' ? (action.failure ?? 'It failed.') : null)
  }
  const general: PayloadError[] = []
  for (const error of payload.errors) {
    const id = ids[placeInList(error) ?? -1]
    if (id) outcome.set(id, error.message)
    else general.push(error)
  }
  return { outcome, general }
}

export function useBulk<Data, Variables extends AnyVariables, Values extends object>(
  document: TypedDocumentNode<Data, Variables>,
  payloadOf: (data: Data) => BulkPayload,
  form?: UseFormReturnType<Values>,
) {
  const { close } = useDialog()
  const [state, execute] = useMutation(document)
  const [problems, setProblems] = useState<string[]>([])
  const [outcome, setOutcome] = useState<Outcome | null>(null)

  async function run(variables: Variables, ids: string[]): Promise<void> {
    setProblems([])
    const result = await execute(variables)
    if (result.error || !result.data) {
      setProblems([result.error ? sentenceOf(result.error) : 'Tenure gave no answer. Try again.'])
      return
    }
    const { outcome: each, general } = outcomeOf(ids, payloadOf(result.data))
    const placed = placeErrors(general, form ? Object.keys(form.getValues()) : [])
    form?.setErrors(placed.fields)
    setProblems(placed.form)
    if (general.length > 0) return
    if ([...each.values()].every((failure) => failure === null)) {
      told(`${counted(ids.length, 'deferred action')}: done.`)
      close()
    } else setOutcome(each)
  }

  return { run, busy: state.fetching, problems, outcome }
}
