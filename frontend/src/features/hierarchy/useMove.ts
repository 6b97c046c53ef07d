/** Changes the place of an account in the hierarchy, and says what was done. */
import type { UseFormReturnType } from '@mantine/form'
import { useRouter } from '@tanstack/react-router'
import { useClient } from 'urql'
import type { ChangeHierarchyInput, HierarchySubjectQuery } from '@/gql/graphql'
import { notifyOfChange } from '@/lib/changeNotice'
import { errorMessage } from '@/lib/failure'
import { useAction } from '@/lib/useAction'
import { hierarchyLink } from './links'
import { CancelMoveDocument, ChangeHierarchyDocument } from './operations.generated'
import { paidByParent } from './PayerChoice'

type Subject = NonNullable<HierarchySubjectQuery['account']>

export function useMove<Values extends object>(account: Subject, form: UseFormReturnType<Values>) {
  const client = useClient()
  const router = useRouter()
  const change = useAction(ChangeHierarchyDocument, (data) => data.changeHierarchy, form)

  async function cancelScheduled(id: string): Promise<string | null> {
    const { data, error } = await client
      .mutation(CancelMoveDocument, { input: { ids: [id] } })
      .toPromise()
    if (error) return errorMessage(error)
    return data?.cancelDeferredActions?.errors[0]?.message ?? null
  }

  async function moveBack(): Promise<string | null> {
    const { data, error } = await client
      .mutation(ChangeHierarchyDocument, { input: placeOf(account) })
      .toPromise()
    if (error) return errorMessage(error)
    return data?.changeHierarchy?.errors[0]?.message ?? null
  }

  /** `scheduled` is the id of the deferred action, if the move was not made now. */
  function announce(message: string, input: ChangeHierarchyInput, scheduled: string | undefined) {
    // Accounts that stayed behind would not be moved back.
    const isReversible = input.children !== 'STAY'
    notifyOfChange({
      message,
      show: () => void router.navigate(hierarchyLink(account.number)),
      undo: scheduled ? () => cancelScheduled(scheduled) : isReversible ? moveBack : undefined,
    })
  }

  return { ...change, announce }
}

/** The input that restores the present place of an account, and its payer. */
export function placeOf(account: Subject): ChangeHierarchyInput {
  return {
    accountId: account.id,
    parentId: account.parent?.id ?? null,
    parentPays: paidByParent(account),
    children: 'FOLLOW',
  }
}
