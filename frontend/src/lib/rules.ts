/** The rules that explain a hold or a charge, as sentences for the page. */
import { t } from '@lingui/core/macro'
import type { BillItemKind, EventKind, HoldCause } from '@/gql/graphql'

/** Why an entity is held, and what lifts the hold (rules 2.2 to 2.6). */
export const holdRules: Record<HoldCause, string> = {
  MANUAL: t`Set by an agent. An agent or a scheduled change lifts it.`,
  DEBT: t`A payment failed. Reactivates automatically once the overdue amount is paid.`,
  PARENT: t`An account follows the status of the account that pays for it.`,
  ACCOUNT: t`Services and offers follow the status of their account.`,
  SERVICE: t`Offers follow the status of their service.`,
}

/** How the amount of an event is computed (rules 6). */
export const chargeRules: Partial<Record<EventKind, string>> = {
  PURCHASE_FEE: t`Charged once, when the offer is purchased.`,
  CYCLE_FEE: t`Charged in advance, for the days of the period on which the offer is active.`,
  USAGE: t`Billed after the period of use: quantity × rate, rounded once for all of an item.`,
  CANCEL_FEE: t`Charged once, when the offer is closed.`,
  DISCOUNT: t`A percentage off the fee or the usage; off usage, it is rounded once for an item.`,
  ADJUSTMENT: t`Credited or charged by a user, with a reason.`,
  TRANSFER: t`Charges of an account that another one pays for are on the bill of the payer.`,
}

/** What an item of a bill sums up (rules 6.1, 6.2). */
export const itemRules: Record<BillItemKind, string> = {
  PURCHASE: t`The fees of offers that were purchased in this period.`,
  CYCLE: t`The monthly fees of the next period, in advance, and their corrections.`,
  USAGE: t`The usage of this period, and what was recorded late.`,
  CANCEL: t`The fees of offers that were closed in this period.`,
  ADJUSTMENT: t`What users credited or charged, and granted disputes.`,
}

/** What the lines of the summary of a bill are (rules 6.6). */
export const summaryRules = [
  t`Previous balance: what was open of earlier bills when this bill was made.`,
  t`Charges: the items of this bill, without adjustments.`,
  t`Payments and adjustments: those after the previous bill.`,
  t`Disputed: not due while the dispute is open.`,
  t`The lines add up to the total due.`,
]
