/** Changes the place of an account in the hierarchy, and says what was done. */
import type { UseFormReturnType } from '@mantine/form'
import { useRouter } from '@tanstack/react-router'
import { useClient } from 'urql'
import type { ChangeHierarchyInput, HierarchySubjectQuery } from '@/gql/graphql'
import { notifyOfChange } from '@/lib/changeNotice'
import { errorMessage } from '@/lib/failure'
import { cancelScheduled } from '@/lib/scheduled'
import { useAction } from '@/lib/useAction'
import { timelineLink } from '../events/links'
import { ChangeHierarchyDocument } from './operations.generated'
import { payerByParent } from './payers'

/** A deferred action, or the event of a move that was made now. */
interface MovePayload {
  deferredAction?: { id: string } | null
  event?: { id: string } | null
  account?: { version: number } | null
}

type Subject = NonNullable<HierarchySubjectQuery['account']>

export function useMove<Values extends object>(account: Subject, form: UseFormReturnType<Values>) {
  const client = useClient()
  const router = useRouter()
  const change = useAction(ChangeHierarchyDocument, (data) => data.changeHierarchy, form)

  /** What somebody else has changed since is not undone with it. */
  async function moveBack(expectedVersion: number | undefined): Promise<string | null> {
    const { data, error } = await client
      .mutation(ChangeHierarchyDocument, { input: { ...placeOf(account), expectedVersion } })
      .toPromise()
    if (error) return errorMessage(error)
    return data?.changeHierarchy?.errors[0]?.message ?? null
  }

  function announce(message: string, input: ChangeHierarchyInput, payload: MovePayload) {
    const scheduled = payload.deferredAction?.id
    // Accounts that stayed behind would not be moved back.
    const isReversible = input.children !== 'STAY'
    notifyOfChange({
      message,
      show: () =>
        void router.navigate(timelineLink(account.number, scheduled ?? payload.event?.id)),
      undo: scheduled
        ? () => cancelScheduled(client, scheduled)
        : isReversible
          ? () => moveBack(payload.account?.version)
          : undefined,
    })
  }

  return { ...change, announce }
}

/** The input that restores the present place of an account, and its payer. */
export function placeOf(account: Subject): ChangeHierarchyInput {
  return {
    accountId: account.id,
    parentId: account.parent?.id ?? null,
    parentPays: payerByParent(account) !== undefined,
    children: 'FOLLOW',
  }
}
