/** Changes the status of an account or of an asset, and says what was done. */
import type { UseFormReturnType } from '@mantine/form'
import { useRouter } from '@tanstack/react-router'
import { type Client, useClient } from 'urql'
import type { ChangeAssetStatusInput, Status } from '@/gql/graphql'
import { notifyOfChange } from '@/lib/changeNotice'
import { errorMessage } from '@/lib/failure'
import { useAction } from '@/lib/useAction'
import { timelineLink } from '../events/links'
import {
  CancelConflictsDocument,
  ChangeAccountStatusDocument,
  ChangeAssetStatusDocument,
} from './operations.generated'
import { kindOf, numberOf, type StatusNode } from './subject'

export type Change = Omit<ChangeAssetStatusInput, 'assetId'>

export interface ChangePayload {
  deferredAction?: { id: string; summary: string; scheduledFor: string } | null
  reactivation?: { id: string; scheduledFor: string } | null
}

export function useChangeStatus<Values extends object>(
  node: StatusNode,
  form: UseFormReturnType<Values>,
) {
  const client = useClient()
  const router = useRouter()
  const ofAccount = kindOf(node) === 'account'
  const account = useAction(ChangeAccountStatusDocument, (data) => data.changeAccountStatus, form)
  const asset = useAction(ChangeAssetStatusDocument, (data) => data.changeAssetStatus, form)
  const cancelling = useAction(CancelConflictsDocument, (data) => data.cancelDeferredActions)
  const { busy, problems } = ofAccount ? account : asset

  function run({ login, ...change }: Change): Promise<ChangePayload | null> {
    return ofAccount
      ? account.run({ input: { accountId: node.id, ...change } })
      : asset.run({ input: { assetId: node.id, login, ...change } })
  }

  /** Cancels the actions that no longer apply; answers how many. */
  async function cancel(ids: string[]): Promise<number> {
    if (ids.length === 0) return 0
    const payload = await cancelling.run({ input: { ids } })
    return payload?.deferredActions.filter(({ status }) => status === 'CANCELLED').length ?? 0
  }

  function announce(message: string, to: Status, change: Change, payload: ChangePayload) {
    const back = undoOf(node, to, change, payload)
    notifyOfChange({
      message,
      show: () => void router.navigate(timelineLink(numberOf(node))),
      undo: back ? () => takeBack(client, node, back) : undefined,
    })
  }

  return { run, cancel, announce, busy: busy || cancelling.busy, problems }
}

/** What undoes a change: a status to set, and deferred actions to cancel. */
export interface Undo {
  status?: Status
  cancelled: string[]
}

/** Null for a change without a way back, such as closing and backdated changes. */
export function undoOf(
  node: Pick<StatusNode, 'status' | 'holds'>,
  to: Status,
  change: Pick<Change, 'backdateTo'>,
  { deferredAction, reactivation }: ChangePayload,
): Undo | null {
  // Its reactivation is cancelled together with it.
  if (deferredAction) return { cancelled: [deferredAction.id] }
  if (change.backdateTo) return null
  if (to === 'INACTIVE' && node.status === 'ACTIVE')
    return { status: 'ACTIVE', cancelled: reactivation ? [reactivation.id] : [] }
  const wasManual = node.holds.every(
    ({ effect, cause }) => effect === 'INACTIVE' && cause === 'MANUAL',
  )
  if (to === 'ACTIVE' && node.status === 'INACTIVE' && wasManual)
    return { status: 'INACTIVE', cancelled: [] }
  return null
}

async function takeBack(client: Client, node: StatusNode, undo: Undo): Promise<string | null> {
  if (undo.cancelled.length > 0) {
    const { data, error } = await client
      .mutation(CancelConflictsDocument, { input: { ids: undo.cancelled } })
      .toPromise()
    const problem = error ? errorMessage(error) : firstProblem(data?.cancelDeferredActions)
    if (problem) return problem
  }
  if (!undo.status) return null
  const { status } = undo
  if (kindOf(node) === 'account') {
    const { data, error } = await client
      .mutation(ChangeAccountStatusDocument, { input: { accountId: node.id, status } })
      .toPromise()
    return error ? errorMessage(error) : firstProblem(data?.changeAccountStatus)
  }
  const { data, error } = await client
    .mutation(ChangeAssetStatusDocument, { input: { assetId: node.id, status } })
    .toPromise()
  return error ? errorMessage(error) : firstProblem(data?.changeAssetStatus)
}

function firstProblem(payload: { errors: { message: string }[] } | null | undefined) {
  return payload?.errors[0]?.message ?? null
}
