/** Who pays for an account before and after it was moved (rules 5.2). */
import type { HierarchySubjectQuery, PayingAccountFragment } from '@/gql/graphql'

type Subject = NonNullable<HierarchySubjectQuery['account']>
type Payer = NonNullable<PayingAccountFragment['billUnits'][number]['payingParent']>

/** Who pays for what an account pays for: itself, or the payer of its default bill unit. */
export function payerBelow(parent: PayingAccountFragment): Payer['account'] {
  return parent.billUnits[0]?.payingParent?.account ?? parent
}

/**
 * The present payer, if it pays because of the parent: it is the parent or the payer of the parent,
 * and stops with a move.
 */
export function payerByParent({ parent, billUnits }: Subject): Payer['account'] | undefined {
  if (!parent) return undefined
  const units = [...parent.billUnits, parent.billUnits[0]?.payingParent].map((unit) => unit?.id)
  return payersOf(billUnits).find(({ id }) => units.includes(id))?.account
}

/** The present payer, if it pays wherever the account is moved. */
export function lastingPayer(account: Subject): Payer['account'] | undefined {
  if (payerByParent(account)) return undefined
  return payersOf(account.billUnits)[0]?.account
}

function payersOf(billUnits: Subject['billUnits']): Payer[] {
  return billUnits.flatMap(({ payingParent }) => payingParent ?? [])
}

/**
 * Whether the new parent pays, so that the present payer stays. Null if it does not stay in either
 * case, or while the payer below the new parent is not known.
 */
export function presentChoice(
  account: Subject,
  newPayer: Payer['account'] | undefined,
): boolean | null {
  const former = payerByParent(account)
  if (!former) return false
  return newPayer?.id === former.id ? true : null
}
