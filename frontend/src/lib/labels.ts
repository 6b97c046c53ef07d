/** The labels of the API's enums. */
import { t } from '@lingui/core/macro'
import type {
  BillStatus,
  ContactKind,
  DeferredActionKind,
  DeferredActionStatus,
  DisputeStatus,
  EventKind,
  HoldCause,
  JobKind,
  JobRunStatus,
  OfferKind,
  PaymentMethodKind,
  PaymentStatus,
  Rank,
  Role,
  Status,
} from '@/gql/graphql'

export const statusLabels: Record<Status, string> = {
  ACTIVE: t`Active`,
  INACTIVE: t`Inactive`,
  CLOSED: t`Closed`,
}

export const statusVerbs: Record<Status, string> = {
  ACTIVE: t`Reactivate`,
  INACTIVE: t`Inactivate`,
  CLOSED: t`Close`,
}

export const rankLabels: Record<Rank, string> = {
  PLATINUM: t`Platinum`,
  GOLD: t`Gold`,
  SILVER: t`Silver`,
  BRONZE: t`Bronze`,
}

export const roleLabels: Record<Role, string> = {
  VIEWER: t`Viewer`,
  AGENT: t`Agent`,
  MANAGER: t`Manager`,
  ADMIN: t`Admin`,
}

export const causeLabels: Record<HoldCause, string> = {
  MANUAL: t`Agent`,
  DEBT: t`Debt`,
  PARENT: t`Payer`,
  ACCOUNT: t`Account`,
  SERVICE: t`Service`,
}

export const deferredKindLabels: Record<DeferredActionKind, string> = {
  CHANGE_ACCOUNT_STATUS: t`Change account status`,
  CHANGE_SERVICE_STATUS: t`Change service status`,
  CHANGE_OFFER_STATUS: t`Change offer status`,
  ADD_TO_HIERARCHY: t`Add to hierarchy`,
  REMOVE_FROM_HIERARCHY: t`Remove from hierarchy`,
  MOVE_IN_HIERARCHY: t`Move in hierarchy`,
}

export const deferredStatusLabels: Record<DeferredActionStatus, string> = {
  PENDING: t`Pending`,
  DONE: t`Completed`,
  FAILED: t`Failed`,
  NOT_APPLICABLE: t`Skipped`,
  CANCELLED: t`Cancelled`,
}

export const eventKindLabels: Record<EventKind, string> = {
  STATUS_CHANGE: t`Status change`,
  HIERARCHY_CHANGE: t`Hierarchy change`,
  DEFERRED_ACTION: t`Deferred action`,
  ACCOUNT_CHANGE: t`Account change`,
  PURCHASE_FEE: t`Purchase fee`,
  CYCLE_FEE: t`Monthly fee`,
  USAGE: t`Usage`,
  CANCEL_FEE: t`Cancel fee`,
  DISCOUNT: t`Discount`,
  ADJUSTMENT: t`Adjustment`,
  PAYMENT: t`Payment`,
  TRANSFER: t`Billed to the payer`,
  DISPUTE: t`Dispute`,
}

export const jobKindLabels: Record<JobKind, string> = {
  DEFERRED_ACTIONS: t`Deferred actions`,
  BILL_DAY: t`Bill day`,
  STATUS_CHANGE: t`Status change`,
  IMPORT: t({ message: 'Import', context: 'noun' }),
}

export const jobStatusLabels: Record<JobRunStatus, string> = {
  QUEUED: t`Queued`,
  RUNNING: t`Running`,
  DONE: t`Completed`,
  DONE_WITH_FAILURES: t`Completed with errors`,
  FAILED: t`Failed`,
  CANCELLED: t`Cancelled`,
}

export const billStatusLabels: Record<BillStatus, string> = {
  PENDING: t`Pending`,
  OPEN: t`Open`,
  PAID: t`Paid`,
}

export const disputeStatusLabels: Record<DisputeStatus, string> = {
  OPEN: t`Open`,
  GRANTED: t`Granted`,
  PARTLY_GRANTED: t`Partly granted`,
  DENIED: t`Denied`,
}

export const offerKindLabels: Record<OfferKind, string> = {
  CHARGE: t`Charge offer`,
  DISCOUNT: t`Discount offer`,
}

/** The common kinds of service; offers may have further kinds. */
export const usualServiceKinds = ['telephony', 'mobile', 'internet', 'tv']

export const paymentMethodLabels: Record<PaymentMethodKind, string> = {
  CREDIT_CARD: t`Credit card`,
  DIRECT_DEBIT: t`Direct debit`,
  INVOICE: t`Invoice`,
}

/** "Visa ···· 4242", or the kind of a method without a number. */
export function paymentMethodLabel({ kind, label }: { kind: PaymentMethodKind; label: string }) {
  return kind === 'CREDIT_CARD' ? label : paymentMethodLabels[kind]
}

export const paymentStatusLabels: Record<PaymentStatus, string> = {
  PENDING: t`Pending`,
  SUCCEEDED: t`Succeeded`,
  FAILED: t`Failed`,
}

export const contactKindLabels: Record<ContactKind, string> = {
  BILLING: t`Billing`,
  SERVICE: t`Service`,
  OTHER: t`Other`,
}

/** Options for a select, in the order of the labels. */
export function optionsOf<Key extends string>(
  labels: Record<Key, string>,
): { value: Key; label: string }[] {
  return (Object.entries(labels) as [Key, string][]).map(([value, label]) => ({ value, label }))
}
