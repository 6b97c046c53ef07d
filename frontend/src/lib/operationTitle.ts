/** The title of an event by the `operation` in its details. */
import { t } from '@lingui/core/macro'
import type { EventTitleFragment, Status } from '@/gql/graphql'
import { moveTitle, statusChangeTitle } from './actionTitle'
import { digitsOf, formatDecimal, formatMoney } from './money'
import { serverText } from './serverMessage'
import { formatInstant } from './time'

/** The details of an event; which of them it has depends on `operation`. */
export interface EventDetails {
  operation?: string
  /** Fields of an account with their values before and after. */
  changed?: object
  /** That of a contact or of a payment method. */
  kind: string
  billUnitName: string
  payingParentName: string | null
  brand: string | null
  lastFour: string | null
  expirationMonth: number
  expirationYear: number
  toParentNumber: string | null
  leftNumber: string
  parentPays: boolean
  scheduledFor: string
  toStatus?: Status
  newParentNumber: string | null
  failure: string | null
  amount: string
  currency: string
  reference: string
  result: string
  bill: string
  item: string | null
  charge: string | null
  granted: string
}

/** `zone` is the business time zone. */
type Title = (
  details: EventDetails,
  event: EventTitleFragment,
  zone: string,
) => string | null | undefined

/** Null for an operation that the page does not know. */
export const operationTitle: Title = (details, event, zone) =>
  titles[details.operation ?? '']?.(details, event, zone) ?? null

const titles: Record<string, Title> = {
  ACCOUNT_CREATED: (_, { account: { number } }) => t`Account ${number} was created`,
  ACCOUNT_IMPORTED: (_, { account: { number } }) => t`Account ${number} was imported`,
  BILL_UNIT_ADDED: ({ billUnitName: name }) => t`Added bill unit ${name}`,
  PAYER_CHANGED: payerTitle,
  PAYMENT_METHOD_ADDED: (details) => {
    const method = methodName(details)
    return t`Added payment method ${method}`
  },
  DEFAULT_PAYMENT_METHOD_CHANGED: (details) => {
    const method = methodName(details)
    return t`Default payment method changed to ${method}`
  },
  CARD_EXPIRATION_CHANGED: (details) => {
    const card = methodName(details)
    const month = String(details.expirationMonth).padStart(2, '0')
    const expiration = `${month}/${details.expirationYear}`
    return t`Expiration of ${card} changed to ${expiration}`
  },
  CONTACT_ADDED: ({ kind }) => contactsAdded[kind],
  CONTACT_CHANGED: ({ kind }) => contactsChanged[kind],
  CONTACT_REMOVED: ({ kind }) => contactsRemoved[kind],
  NOTE_ADDED: () => t`Added a note`,
  NOTE_CHANGED: () => t`Changed a note`,
  NOTE_PINNED: () => t`Pinned a note`,
  NOTE_UNPINNED: () => t`Unpinned a note`,
  NOTE_DELETED: () => t`Deleted a note`,
  ACCOUNT_MOVED: movedTitle,
  ACCOUNT_MOVED_UP: ({ leftNumber: left }, { account: { number } }) =>
    t`Moved account ${number}: account ${left} left`,
  ACTION_SCHEDULED: (details, event, zone) => {
    const time = formatInstant(details.scheduledFor, zone)
    const action = change(details, event)
    return t`Scheduled for ${time}: ${action}`
  },
  ACTION_RESCHEDULED: (details, event, zone) => {
    const time = formatInstant(details.scheduledFor, zone)
    const action = change(details, event)
    return t`Rescheduled for ${time}: ${action}`
  },
  ACTION_RUN_MANUALLY: (details, event) => {
    const action = change(details, event)
    return t`Run manually: ${action}`
  },
  ACTION_CANCELLED: (details, event) => {
    const action = change(details, event)
    return t`Cancelled: ${action}`
  },
  ACTION_CANCELLED_WITH_INACTIVATION: (details, event) => {
    const action = change(details, event)
    return t`Cancelled with its inactivation: ${action}`
  },
  ACTION_DONE: (details, event) => {
    const action = change(details, event)
    return withFailure(t`Completed: ${action}`, details)
  },
  ACTION_NOT_APPLICABLE: (details, event) => {
    const action = change(details, event)
    return withFailure(t`Skipped: ${action}`, details)
  },
  ACTION_FAILED: (details, event) => {
    const action = change(details, event)
    return withFailure(t`Failed: ${action}`, details)
  },
  PAYMENT_RECEIVED: ({ amount, currency, reference }) => {
    const paid = formatMoney(amount, currency)
    return t`Paid ${paid} (reference ${reference})`
  },
  PAYMENT_COLLECTED: (details) => {
    const { amount, currency, bill } = details
    const [paid, method] = [formatMoney(amount, currency), methodName(details)]
    return t`Paid ${paid} (${method}, bill ${bill})`
  },
  PAYMENT_FAILED: (details) => {
    const { amount, currency, bill, result } = details
    const [failed, method] = [formatMoney(amount, currency), methodName(details)]
    const reason = failureReasons[result] ?? result
    return t`Payment of ${failed} failed (${method}, bill ${bill}): ${reason}`
  },
  DISPUTE_OPENED: (details) => {
    const [disputed, subject] = [disputedAmount(details), disputedSubject(details)]
    return t`Disputed ${disputed}: ${subject}`
  },
  DISPUTE_GRANTED: (details) => {
    const [disputed, subject] = [disputedAmount(details), disputedSubject(details)]
    return t`Dispute granted, ${disputed}: ${subject}`
  },
  DISPUTE_PARTLY_GRANTED: (details) => {
    const [disputed, subject] = [disputedAmount(details), disputedSubject(details)]
    const granted = formatDecimal(details.granted, digitsOf(details.currency))
    return t`Dispute partly granted, ${granted} of ${disputed}: ${subject}`
  },
  DISPUTE_DENIED: (details) => {
    const [disputed, subject] = [disputedAmount(details), disputedSubject(details)]
    return t`Dispute denied, ${disputed}: ${subject}`
  },
}

