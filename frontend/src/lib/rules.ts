/** The rules that explain a hold or a charge, as sentences for the page. */
import { t } from '@lingui/core/macro'
import type { EventKind, HoldCause } from '@/gql/graphql'

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
  USAGE: t`Billed after the period in which it was used: quantity × rate.`,
  CANCEL_FEE: t`Charged once, when the offer is closed.`,
  DISCOUNT: t`A discount offer takes a percentage off the fee or the usage.`,
  ADJUSTMENT: t`Credited or charged by a user, with a reason.`,
  TRANSFER: t`Charges of an account that another one pays for are on the bill of the payer.`,
}
