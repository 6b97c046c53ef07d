/** Changes the status of an account or of an asset, and says what was done. */
import type { UseFormReturnType } from '@mantine/form'
import { useRouter } from '@tanstack/react-router'
import { type Client, useClient } from 'urql'
import type { ActionTitleFragment, ChangeAssetStatusInput, Status } from '@/gql/graphql'
import { notifyOfChange } from '@/lib/changeNotice'
import { errorMessage } from '@/lib/failure'
import { cancelScheduled } from '@/lib/scheduled'
import { useAction } from '@/lib/useAction'
import { timelineLink } from '../events/links'
import { ChangeAccountStatusDocument, ChangeAssetStatusDocument } from './operations.generated'
import { kindOf, numberOf, type StatusNode } from './subject'

export type Change = Omit<ChangeAssetStatusInput, 'assetId'>

export interface ChangePayload {
  deferredAction?: (ActionTitleFragment & { id: string; scheduledFor: string }) | null
  reactivation?: { id: string; scheduledFor: string } | null
  /** The first event of a change that was made now. */
  event?: { id: string } | null
  cancelledDeferredActionCount: number
  /** What was changed, with its new version. */
  account?: { version: number } | null
  asset?: { version: number } | null
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
  const { busy, problems, clear } = ofAccount ? account : asset

  function run({ login, ...change }: Change): Promise<ChangePayload | null> {
    return ofAccount
      ? account.run({ input: { accountId: node.id, ...change } })
      : asset.run({ input: { assetId: node.id, login, ...change } })
  }

  function announce(message: string, to: Status, change: Change, payload: ChangePayload) {
    const entry = payload.deferredAction?.id ?? payload.event?.id
    const back = undoOf(node, to, change, payload)
    notifyOfChange({
      message,
      show: () => void router.navigate(timelineLink(numberOf(node), entry)),
      undo: back ? () => takeBack(client, node, back, payload) : undefined,
    })
  }

  return { run, announce, busy, problems, clear }
}

/** What undoes a change: a deferred action to cancel, or a status to set. */
export type Undo = { scheduled: string } | { status: Status }

/** Null for a change without a way back, such as closing and backdated changes. */
export function undoOf(
  node: Pick<StatusNode, 'status' | 'holds'>,
  to: Status,
  change: Pick<Change, 'backdateTo'>,
  { deferredAction }: Pick<ChangePayload, 'deferredAction'>,
): Undo | null {
  // Its reactivation is cancelled together with it.
  if (deferredAction) return { scheduled: deferredAction.id }
  if (change.backdateTo) return null
  if (to === 'INACTIVE' && node.status === 'ACTIVE') return { status: 'ACTIVE' }
  const wasManual = node.holds.every(
    ({ effect, cause }) => effect === 'INACTIVE' && cause === 'MANUAL',
  )
  if (to === 'ACTIVE' && node.status === 'INACTIVE' && wasManual) return { status: 'INACTIVE' }
  return null
}

async function takeBack(
  client: Client,
  node: StatusNode,
  undo: Undo,
  { account, asset }: ChangePayload,
): Promise<string | null> {
  if ('scheduled' in undo) return cancelScheduled(client, undo.scheduled)
  // Its reactivation, if any, is cancelled with the change.
  const change = {
    status: undo.status,
    cancelConflicts: true,
    // What somebody else has changed since is not undone with it.
    expectedVersion: (account ?? asset)?.version,
  }
  if (kindOf(node) === 'account') {
    const { data, error } = await client
      .mutation(ChangeAccountStatusDocument, { input: { accountId: node.id, ...change } })
      .toPromise()
    return error ? errorMessage(error) : firstProblem(data?.changeAccountStatus)
  }
  const { data, error } = await client
    .mutation(ChangeAssetStatusDocument, { input: { assetId: node.id, ...change } })
    .toPromise()
  return error ? errorMessage(error) : firstProblem(data?.changeAssetStatus)
}

function firstProblem(payload: { errors: { message: string }[] } | null | undefined) {
  return payload?.errors[0]?.message ?? null
}
