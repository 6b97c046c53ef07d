/** A change of several deferred actions: one that cannot be changed does not stop the others. */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import type { UseFormReturnType } from '@mantine/form'
import { useState } from 'react'
import { type AnyVariables, useMutation } from 'urql'
import type { DeferredActionStatus } from '@/gql/graphql'
import { useDialog } from '@/lib/dialog'
import { sentenceOf } from '@/lib/failure'
import { deferredStatusLabels } from '@/lib/labels'
import { notify } from '@/lib/notify'
import { type PayloadError, placeErrors, placeInList } from '@/lib/payload'

interface BulkPayload {
  deferredActions: { id: string; status: DeferredActionStatus; failure?: string | null }[]
  errors: PayloadError[]
}

export interface Result {
  ok: boolean
  /** How it went, in a sentence. */
  words: string
}

/** How it went with each, by id. */
export type Outcome = Map<string, Result>

/** `well` is said of those that went well. */
export function outcomeOf(
  ids: string[],
  payload: BulkPayload,
  well: string,
): { outcome: Outcome; general: PayloadError[] } {
  const outcome: Outcome = new Map()
  for (const { id, status, failure } of payload.deferredActions) {
    const bad = status === 'FAILED' || status === 'NOT_APPLICABLE'
    const word = `${deferredStatusLabels[status]}${failure ? `: ${failure}` : '.'}`
    outcome.set(id, { ok: !bad, words: bad ? word : well })
  }
  const general: PayloadError[] = []
  for (const error of payload.errors) {
    const id = ids[placeInList(error) ?? -1]
    if (id) outcome.set(id, { ok: false, words: error.message })
    else general.push(error)
  }
  return { outcome, general }
}

export function useBulk<Data, Variables extends AnyVariables, Values extends object>(
  document: TypedDocumentNode<Data, Variables>,
  payloadOf: (data: Data) => BulkPayload | null | undefined,
  well: string,
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
        result.error ? sentenceOf(result.error) : 'Tenure returned no result. Try again.',
      ])
      return
    }
    const { outcome: each, general } = outcomeOf(ids, payload, well)
    const placed = placeErrors(general, form ? Object.keys(form.getValues()) : [])
    form?.setErrors(placed.fields)
    setProblems(placed.form)
    if (general.length > 0) return
    const [only] = each.values()
    if (ids.length === 1 && only?.ok) {
      notify(`Deferred action ${well.toLowerCase()}`)
      close()
    } else setOutcome(each)
  }

  return { run, busy: state.fetching, problems, outcome }
}
