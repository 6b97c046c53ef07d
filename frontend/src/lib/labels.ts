/** The labels of the API's enums. */
import type {
  BillStatus,
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
  ACTIVE: 'Active',
  INACTIVE: 'Inactive',
  CLOSED: 'Closed',
}

export const statusVerbs: Record<Status, string> = {
  ACTIVE: 'Reactivate',
  INACTIVE: 'Inactivate',
  CLOSED: 'Close',
}

export const rankLabels: Record<Rank, string> = {
  PLATINUM: 'Platinum',
  GOLD: 'Gold',
  SILVER: 'Silver',
  BRONZE: 'Bronze',
}

export const roleLabels: Record<Role, string> = {
  VIEWER: 'Viewer',
  AGENT: 'Agent',
  MANAGER: 'Manager',
  ADMIN: 'Admin',
}

export const causeLabels: Record<HoldCause, string> = {
  MANUAL: 'Agent',
  DEBT: 'Debt',
  PARENT: 'Payer',
  ACCOUNT: 'Account',
  SERVICE: 'Service',
}

export const deferredKindLabels: Record<DeferredActionKind, string> = {
  CHANGE_ACCOUNT_STATUS: 'Change account status',
  CHANGE_SERVICE_STATUS: 'Change service status',
  CHANGE_OFFER_STATUS: 'Change offer status',
  ADD_TO_HIERARCHY: 'Add to hierarchy',
  REMOVE_FROM_HIERARCHY: 'Remove from hierarchy',
  MOVE_IN_HIERARCHY: 'Move in hierarchy',
}

export const deferredStatusLabels: Record<DeferredActionStatus, string> = {
  PENDING: 'Pending',
  DONE: 'Completed',
  FAILED: 'Failed',
  NOT_APPLICABLE: 'Skipped',
  CANCELLED: 'Cancelled',
}

export const eventKindLabels: Record<EventKind, string> = {
  STATUS_CHANGE: 'Status change',
  HIERARCHY_CHANGE: 'Hierarchy change',
  DEFERRED_ACTION: 'Deferred action',
  ACCOUNT_CHANGE: 'Account change',
  PURCHASE_FEE: 'Purchase fee',
  CYCLE_FEE: 'Monthly fee',
  USAGE: 'Usage',
  CANCEL_FEE: 'Cancel fee',
  DISCOUNT: 'Discount',
  ADJUSTMENT: 'Adjustment',
  PAYMENT: 'Payment',
  TRANSFER: 'Billed to the payer',
  DISPUTE: 'Dispute',
}

export const jobKindLabels: Record<JobKind, string> = {
  DEFERRED_ACTIONS: 'Deferred actions',
  BILL_DAY: 'Bill day',
}

export const jobStatusLabels: Record<JobRunStatus, string> = {
  QUEUED: 'Queued',
  RUNNING: 'Running',
  DONE: 'Completed',
  DONE_WITH_FAILURES: 'Completed with errors',
  FAILED: 'Failed',
  CANCELLED: 'Cancelled',
}

export const billStatusLabels: Record<BillStatus, string> = {
  PENDING: 'Pending',
  OPEN: 'Open',
  PAID: 'Paid',
}

export const disputeStatusLabels: Record<DisputeStatus, string> = {
  OPEN: 'Open',
  GRANTED: 'Granted',
  PARTLY_GRANTED: 'Partly granted',
  DENIED: 'Denied',
}

export const offerKindLabels: Record<OfferKind, string> = {
  CHARGE: 'Charge offer',
  DISCOUNT: 'Discount offer',
}

/** The common kinds of service; offers may have further kinds. */
export const usualServiceKinds = ['telephony', 'mobile', 'internet', 'tv']

export const paymentMethodLabels: Record<PaymentMethodKind, string> = {
  CREDIT_CARD: 'Credit card',
  DIRECT_DEBIT: 'Direct debit',
  INVOICE: 'Invoice',
}

export const paymentStatusLabels: Record<PaymentStatus, string> = {
  PENDING: 'Pending',
  SUCCEEDED: 'Succeeded',
  FAILED: 'Failed',
}

/** Options for a select, in the order of the labels. */
export function optionsOf<Key extends string>(
  labels: Record<Key, string>,
): { value: Key; label: string }[] {
  return (Object.entries(labels) as [Key, string][]).map(([value, label]) => ({ value, label }))
}

/** "1 offer", "3 offers", "1,200 accounts". */
export function countLabel(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`
}