const contactsAdded: Record<string, string> = {
  BILLING: t`Added a billing contact`,
  SERVICE: t`Added a service contact`,
  OTHER: t`Added a contact`,
}

const contactsChanged: Record<string, string> = {
  BILLING: t`Changed a billing contact`,
  SERVICE: t`Changed a service contact`,
  OTHER: t`Changed a contact`,
}

const contactsRemoved: Record<string, string> = {
  BILLING: t`Removed a billing contact`,
  SERVICE: t`Removed a service contact`,
  OTHER: t`Removed a contact`,
}

/** Why a payment failed, by the result of the gateway. */
const failureReasons: Record<string, string> = {
  invalid_card: t`the card or account is not valid`,
  expired: t`the card has expired`,
  insufficient_funds: t`insufficient funds`,
  validation_failed: t`the validation failed`,
}

function payerTitle(
  { billUnitName: name, payingParentName: payer }: EventDetails,
  event: EventTitleFragment,
) {
  const { number } = event.account
  return payer === null
    ? t`Bill unit ${name} of account ${number} pays for itself`
    : t`Bill unit ${name} of account ${number} is paid by bill unit ${payer}`
}

function movedTitle(
  { toParentNumber: parent, parentPays }: EventDetails,
  event: EventTitleFragment,
) {
  const { number } = event.account
  if (parent === null) return t`Moved account ${number} out of its hierarchy`
  return parentPays
    ? t`Moved account ${number} below account ${parent}, which pays for it`
    : t`Moved account ${number} below account ${parent}`
}

/** The change that a deferred action makes. */
function change(details: EventDetails, { account, target }: EventTitleFragment): string {
  const { toStatus, newParentNumber, parentPays } = details
  return toStatus
    ? statusChangeTitle(toStatus, account, target)
    : moveTitle(account, newParentNumber, parentPays)
}

function withFailure(title: string, { failure }: EventDetails): string {
  return failure ? `${title}. ${serverText(failure)}` : title
}

/** "Visa ···· 4242", or the kind of a method without a number. */
function methodName({ kind, brand, lastFour }: EventDetails): string {
  if (kind === 'DIRECT_DEBIT') return t`Direct debit`
  if (kind === 'INVOICE') return t`Invoice`
  return `${brand ?? t`Card`} ···· ${lastFour ?? '????'}`
}

function disputedAmount({ amount, currency }: EventDetails): string {
  return formatMoney(amount, currency)
}

function disputedSubject({ charge, item: itemOfBill, bill }: EventDetails): string {
  if (charge !== null) return serverText(charge)
  if (itemOfBill === null) return t`bill ${bill}`
  const item = serverText(itemOfBill)
  return t`${item}, bill ${bill}`
}
