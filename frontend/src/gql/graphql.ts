/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** An omitted field or an empty list does not filter. */
export type AccountFilter = {
  /** Accounts below this account in the hierarchy, at any depth. */
  below?: string | number | null | undefined;
  /** Whether the account has an overdue bill. */
  hasOverdue?: boolean | null | undefined;
  /** At most 100 values. */
  heldBy?: Array<HoldCause> | null | undefined;
  /** At most 100 values. */
  rank?: Array<Rank> | null | undefined;
  /** Words that number, name, email, phone, login or a part of them begin with, or the last digits of a phone number, login or card. At most 10 words. */
  search?: string | null | undefined;
  /** At most 100 values. */
  status?: Array<Status> | null | undefined;
};

/** The sort order of accounts. Default: CREATED_DESC. */
export type AccountSort =
  /** Oldest first. */
  | 'CREATED_ASC'
  /** Newest first. */
  | 'CREATED_DESC'
  /** By name, from A to Z. */
  | 'NAME_ASC'
  /** By name, from Z to A. */
  | 'NAME_DESC'
  /** By account number. */
  | 'NUMBER_ASC';

/** An additional bill unit of an account. */
export type AddBillUnitInput = {
  /** The global id of the account. */
  accountId: string | number;
  /** 1 to 31. Default: the day of the payer, or of the default bill unit. */
  billingDayOfMonth?: number | null | undefined;
  /** Display name, for example `Office`. At most 255 characters. */
  name: string;
  /** The bill unit that pays for it. Null: it pays for itself. */
  payingParentId?: string | number | null | undefined;
};

/** A contact of an account. */
export type AddContactInput = {
  /** The global id of the account. */
  accountId: string | number;
  /** The lines of the address before the city, at most 4, with line breaks. */
  addressLines?: string | null | undefined;
  /** At most 255 characters. */
  city?: string | null | undefined;
  /** ISO 3166-1 code of two letters, for example `DE`. */
  country?: string | null | undefined;
  /** For example `hana@example.com`. */
  email?: string | null | undefined;
  /** Whether the bills are addressed to it, in place of the present primary contact. Only for kind BILLING. */
  isPrimary?: boolean;
  /** What the contact is for. */
  kind: ContactKind;
  /** At most 255 characters. */
  name: string;
  /** Digits, spaces and + ( ) / . - x. At most 64 characters. */
  phone?: string | null | undefined;
  /** At most 32 characters. */
  postalCode?: string | null | undefined;
  /** The state, province or region. At most 255 characters. */
  region?: string | null | undefined;
};

/** A note about an account. */
export type AddNoteInput = {
  /** The global id of the account. */
  accountId: string | number;
  /** Whether it is listed before the others. */
  isPinned?: boolean;
  /** At most 2000 characters. It can have several lines. */
  text: string;
};

/** Cards and direct debits need a token; cards also need last four digits and expiration. */
export type AddPaymentMethodInput = {
  /** The global id of the account. */
  accountId: string | number;
  /** Cards only: the brand, for example `Visa`. At most 32 characters. */
  brand?: string | null | undefined;
  /** Cards only, required: the last valid month, 1 to 12. */
  expirationMonth?: number | null | undefined;
  /** Cards only, required: the year of `expirationMonth`, with four digits. */
  expirationYear?: number | null | undefined;
  /** A card, a direct debit, or an invoice. */
  kind: PaymentMethodKind;
  /** Cards only, required: the last four digits, for example `4242`. */
  lastFour?: string | null | undefined;
  /** Whether bills are paid with it from now on. */
  makeDefault?: boolean;
  /** The token of the payment gateway. Card numbers are rejected. */
  token?: string | null | undefined;
};

/** A new service of an account, with offers to purchase for it. */
export type AddServiceInput = {
  /** The global id of the account. */
  accountId: string | number;
  /** Default: the default bill unit of the account. */
  billUnitId?: string | number | null | undefined;
  /** For example `telephony`, `internet` or `tv`. */
  kind: string;
  /** Unique among the services of this kind. */
  login?: string | null | undefined;
  /** Default: `kind`, capitalized. */
  name?: string | null | undefined;
  /** Codes of the catalog offers to purchase, at most 100. */
  offerCodes?: Array<string>;
};

/** The adjusted object, amount and reason. */
export type AdjustInput = {
  /** Provide exactly one of `accountId`, `billId`, `itemId` and `eventId`. */
  accountId?: string | number | null | undefined;
  /** A negative amount credits the customer, a positive one charges. */
  amount: string;
  /** The adjusted bill. */
  billId?: string | number | null | undefined;
  /** The adjusted charge. */
  eventId?: string | number | null | undefined;
  /** The adjusted bill item. */
  itemId?: string | number | null | undefined;
  /** Why the amount is credited or charged. At most 2,000 characters. */
  reason: string;
};

/** What an audit entry records. */
export type AuditAction =
  /** The business clock was set, or returned to real time. */
  | 'CLOCK_SET'
  /** A job was cancelled. */
  | 'JOB_CANCELLED'
  /** A job was started by a user or API client, not by the schedule. */
  | 'JOB_STARTED'
  /** An offer was added to the catalog. */
  | 'OFFER_CREATED'
  /** A user changed the own password, or an admin set one. */
  | 'PASSWORD_CHANGED'
  /** A reason for status changes was created, changed, retired or offered again. */
  | 'REASON_CHANGED'
  /** All sessions of a user were ended at once. */
  | 'SESSIONS_ENDED'
  /** Business settings were changed. */
  | 'SETTINGS_CHANGED'
  /** A user signed in. */
  | 'SIGNED_IN'
  /** A user signed out. */
  | 'SIGNED_OUT'
  /** A sign-in was refused. Recorded for the first and the tenth attempt from an address as a user in five minutes, at most 20 times for a user in that time. */
  | 'SIGN_IN_REFUSED'
  /** A token of a partner system was created. */
  | 'TOKEN_CREATED'
  /** A token of a partner system was revoked. */
  | 'TOKEN_REVOKED'
  /** Name, role or status of a user was changed. */
  | 'USER_CHANGED'
  /** A user was created. */
  | 'USER_CREATED'
  /** A webhook was created, changed or deleted. */
  | 'WEBHOOK_CHANGED';

/** An omitted field or an empty list does not filter. */
export type AuditFilter = {
  /** At most 100 values. */
  action?: Array<AuditAction> | null | undefined;
  /** The whole name of the actor, for example `ana@example.com`, in any case. */
  actor?: string | null | undefined;
  /** `at` is at or after this time. */
  from?: string | null | undefined;
  /** Words that all appear in the summary, in any case. For example the address of the user who was changed. At most 10 words count. */
  search?: string | null | undefined;
  /** `at` is before this time. */
  to?: string | null | undefined;
};

/** An omitted field or an empty list does not filter. */
export type BillFilter = {
  /** Bills that this account pays. */
  account?: string | number | null | undefined;
  /** Finalized on or after this business date. */
  billedFrom?: string | null | undefined;
  /** Finalized before this business date. */
  billedTo?: string | null | undefined;
  /** Whether something is due since before the current business date. */
  isOverdue?: boolean | null | undefined;
  /** At most 100 values. */
  status?: Array<BillStatus> | null | undefined;
};

/** The kind of charges in a bill item. */
export type BillItemKind =
  /** Credits and charges made by hand that belong to no other item. */
  | 'ADJUSTMENT'
  /** Cancel fees. */
  | 'CANCEL'
  /** Monthly fees. */
  | 'CYCLE'
  /** Purchase fees. */
  | 'PURCHASE'
  /** Usage charges. */
  | 'USAGE';

/** The sort order of bills. Default: PERIOD_DESC. */
export type BillSort =
  /** Oldest period first. */
  | 'PERIOD_ASC'
  /** Newest period first. */
  | 'PERIOD_DESC';

/** The status of a bill: it collects charges, is finalized, then paid. */
export type BillStatus =
  /** Finalized and not fully paid. */
  | 'OPEN'
  /** Finalized, and nothing of its own charges is unpaid. */
  | 'PAID'
  /** Collecting charges. */
  | 'PENDING';

/** A status change of an account. */
export type ChangeAccountStatusInput = {
  /** The global id of the account. */
  accountId: string | number;
  /** A past date, not before the last bill of the account, on which the change takes effect. */
  backdateTo?: string | null | undefined;
  /** Also cancels the pending deferred actions that would no longer apply: those of `impact.conflictingDeferredActions`, and of a scheduled change only those after it. All of it is one change, which is made or refused as a whole. */
  cancelConflicts?: boolean;
  /** A future time schedules the change for that time. */
  deferUntil?: string | null | undefined;
  /** The `version` that was read. Another current version causes error CONFLICT. */
  expectedVersion?: number | null | undefined;
  /** An internal note. At most 2,000 characters, on several lines if needed. */
  note?: string | null | undefined;
  /** Only for INACTIVE: also schedules the reactivation for this time. */
  reactivateOn?: string | null | undefined;
  /** Why, as shown in the events of the change. At most 2,000 characters. */
  reason?: string | null | undefined;
  /** The new status. INACTIVE suspends, CLOSED ends, ACTIVE lifts the MANUAL and DEBT holds. */
  status: Status;
};

/** A status change of a service or purchased offer. */
export type ChangeAssetStatusInput = {
  /** The id of a service or purchased offer. */
  assetId: string | number;
  /** A past date, not before the last bill of the account, on which the change takes effect. */
  backdateTo?: string | null | undefined;
  /** Also cancels the pending deferred actions that would no longer apply: those of `impact.conflictingDeferredActions`, and of a scheduled change only those after it. All of it is one change, which is made or refused as a whole. */
  cancelConflicts?: boolean;
  /** A future time schedules the change for that time. */
  deferUntil?: string | null | undefined;
  /** The `version` that was read. Another current version causes error CONFLICT. */
  expectedVersion?: number | null | undefined;
  /** A new login, for reopening a service whose login is taken. */
  login?: string | null | undefined;
  /** An internal note. At most 2,000 characters, on several lines if needed. */
  note?: string | null | undefined;
  /** Only for INACTIVE: also schedules the reactivation for this time. */
  reactivateOn?: string | null | undefined;
  /** Why, as shown in the events of the change. At most 2,000 characters. */
  reason?: string | null | undefined;
  /** The new status. CLOSED is final for a purchased offer. */
  status: Status;
};

/** Adds an account to a hierarchy, moves it, or removes it. */
export type ChangeHierarchyInput = {
  /** The global id of the account. */
  accountId: string | number;
  /** What happens to the accounts below. Default: they move with it. */
  children?: HierarchyChildren;
  /** A future time schedules the change for that time. */
  deferUntil?: string | null | undefined;
  /** The `version` that was read. Another current version causes error CONFLICT. */
  expectedVersion?: number | null | undefined;
  /** An internal note. At most 2,000 characters, on several lines if needed. */
  note?: string | null | undefined;
  /** The new parent account. Null removes the account from its hierarchy. */
  parentId?: string | number | null | undefined;
  /** Whether the default bill unit of the new parent pays for the bill units of the account. */
  parentPays?: boolean;
};

/** The new payer of a bill unit. */
export type ChangePayerInput = {
  /** The global id of the bill unit whose payer changes. */
  billUnitId: string | number;
  /** The `version` that was read. Another current version causes error CONFLICT. */
  expectedVersion?: number | null | undefined;
  /** An internal note. At most 2,000 characters, on several lines if needed. */
  note?: string | null | undefined;
  /** The bill unit that pays from now on. Null: it pays for itself. */
  payingParentId?: string | number | null | undefined;
};

/** What to collect, from which payment method. */
export type CollectPaymentInput = {
  /** The global id of the account that pays. It must not be closed. */
  accountId: string | number;
  /** In the currency of the account, more than 0 and at most what is open on the bill. Default: all that is open. */
  amount?: string | null | undefined;
  /** The bill to pay. Default: the oldest open bill. */
  billId?: string | number | null | undefined;
  /** A card or direct debit of the account. Default: its default payment method. */
  paymentMethodId?: string | number | null | undefined;
};

/** What a contact is for. */
export type ContactKind =
  /** Bills. The primary billing contact is the one on the bill. */
  | 'BILLING'
  /** Anything else. */
  | 'OTHER'
  /** The place and people of the services. */
  | 'SERVICE';

/** A new account, optionally below a parent in the hierarchy. */
export type CreateAccountInput = {
  /** 1 to 31. Default: the day of the month of the creation. */
  billingDayOfMonth?: number | null | undefined;
  /** In `currency`. Null or omitted: no limit. */
  creditLimit?: string | null | undefined;
  /** ISO 4217 currency code. */
  currency?: string;
  /** The customer's e-mail address, for example `hana@example.com`. */
  email?: string | null | undefined;
  /** The customer's name. At most 255 characters. */
  name: string;
  /** Unique account number. Generated if omitted. */
  number?: string | null | undefined;
  /** The parent account. It pays the bills of this account if `parentPays` is true. */
  parentId?: string | number | null | undefined;
  /** Whether the default bill unit of the parent pays for this account. Needs `parentId`. */
  parentPays?: boolean;
  /** The customer's telephone number: digits, spaces and + ( ) / . - x. At most 64 characters. */
  phone?: string | null | undefined;
  /** The importance of the customer. Default: none. */
  rank?: Rank | null | undefined;
};

/** A charge offer with its fees, or a discount offer with its percentages. */
export type CreateOfferInput = {
  /** Charge offers: once, when the offer is closed. Null: not charged. */
  cancelFee?: string | null | undefined;
  /** Unique offer code, for example `DSL-50`. At most 64 characters. */
  code: string;
  /** ISO 4217 currency code. */
  currency?: string;
  /** CHARGE for fees, DISCOUNT for percentages off the fees of other offers. */
  kind: OfferKind;
  /** Charge offers: per unit and month, in advance. Null: not charged. */
  monthlyFee?: string | null | undefined;
  /** Discount offers: percentage off monthly fees, 0 to 100. */
  monthlyPercentOff?: string | null | undefined;
  /** Display name. At most 255 characters. */
  name: string;
  /** Charge offers: once per unit, in whole minor units of `currency`. Null: not charged. */
  purchaseFee?: string | null | undefined;
  /** The kind of service that it is for, for example `internet`. Null: it is for accounts. */
  serviceKind?: string | null | undefined;
  /** Discount offers: percentage off usage charges, 0 to 100. */
  usagePercentOff?: string | null | undefined;
  /** Charge offers: per `usageUnit`, with up to six decimals. Null: usage is not charged. */
  usageRate?: string | null | undefined;
  /** The unit of `usageRate`, for example MB. Required with a rate. At most 32 characters. */
  usageUnit?: string | null | undefined;
};

/** A reason for status changes. */
export type CreateReasonInput = {
  /** The new statuses for which it is offered, at least one. At most 100 values. */
  appliesTo: Array<Status>;
  /** Unique code of letters, digits, `_`, `.` and `-`, for example `moved-away`. At most 64 characters. */
  code: string;
  /** Display text, for example `Moved away`. At most 255 characters. */
  label: string;
};

/** The partner system that gets access. */
export type CreateTokenInput = {
  /** 1 to 3,650, or 0 for a token that does not expire. Default: 365. */
  expiresInDays?: number | null | undefined;
  /** The name of the partner system, for example `Shop`: unique, without `@`. The name of a revoked token stays taken. */
  name: string;
  /** What the partner system may do. */
  role: Role;
};

/** The person who gets access. */
export type CreateUserInput = {
  /** The address to sign in with, for example `ana@example.com`. */
  email: string;
  /** At most 255 characters. Default: null. */
  name?: string | null | undefined;
  /** What the user may do. */
  role: Role;
};

/** A new webhook. It is ACTIVE at once. */
export type CreateWebhookInput = {
  /** A note for admins, at most 255 characters. Default: null. */
  description?: string | null | undefined;
  /** The kinds of event to send. At most 100 values. Empty: every kind. */
  eventKinds?: Array<EventKind>;
  /** Where events are sent to, at most 2,000 characters: https, a public host, without user, password and fragment. For example `https://example.com/tenure`. Error INVALID otherwise. */
  url: string;
};

/** An omitted field or an empty list does not filter. */
export type DeferredActionFilter = {
  /** Actions of this account, its services and its offers. */
  account?: string | number | null | undefined;
  /** At most 100 values. */
  kind?: Array<DeferredActionKind> | null | undefined;
  /** Scheduled at or after this time. */
  scheduledFrom?: string | null | undefined;
  /** Scheduled before this time. */
  scheduledTo?: string | null | undefined;
  /** At most 100 values. */
  status?: Array<DeferredActionStatus> | null | undefined;
};

/** The kind of change that a deferred action makes. */
export type DeferredActionKind =
  /** Gives an account a parent that it does not have yet. */
  | 'ADD_TO_HIERARCHY'
  /** Changes the status of an account. */
  | 'CHANGE_ACCOUNT_STATUS'
  /** Changes the status of a purchased offer. */
  | 'CHANGE_OFFER_STATUS'
  /** Changes the status of a service. */
  | 'CHANGE_SERVICE_STATUS'
  /** Moves an account to another parent. */
  | 'MOVE_IN_HIERARCHY'
  /** Removes an account from its parent. */
  | 'REMOVE_FROM_HIERARCHY';

/** The sort order of deferred actions. Default: SCHEDULED_DESC. */
export type DeferredActionSort =
  /** Earliest scheduled time first: the order of execution. */
  | 'SCHEDULED_ASC'
  /** Latest scheduled time first. */
  | 'SCHEDULED_DESC';

/** The status of a deferred action. Only PENDING and FAILED actions can be executed. */
export type DeferredActionStatus =
  /** Cancelled before it was executed. */
  | 'CANCELLED'
  /** Executed. The change was made. */
  | 'DONE'
  /** Execution failed. See `failure`. */
  | 'FAILED'
  /** The change no longer applied at the scheduled time, for example because the account had been closed. See `failure`. */
  | 'NOT_APPLICABLE'
  /** Waits for its scheduled time. */
  | 'PENDING';

/** Deferred actions by their ids. */
export type DeferredActionsInput = {
  /** At most 1,000 ids. */
  ids: Array<string | number>;
};

/** An omitted field or an empty list does not filter. */
export type DisputeFilter = {
  /** Disputes of bills that this account pays. */
  account?: string | number | null | undefined;
  /** Opened at or after this time. */
  openedFrom?: string | null | undefined;
  /** Opened before this time. */
  openedTo?: string | null | undefined;
  /** At most 100 values. */
  status?: Array<DisputeStatus> | null | undefined;
};

/** The sort order of disputes. Default: OPENED_DESC. */
export type DisputeSort =
  /** Oldest first. */
  | 'OPENED_ASC'
  /** Newest first. */
  | 'OPENED_DESC';

/** OPEN until the dispute is settled. */
export type DisputeStatus =
  /** Nothing was credited. The amount is due again. */
  | 'DENIED'
  /** The whole amount was credited. */
  | 'GRANTED'
  /** Not settled. The disputed amount is neither due nor collected. */
  | 'OPEN'
  /** A part of the amount was credited. The rest is due again. */
  | 'PARTLY_GRANTED';

/** Whose sessions end. */
export type EndSessionsInput = {
  /** The global id of another user, for role ADMIN. Default: the caller. */
  userId?: string | number | null | undefined;
};

/** An omitted field or an empty list does not filter. */
export type EventFilter = {
  /** `occurredAt` is at or after this time. */
  from?: string | null | undefined;
  /** At most 100 values. */
  kind?: Array<EventKind> | null | undefined;
  /** True: only events of the account itself. False: only events of its services and offers. */
  ofAccount?: boolean | null | undefined;
  /** Events of this service and of its offers. */
  service?: string | number | null | undefined;
  /** `occurredAt` is before this time. */
  to?: string | null | undefined;
};

/** The kind of event. */
export type EventKind =
  /** The account or something that belongs to it was created or edited. */
  | 'ACCOUNT_CHANGE'
  /** An amount credited (negative) or charged (positive) by hand, or a granted dispute. */
  | 'ADJUSTMENT'
  /** A fee charged when an offer is closed. */
  | 'CANCEL_FEE'
  /** A monthly fee, charged in advance, or its correction after a status change. */
  | 'CYCLE_FEE'
  /** A change was scheduled, rescheduled, cancelled or executed. */
  | 'DEFERRED_ACTION'
  /** The amount that a discount offer takes off a fee. */
  | 'DISCOUNT'
  /** A dispute was opened or settled. */
  | 'DISPUTE'
  /** The account got another parent or another payer, or lost it. */
  | 'HIERARCHY_CHANGE'
  /** Money received. The amount is negative. */
  | 'PAYMENT'
  /** A fee charged once at purchase. */
  | 'PURCHASE_FEE'
  /** Status or holds of an account, service or offer changed. */
  | 'STATUS_CHANGE'
  /** Charges of a nonpaying bill unit were transferred to its payer, or a credit was applied to a bill. Recorded as two events whose amounts sum to zero. */
  | 'TRANSFER'
  /** A charge for usage that was recorded. */
  | 'USAGE';

/** What happens to the children of an account that moves in the hierarchy. */
export type HierarchyChildren =
  /** All accounts below move with it. */
  | 'FOLLOW'
  /** Its children stay under its former parent. */
  | 'STAY';

/** The cause of a hold. */
export type HoldCause =
  /** The account that owns the asset is not active. */
  | 'ACCOUNT'
  /** A payment failed or is overdue. */
  | 'DEBT'
  /** A user or API client requested it. */
  | 'MANUAL'
  /** The account that pays for one of its bill units is not active. */
  | 'PARENT'
  /** The service of the offer is not active. */
  | 'SERVICE';

/** The format of an uploaded file. */
export type ImportFormat =
  /** A header line, then one account per record. Nested values are JSON in a cell. */
  | 'CSV'
  /** One JSON object per line. */
  | 'JSON_LINES';

/** What a run does with the lines of a file. */
export type ImportMode =
  /** Checks each line as an import would, and changes nothing. */
  | 'CHECK'
  /** Checks each line, and creates the accounts of those that are accepted. */
  | 'IMPORT';

/** The kind of job. */
export type JobKind =
  /** Runs the steps of a business date in order: deferred actions, cycle charges, bills (nonpaying before paying), payments. */
  | 'BILL_DAY'
  /** Executes all deferred actions that are due. */
  | 'DEFERRED_ACTIONS'
  /** Checks or imports an uploaded file. Started by `startImport`, not by `startJob`. */
  | 'IMPORT'
  /** Changes the status of many accounts. Started by `startStatusChangeJob`. */
  | 'STATUS_CHANGE';

/** The status of a job run. All but QUEUED and RUNNING are final. */
export type JobRunStatus =
  /** Ended early by `cancelJob`. Completed work is kept. */
  | 'CANCELLED'
  /** Ended without failures. */
  | 'DONE'
  /** Ended with failed actions or quarantined accounts. */
  | 'DONE_WITH_FAILURES'
  /** Ended early because it could not continue. See `failure`. */
  | 'FAILED'
  /** Requested. No worker has started it yet. */
  | 'QUEUED'
  /** A worker executes it. */
  | 'RUNNING';

/** The kind of records that a job run counts. */
export type JobTotalKind =
  /** Finalized bills. */
  | 'BILLS_MADE'
  /** Payments that succeeded. */
  | 'PAYMENTS_COLLECTED'
  /** Payments that the gateway declined. */
  | 'PAYMENTS_FAILED';

/** A charge offer adds fees, a discount offer reduces them. */
export type OfferKind =
  /** Charges fees: once, per month, per unit of usage, at the end. */
  | 'CHARGE'
  /** Takes percentages off the fees of other offers. */
  | 'DISCOUNT';

/** The disputed object, amount and reason. */
export type OpenDisputeInput = {
  /** Default: the whole disputable amount. */
  amount?: string | null | undefined;
  /** Provide exactly one of `billId`, `itemId` and `eventId`. */
  billId?: string | number | null | undefined;
  /** The disputed charge. */
  eventId?: string | number | null | undefined;
  /** The disputed bill item. */
  itemId?: string | number | null | undefined;
  /** Why the customer disputes it. At most 2,000 characters. */
  reason: string;
};

/** An omitted field or an empty list does not filter. */
export type PaymentFilter = {
  /** Payments of this account. */
  account?: string | number | null | undefined;
  /** `businessDate` is on or after this date. */
  from?: string | null | undefined;
  /** At most 100 values. */
  status?: Array<PaymentStatus> | null | undefined;
  /** `businessDate` is before this date. */
  to?: string | null | undefined;
};

/** The kind of payment method. */
export type PaymentMethodKind =
  /** Charged through the gateway on the bill day. */
  | 'CREDIT_CARD'
  /** Collected through the gateway on the bill day. */
  | 'DIRECT_DEBIT'
  /** The customer pays by the due date. Nothing is collected. */
  | 'INVOICE';

/** The sort order of payments. Default: CREATED_DESC. */
export type PaymentSort =
  /** Oldest first. */
  | 'CREATED_ASC'
  /** Newest first. */
  | 'CREATED_DESC';

/** The status of a payment. */
export type PaymentStatus =
  /** The gateway declined. See `result`. */
  | 'FAILED'
  /** The gateway has not confirmed the result. The request is repeated without charging twice. */
  | 'PENDING'
  /** The money was received. */
  | 'SUCCEEDED';

/** The purchase of an offer for a service, or for the account itself. */
export type PurchaseOfferInput = {
  /** The global id of the account. */
  accountId: string | number;
  /** When the offer ends, after its start. A deferred action, which can be rescheduled and cancelled, closes it then. Default: no end. */
  endsAt?: string | null | undefined;
  /** The code of the catalog offer, for example `DSL-50`. */
  offerCode: string;
  /** The number of units, which multiplies fees. Positive. */
  quantity?: string;
  /** Null or omitted: the offer is for the account itself. */
  serviceId?: string | number | null | undefined;
  /** A future time at which purchase, usage and cycle start. Default: now. */
  startAt?: string | null | undefined;
};

/** The importance of a customer. */
export type Rank =
  /** The lowest rank. An account without a rank has null. */
  | 'BRONZE'
  /** Below PLATINUM. */
  | 'GOLD'
  /** The most important customers. */
  | 'PLATINUM'
  /** Below GOLD. */
  | 'SILVER';

/** A payment received outside of the gateway. */
export type RecordPaymentInput = {
  /** The global id of the account. */
  accountId: string | number;
  /** In the currency of the account. */
  amount: string;
  /** The bill to pay first. Default: the oldest open bills. */
  billId?: string | number | null | undefined;
  /** Unique per account, for example the bank reference. A repeated payment is recorded once; another payment with the same reference fails with TAKEN. */
  reference: string;
};

/** Deferred actions by their ids, with their new scheduled time. */
export type RescheduleDeferredActionsInput = {
  /** At most 1,000 ids. */
  ids: Array<string | number>;
  /** The new time, in the future. A reactivation stays after its inactivation. */
  scheduledFor: string;
};

/** The user who gets a new password. */
export type ResetPasswordInput = {
  /** The global id of the user. */
  userId: string | number;
};

/** The role of a user or API client. Each role includes the permissions of the previous one. */
export type Role =
  /** MANAGER, plus users, API clients, business settings and the business clock. */
  | 'ADMIN'
  /** Customer care: changes accounts, bill units, assets, statuses, hierarchies, deferred actions and payment methods, opens disputes and records usage. */
  | 'AGENT'
  /** AGENT, plus jobs, recorded payments, dispute settlement, adjustments and the catalog. */
  | 'MANAGER'
  /** Read-only access to all data. */
  | 'VIEWER';

/** A later time, or null for real time. */
export type SetClockInput = {
  /** A time after the current one. Null returns to real time. */
  now?: string | null | undefined;
};

/** The settlement of a dispute. */
export type SettleDisputeInput = {
  /** The global id of the dispute, which must be OPEN. */
  disputeId: string | number;
  /** The amount to credit. 0 denies the dispute. */
  granted: string;
  /** Why it was settled this way. */
  note?: string | null | undefined;
};

/** The file, and whether it is only checked. */
export type StartImportInput = {
  /** The global id of the file. */
  fileId: string | number;
  /** CHECK changes nothing; IMPORT does. */
  mode: ImportMode;
};

/** The kind and business date of a job. */
export type StartJobInput = {
  /** Default: the current business date. */
  businessDate?: string | null | undefined;
  /** The job to run. */
  kind: JobKind;
};

/** A status change and the accounts to change: `accountIds`, `filter` or `retryJobRunId`. */
export type StartStatusChangeJobInput = {
  /** The global ids, or keys such as `account:A-1042`, of at most 1,000 accounts. */
  accountIds?: Array<string | number> | null | undefined;
  /** A past date on which the changes take effect. An account for which it is before its last bill or status change is FAILED. */
  backdateTo?: string | null | undefined;
  /** Also cancels the pending deferred actions that would no longer apply, as in `changeAccountStatus`, each in the transaction of the change. */
  cancelConflicts?: boolean;
  /** A future time: the job schedules the changes for that time. */
  deferUntil?: string | null | undefined;
  /** The number of accounts that you read. Another number now is a CONFLICT. With `search`, `heldBy` or `hasOverdue`, 10,000 stands for any larger number too, as in `totalCount`. */
  expectedCount?: number | null | undefined;
  /** All accounts that match now, at most 100,000. Needs `expectedCount`. */
  filter?: AccountFilter | null | undefined;
  /** An internal note. At most 2,000 characters, on several lines if needed. */
  note?: string | null | undefined;
  /** Only for INACTIVE: the job also schedules the reactivations for this time. */
  reactivateOn?: string | null | undefined;
  /** Why, as shown in the events of the changes. At most 2,000 characters. */
  reason?: string | null | undefined;
  /** The global id of an ended run of this job: the accounts that it has not changed, because they failed or it was cancelled. */
  retryJobRunId?: string | number | null | undefined;
  /** The new status of each account, as in `changeAccountStatus`. */
  status: Status;
};

/** The status of an account or asset, derived from its holds. */
export type Status =
  /** In use: nothing holds it. */
  | 'ACTIVE'
  /** Ended. An account or service can be reopened, a purchased offer cannot. */
  | 'CLOSED'
  /** Suspended: not usable and not charged. It can become ACTIVE again. */
  | 'INACTIVE';

/** The result of one account of a status change job. */
export type StatusChangeResultStatus =
  /** Changed, or scheduled if the job has `deferUntil`. */
  | 'DONE'
  /** Not changed. See `errorCode` and `message`. */
  | 'FAILED'
  /** Not tried yet; after the end of the run: the run was cancelled before. */
  | 'PENDING'
  /** The account had the status already. Nothing was written. */
  | 'UNCHANGED';

/** Changes of an account. An omitted field stays unchanged; null clears it. */
export type UpdateAccountInput = {
  /** The global id of the account. */
  accountId: string | number;
  /** In the currency of the account. Null removes the limit. */
  creditLimit?: string | null | undefined;
  /** The customer's e-mail address. Null clears it. */
  email?: string | null | undefined;
  /** The `version` that was read. Another current version causes error CONFLICT. */
  expectedVersion?: number | null | undefined;
  /** At most 255 characters. Null is refused with REQUIRED. */
  name?: string | null | undefined;
  /** The customer's telephone number. Null clears it. */
  phone?: string | null | undefined;
  /** The importance of the customer. Null clears it. */
  rank?: Rank | null | undefined;
};

/** The new expiration date of a card. For a different card, add a new payment method. */
export type UpdateCardExpirationInput = {
  /** The last valid month, 1 to 12. */
  expirationMonth: number;
  /** The year, with four digits. The card must not have expired. */
  expirationYear: number;
  /** The global id of the card. */
  paymentMethodId: string | number;
};

/** Changes of a contact. An omitted field stays unchanged; null clears it. */
export type UpdateContactInput = {
  /** The lines of the address before the city, at most 4, with line breaks. */
  addressLines?: string | null | undefined;
  /** At most 255 characters. */
  city?: string | null | undefined;
  /** The global id of the contact. */
  contactId: string | number;
  /** ISO 3166-1 code of two letters, for example `DE`. */
  country?: string | null | undefined;
  /** For example `hana@example.com`. */
  email?: string | null | undefined;
  /** The `version` that was read. Another current version causes error CONFLICT. */
  expectedVersion?: number | null | undefined;
  /** Whether the bills are addressed to it, in place of the present primary contact. Only for kind BILLING. Null leaves it unchanged. */
  isPrimary?: boolean | null | undefined;
  /** What the contact is for. Null leaves it unchanged. With another kind than BILLING it is not the primary contact any more. */
  kind?: ContactKind | null | undefined;
  /** At most 255 characters. Null is refused with REQUIRED. */
  name?: string | null | undefined;
  /** Digits, spaces and + ( ) / . - x. At most 64 characters. */
  phone?: string | null | undefined;
  /** At most 32 characters. */
  postalCode?: string | null | undefined;
  /** The state, province or region. At most 255 characters. */
  region?: string | null | undefined;
};

/** Changes of a note. A field that is omitted or null stays unchanged. */
export type UpdateNoteInput = {
  /** The `version` that was read. Another current version causes error CONFLICT. */
  expectedVersion?: number | null | undefined;
  /** Whether it is listed before the others. */
  isPinned?: boolean | null | undefined;
  /** The global id of the note. */
  noteId: string | number;
  /** At most 2000 characters. It can have several lines. */
  text?: string | null | undefined;
};

/** Changes of a reason. A field that is omitted or null stays unchanged. */
export type UpdateReasonInput = {
  /** The new statuses for which it is offered, at least one. At most 100 values. */
  appliesTo?: Array<Status> | null | undefined;
  /** The `version` that was read. Another current version causes error CONFLICT. */
  expectedVersion?: number | null | undefined;
  /** Whether it is no longer offered for new changes. */
  isRetired?: boolean | null | undefined;
  /** Display text, for example `Moved away`. At most 255 characters. */
  label?: string | null | undefined;
  /** The global id of the reason. */
  reasonId: string | number;
};

/** An omitted field stays unchanged. */
export type UpdateSettingsInput = {
  /** Whether an inactive account may have active services. */
  allowActiveServiceWithInactiveAccount?: boolean | null | undefined;
  /** Whether a reactivated offer restarts its purchase, usage and cycle. */
  changeStartTimeOnActivation?: boolean | null | undefined;
  /** Null clears the prefix. */
  closedLoginPrefix?: string | null | undefined;
  /** The `version` that was read. Another current version causes error CONFLICT. */
  expectedVersion?: number | null | undefined;
  /** Days past due, from 0, after which a failed card validation inactivates the account. */
  inactivateAfterDaysPastDue?: number | null | undefined;
  /** Days from billing to the due date, from 0. */
  paymentTermDays?: number | null | undefined;
  /** IANA name, for example `Europe/Lisbon`. */
  timeZone?: string | null | undefined;
};

/** An omitted field stays unchanged. */
export type UpdateUserInput = {
  /** The `version` that was read. Another current version causes error CONFLICT. */
  expectedVersion?: number | null | undefined;
  /** At most 255 characters. Null removes the name. */
  name?: string | null | undefined;
  /** What the user may do. Applies within a second. */
  role?: Role | null | undefined;
  /** DISABLED ends all sessions of the user. */
  status?: UserStatus | null | undefined;
  /** The global id of the user. */
  userId: string | number;
};

/** An omitted field stays unchanged. Only `description` can be null. */
export type UpdateWebhookInput = {
  /** A note for admins, at most 255 characters. Default: null. Null clears it. */
  description?: string | null | undefined;
  /** The kinds of event to send. At most 100 values. Empty: every kind. */
  eventKinds?: Array<EventKind> | null | undefined;
  /** The `version` that was read. Another current version causes error CONFLICT. */
  expectedVersion?: number | null | undefined;
  /** Whether to make a new secret. For one day each message has two signatures, by the new and by the former secret. Default: false. */
  rotateSecret?: boolean;
  /** PAUSED stops sending. ACTIVE sends what is pending at once, with a new schedule of retries. FAILING is INVALID. */
  status?: WebhookStatus | null | undefined;
  /** Where events are sent to, at most 2,000 characters: https, a public host, without user, password and fragment. For example `https://example.com/tenure`. Error INVALID otherwise. */
  url?: string | null | undefined;
  /** The global id of the webhook. */
  webhookId: string | number;
};

/** The kind of error. The caller can correct each of them. */
export type UserErrorCode =
  /** A closed account or asset cannot be scheduled to reactivate. */
  | 'CLOSED_IS_FINAL'
  /** Another request changed the object first. Reload it and retry. */
  | 'CONFLICT'
  /** The move would make an account its own ancestor, or a bill unit pay for itself. */
  | 'CYCLE'
  /** The value has a wrong form, or does not fit the other values. */
  | 'INVALID'
  /** The change is not allowed in the current state. */
  | 'NOT_ALLOWED'
  /** No object has this id, number, code or login. */
  | 'NOT_FOUND'
  /** The value or date is outside the allowed range. */
  | 'OUT_OF_RANGE'
  /** The value must not be null, omitted or empty. */
  | 'REQUIRED'
  /** The login, number, code or reference is already in use. */
  | 'TAKEN';

/** Whether a user may sign in. */
export type UserStatus =
  /** The user may sign in. */
  | 'ACTIVE'
  /** The user cannot sign in and has no session. */
  | 'DISABLED';

/** The status of a delivery. */
export type WebhookDeliveryStatus =
  /** The endpoint has answered with a status from 200 to 299. */
  | 'DELIVERED'
  /** Ten attempts in about three days have failed. `redeliverWebhook` sends it again. */
  | 'FAILED'
  /** The event was not accepted yet. It is sent again with growing pauses. */
  | 'PENDING';

/** Whether events are sent to a webhook. */
export type WebhookStatus =
  /** Events are sent. */
  | 'ACTIVE'
  /** Switched off by itself: every attempt has failed for three days, or the endpoint has answered 410 Gone. */
  | 'FAILING'
  /** Switched off by an admin. */
  | 'PAUSED';

export type BestAccountsQueryVariables = Exact<{
  text: string;
}>;


export type BestAccountsQuery = { search: { accounts: Array<{ rank: Rank | null, email: string | null, phone: string | null, createdAt: string, id: string, number: string, name: string, status: Status, holds: Array<{ effect: Status, cause: HoldCause }>, balance: { amount: string, currency: string }, overdue: { amount: string, currency: string } }> } };

export type AccountRowFragment = { rank: Rank | null, email: string | null, phone: string | null, createdAt: string, id: string, number: string, name: string, status: Status, holds: Array<{ effect: Status, cause: HoldCause }>, balance: { amount: string, currency: string }, overdue: { amount: string, currency: string } };

export type AccountsQueryVariables = Exact<{
  filter?: AccountFilter | null | undefined;
  sort?: AccountSort | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type AccountsQuery = { accounts: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ rank: Rank | null, email: string | null, phone: string | null, createdAt: string, id: string, number: string, name: string, status: Status, holds: Array<{ effect: Status, cause: HoldCause }>, balance: { amount: string, currency: string }, overdue: { amount: string, currency: string } }> } };

export type AccountBelowQueryVariables = Exact<{
  number: string;
}>;


export type AccountBelowQuery = { account: { id: string, number: string, name: string, status: Status } | null };

export type AccountSummaryFragment = { rank: Rank | null, currency: string, createdAt: string, closedAt: string | null, version: number, overdueSince: string | null, descendantCount: number, id: string, number: string, name: string, status: Status, holds: Array<{ effect: Status, cause: HoldCause }>, creditLimit: { amount: string, currency: string } | null, balance: { amount: string, currency: string }, overdue: { amount: string, currency: string }, quarantined: { id: string, reason: string, jobRun: { id: string, businessDate: string } } | null, ancestors: Array<{ id: string, number: string, name: string, status: Status }>, billUnits: Array<{ id: string, payingParent: { id: string, account: { id: string, number: string, name: string, status: Status } } | null }>, deferredActions: { totalCount: number, nodes: Array<{ id: string, scheduledFor: string, kind: DeferredActionKind, toStatus: Status | null, parentPays: boolean, summary: string, account: { id: string, number: string, name: string, status: Status }, target:
        | { __typename: 'PurchasedOffer', id: string, name: string }
        | { __typename: 'Service', id: string, name: string }
       | null, newParent: { id: string, number: string } | null }> }, statusEvents: { nodes: Array<{ id: string, occurredAt: string, fromStatus: Status | null, toStatus: Status | null, cause: HoldCause | null, reason: string | null, actor: string }> } };

export type AccountPageQueryVariables = Exact<{
  number: string;
}>;


export type AccountPageQuery = { account: { rank: Rank | null, currency: string, createdAt: string, closedAt: string | null, version: number, overdueSince: string | null, descendantCount: number, id: string, number: string, name: string, status: Status, holds: Array<{ effect: Status, cause: HoldCause }>, creditLimit: { amount: string, currency: string } | null, balance: { amount: string, currency: string }, overdue: { amount: string, currency: string }, quarantined: { id: string, reason: string, jobRun: { id: string, businessDate: string } } | null, ancestors: Array<{ id: string, number: string, name: string, status: Status }>, billUnits: Array<{ id: string, payingParent: { id: string, account: { id: string, number: string, name: string, status: Status } } | null }>, deferredActions: { totalCount: number, nodes: Array<{ id: string, scheduledFor: string, kind: DeferredActionKind, toStatus: Status | null, parentPays: boolean, summary: string, account: { id: string, number: string, name: string, status: Status }, target:
          | { __typename: 'PurchasedOffer', id: string, name: string }
          | { __typename: 'Service', id: string, name: string }
         | null, newParent: { id: string, number: string } | null }> }, statusEvents: { nodes: Array<{ id: string, occurredAt: string, fromStatus: Status | null, toStatus: Status | null, cause: HoldCause | null, reason: string | null, actor: string }> } } | null, settings: { inactivateAfterDaysPastDue: number } };

export type AccountToEditQueryVariables = Exact<{
  id: string | number;
}>;


export type AccountToEditQuery = { account: { rank: Rank | null, version: number, id: string, number: string, name: string, status: Status, email: string | null, phone: string | null, currency: string, creditLimit: { amount: string, currency: string } | null } | null };

export type AccountChangesSubscriptionVariables = Exact<{
  account: string | number;
}>;


export type AccountChangesSubscription = { events: { id: string } };

export type CreateAccountMutationVariables = Exact<{
  input: CreateAccountInput;
}>;


export type CreateAccountMutation = { createAccount: { account: { id: string, number: string, name: string, status: Status } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type UpdateAccountMutationVariables = Exact<{
  input: UpdateAccountInput;
}>;


export type UpdateAccountMutation = { updateAccount: { account: { rank: Rank | null, version: number, id: string, number: string, name: string, status: Status } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type OfferNodeFragment = { id: string, name: string, status: Status, offerKind: OfferKind, quantity: string, purchaseStart: string, cycleStart: string, endsAt: string | null, closedAt: string | null, holds: Array<{ effect: Status, cause: HoldCause }>, offer: { id: string, code: string, currency: string, monthlyFee: string | null, purchaseFee: string | null, usageRate: string | null, usageUnit: string | null, monthlyPercentOff: string | null, usagePercentOff: string | null } };

export type AssetsQueryVariables = Exact<{
  number: string;
  status?: Array<Status> | Status | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type AssetsQuery = { account: { id: string, status: Status, offers: Array<{ id: string, name: string, status: Status, offerKind: OfferKind, quantity: string, purchaseStart: string, cycleStart: string, endsAt: string | null, closedAt: string | null, holds: Array<{ effect: Status, cause: HoldCause }>, offer: { id: string, code: string, currency: string, monthlyFee: string | null, purchaseFee: string | null, usageRate: string | null, usageUnit: string | null, monthlyPercentOff: string | null, usagePercentOff: string | null } }>, closedServices: { totalCount: number }, services: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ id: string, name: string, kind: string, login: string | null, status: Status, createdAt: string, closedAt: string | null, holds: Array<{ effect: Status, cause: HoldCause }>, offers: Array<{ id: string, name: string, status: Status, offerKind: OfferKind, quantity: string, purchaseStart: string, cycleStart: string, endsAt: string | null, closedAt: string | null, holds: Array<{ effect: Status, cause: HoldCause }>, offer: { id: string, code: string, currency: string, monthlyFee: string | null, purchaseFee: string | null, usageRate: string | null, usageUnit: string | null, monthlyPercentOff: string | null, usagePercentOff: string | null } }> }> } } | null };

export type ServiceToUseQueryVariables = Exact<{
  id: string | number;
}>;


export type ServiceToUseQuery = { node:
    | { __typename: 'Account', id: string }
    | { __typename: 'AuditEntry', id: string }
    | { __typename: 'Bill', id: string }
    | { __typename: 'BillItem', id: string }
    | { __typename: 'BillUnit', id: string }
    | { __typename: 'Contact', id: string }
    | { __typename: 'DeferredAction', id: string }
    | { __typename: 'Dispute', id: string }
    | { __typename: 'Event', id: string }
    | { __typename: 'ImportAccount', id: string }
    | { __typename: 'ImportFile', id: string }
    | { __typename: 'ImportOffer', id: string }
    | { __typename: 'ImportReject', id: string }
    | { __typename: 'ImportRun', id: string }
    | { __typename: 'JobRun', id: string }
    | { __typename: 'Note', id: string }
    | { __typename: 'Offer', id: string }
    | { __typename: 'Payment', id: string }
    | { __typename: 'PaymentMethod', id: string }
    | { __typename: 'PurchasedOffer', id: string }
    | { __typename: 'QuarantinedAccount', id: string }
    | { __typename: 'Service', name: string, kind: string, login: string | null, status: Status, id: string, account: { id: string, number: string, name: string, status: Status, balance: { amount: string, currency: string }, creditLimit: { amount: string, currency: string } | null } }
    | { __typename: 'StatusChangeResult', id: string }
    | { __typename: 'StatusReason', id: string }
    | { __typename: 'Token', id: string }
    | { __typename: 'User', id: string }
    | { __typename: 'Webhook', id: string }
    | { __typename: 'WebhookDelivery', id: string }
   | null };

export type AuthorizationQueryVariables = Exact<{
  kind: string;
  login: string;
}>;


export type AuthorizationQuery = { authorizeService: { authorized: boolean, denial: string | null, available: { amount: string, currency: string } | null } };

export type PurchasingAccountQueryVariables = Exact<{
  id: string | number;
}>;


export type PurchasingAccountQuery = { account: { currency: string, id: string, number: string, name: string, status: Status, billUnits: Array<{ id: string, name: string }> } | null };

export type ServiceChoiceFragment = { id: string, name: string, kind: string, login: string | null };

export type ServiceToBuyForQueryVariables = Exact<{
  id: string | number;
}>;


export type ServiceToBuyForQuery = { node:
    | { __typename: 'Account' }
    | { __typename: 'AuditEntry' }
    | { __typename: 'Bill' }
    | { __typename: 'BillItem' }
    | { __typename: 'BillUnit' }
    | { __typename: 'Contact' }
    | { __typename: 'DeferredAction' }
    | { __typename: 'Dispute' }
    | { __typename: 'Event' }
    | { __typename: 'ImportAccount' }
    | { __typename: 'ImportFile' }
    | { __typename: 'ImportOffer' }
    | { __typename: 'ImportReject' }
    | { __typename: 'ImportRun' }
    | { __typename: 'JobRun' }
    | { __typename: 'Note' }
    | { __typename: 'Offer' }
    | { __typename: 'Payment' }
    | { __typename: 'PaymentMethod' }
    | { __typename: 'PurchasedOffer' }
    | { __typename: 'QuarantinedAccount' }
    | { __typename: 'Service', id: string, name: string, kind: string, login: string | null }
    | { __typename: 'StatusChangeResult' }
    | { __typename: 'StatusReason' }
    | { __typename: 'Token' }
    | { __typename: 'User' }
    | { __typename: 'Webhook' }
    | { __typename: 'WebhookDelivery' }
   | null };

export type ServiceChoicesQueryVariables = Exact<{
  accountId: string | number;
  search?: string | null | undefined;
}>;


export type ServiceChoicesQuery = { account: { id: string, services: { nodes: Array<{ id: string, name: string, kind: string, login: string | null }> } } | null };

export type OfferPriceFragment = { currency: string, monthlyFee: string | null, purchaseFee: string | null, usageRate: string | null, usageUnit: string | null, monthlyPercentOff: string | null, usagePercentOff: string | null };

export type OfferChoiceFragment = { id: string, code: string, name: string, currency: string, monthlyFee: string | null, purchaseFee: string | null, usageRate: string | null, usageUnit: string | null, monthlyPercentOff: string | null, usagePercentOff: string | null };

export type OfferChoicesQueryVariables = Exact<{
  search?: string | null | undefined;
  currency?: string | null | undefined;
  serviceKind?: string | null | undefined;
  isForService?: boolean | null | undefined;
}>;


export type OfferChoicesQuery = { offers: { nodes: Array<{ id: string, code: string, name: string, currency: string, monthlyFee: string | null, purchaseFee: string | null, usageRate: string | null, usageUnit: string | null, monthlyPercentOff: string | null, usagePercentOff: string | null }> } };

export type ServiceKindsQueryVariables = Exact<{ [key: string]: never; }>;


export type ServiceKindsQuery = { offers: { nodes: Array<{ id: string, serviceKind: string | null }> } };

export type AddServiceMutationVariables = Exact<{
  input: AddServiceInput;
}>;


export type AddServiceMutation = { addService: { service: { id: string, name: string } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type PurchaseOfferMutationVariables = Exact<{
  input: PurchaseOfferInput;
}>;


export type PurchaseOfferMutation = { purchaseOffer: { offer: { id: string, name: string } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type AuditNodeFragment = { id: string, at: string, action: AuditAction, actor: string, summary: string, details: unknown, summaryValues: unknown };

export type AuditLogQueryVariables = Exact<{
  filter?: AuditFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type AuditLogQuery = { auditLog: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ id: string, at: string, action: AuditAction, actor: string, summary: string, details: unknown, summaryValues: unknown }> } };

export type BillRowFragment = { id: string, number: string, periodStart: string, periodEnd: string, billedOn: string | null, status: BillStatus, dueOn: string | null, billUnit: { id: string, name: string }, subordinateCharges: { amount: string, currency: string }, openAmount: { amount: string, currency: string }, disputable: { amount: string, currency: string }, disputes: Array<{ id: string, status: DisputeStatus, amount: { amount: string, currency: string } }> };

export type AccountBillsQueryVariables = Exact<{
  number: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type AccountBillsQuery = { account: { id: string, number: string, billUnits: Array<{ id: string, payingParent: { id: string } | null }>, bills: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ id: string, number: string, periodStart: string, periodEnd: string, billedOn: string | null, status: BillStatus, dueOn: string | null, billUnit: { id: string, name: string }, subordinateCharges: { amount: string, currency: string }, openAmount: { amount: string, currency: string }, disputable: { amount: string, currency: string }, disputes: Array<{ id: string, status: DisputeStatus, amount: { amount: string, currency: string } }> }> } } | null };

export type BillListQueryVariables = Exact<{
  filter?: BillFilter | null | undefined;
  sort?: BillSort | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type BillListQuery = { bills: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ id: string, number: string, periodStart: string, periodEnd: string, billedOn: string | null, status: BillStatus, dueOn: string | null, account: { id: string, number: string, name: string, status: Status }, billUnit: { id: string, name: string }, subordinateCharges: { amount: string, currency: string }, openAmount: { amount: string, currency: string }, disputable: { amount: string, currency: string }, disputes: Array<{ id: string, status: DisputeStatus, amount: { amount: string, currency: string } }> }> } };

export type BillListRowFragment = { id: string, number: string, periodStart: string, periodEnd: string, billedOn: string | null, status: BillStatus, dueOn: string | null, account: { id: string, number: string, name: string, status: Status }, billUnit: { id: string, name: string }, subordinateCharges: { amount: string, currency: string }, openAmount: { amount: string, currency: string }, disputable: { amount: string, currency: string }, disputes: Array<{ id: string, status: DisputeStatus, amount: { amount: string, currency: string } }> };

export type ChargesOfBillFragment = { id: string, number: string, periodEnd: string, currentCharges: { amount: string, currency: string }, subordinateCharges: { amount: string, currency: string } };

export type BillChartQueryVariables = Exact<{
  number: string;
}>;


export type BillChartQuery = { account: { id: string, currency: string, bills: { nodes: Array<{ id: string, number: string, periodEnd: string, currentCharges: { amount: string, currency: string }, subordinateCharges: { amount: string, currency: string } }> } } | null };

export type ItemElsewhereFragment = { id: string, name: string, due: { amount: string, currency: string }, bill: { id: string, number: string, status: BillStatus, periodStart: string, periodEnd: string, account: { id: string, number: string, name: string, status: Status } } };

export type BilledElsewhereQueryVariables = Exact<{
  number: string;
}>;


export type BilledElsewhereQuery = { account: { id: string, billUnits: Array<{ id: string, name: string, payingParent: { id: string, account: { id: string, number: string, name: string, status: Status } } | null, items: { totalCount: number, nodes: Array<{ id: string, name: string, due: { amount: string, currency: string }, bill: { id: string, number: string, status: BillStatus, periodStart: string, periodEnd: string, account: { id: string, number: string, name: string, status: Status } } }> } }> } | null };

export type BillStatementFragment = { previousBalance: { amount: string, currency: string }, currentCharges: { amount: string, currency: string }, subordinateCharges: { amount: string, currency: string }, payments: { amount: string, currency: string }, adjustments: { amount: string, currency: string }, disputed: { amount: string, currency: string }, totalDue: { amount: string, currency: string }, openAmount: { amount: string, currency: string }, carriedOver: Array<{ bill: { id: string, number: string, dueOn: string | null }, amount: { amount: string, currency: string } }> };

export type BillItemRowFragment = { id: string, kind: BillItemKind, name: string, service: { id: string, name: string } | null, account: { id: string, number: string, name: string, status: Status }, total: { amount: string, currency: string }, adjusted: { amount: string, currency: string }, disputed: { amount: string, currency: string }, due: { amount: string, currency: string }, disputable: { amount: string, currency: string } };

export type BillPageQueryVariables = Exact<{
  number: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type BillPageQuery = { bill: { id: string, number: string, periodStart: string, periodEnd: string, billedOn: string | null, status: BillStatus, dueOn: string | null, account: { id: string, number: string, name: string, status: Status }, items: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ id: string, kind: BillItemKind, name: string, service: { id: string, name: string } | null, account: { id: string, number: string, name: string, status: Status }, total: { amount: string, currency: string }, adjusted: { amount: string, currency: string }, disputed: { amount: string, currency: string }, due: { amount: string, currency: string }, disputable: { amount: string, currency: string } }> }, billUnit: { id: string, name: string }, subordinateCharges: { amount: string, currency: string }, previousBalance: { amount: string, currency: string }, currentCharges: { amount: string, currency: string }, payments: { amount: string, currency: string }, adjustments: { amount: string, currency: string }, disputed: { amount: string, currency: string }, totalDue: { amount: string, currency: string }, openAmount: { amount: string, currency: string }, carriedOver: Array<{ bill: { id: string, number: string, dueOn: string | null }, amount: { amount: string, currency: string } }>, disputable: { amount: string, currency: string }, disputes: Array<{ id: string, status: DisputeStatus, amount: { amount: string, currency: string } }> } | null };

export type ChargeRowFragment = { id: string, kind: EventKind, occurredAt: string, description: string, quantity: string | null, unit: string | null, rate: string | null, details: unknown, amount: { amount: string, currency: string } | null, disputable: { amount: string, currency: string } | null };

export type BillItemPageQueryVariables = Exact<{
  id: string | number;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type BillItemPageQuery = { node:
    | { __typename: 'Account', id: string }
    | { __typename: 'AuditEntry', id: string }
    | { __typename: 'Bill', id: string }
    | { __typename: 'BillItem', id: string, kind: BillItemKind, name: string, service: { id: string, name: string } | null, bill: { id: string, number: string, status: BillStatus, account: { id: string, number: string, name: string, status: Status } }, events: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ id: string, kind: EventKind, occurredAt: string, description: string, quantity: string | null, unit: string | null, rate: string | null, details: unknown, amount: { amount: string, currency: string } | null, disputable: { amount: string, currency: string } | null }> }, account: { id: string, number: string, name: string, status: Status }, total: { amount: string, currency: string }, adjusted: { amount: string, currency: string }, disputed: { amount: string, currency: string }, due: { amount: string, currency: string }, disputable: { amount: string, currency: string } }
    | { __typename: 'BillUnit', id: string }
    | { __typename: 'Contact', id: string }
    | { __typename: 'DeferredAction', id: string }
    | { __typename: 'Dispute', id: string }
    | { __typename: 'Event', id: string }
    | { __typename: 'ImportAccount', id: string }
    | { __typename: 'ImportFile', id: string }
    | { __typename: 'ImportOffer', id: string }
    | { __typename: 'ImportReject', id: string }
    | { __typename: 'ImportRun', id: string }
    | { __typename: 'JobRun', id: string }
    | { __typename: 'Note', id: string }
    | { __typename: 'Offer', id: string }
    | { __typename: 'Payment', id: string }
    | { __typename: 'PaymentMethod', id: string }
    | { __typename: 'PurchasedOffer', id: string }
    | { __typename: 'QuarantinedAccount', id: string }
    | { __typename: 'Service', id: string }
    | { __typename: 'StatusChangeResult', id: string }
    | { __typename: 'StatusReason', id: string }
    | { __typename: 'Token', id: string }
    | { __typename: 'User', id: string }
    | { __typename: 'Webhook', id: string }
    | { __typename: 'WebhookDelivery', id: string }
   | null };

export type ChargeFragment = { recordedAt: string, actor: string, reason: string | null, id: string, kind: EventKind, occurredAt: string, description: string, quantity: string | null, unit: string | null, rate: string | null, details: unknown, account: { id: string, number: string, name: string, status: Status }, service: { id: string, name: string, kind: string, login: string | null } | null, offer: { id: string, name: string, offer: { id: string, code: string, name: string } } | null, item: { id: string, name: string, bill: { id: string, number: string } } | null, followed: { id: string, kind: EventKind, description: string, fromStatus: Status | null, toStatus: Status | null, details: unknown, amount: { amount: string, currency: string } | null, item: { id: string } | null, account: { id: string, number: string, name: string, status: Status }, service: { id: string, name: string, kind: string } | null, offer: { id: string, name: string } | null, target:
      | { __typename: 'PurchasedOffer', id: string, name: string }
      | { __typename: 'Service', id: string, name: string }
     | null } | null, amount: { amount: string, currency: string } | null, disputable: { amount: string, currency: string } | null };

export type ChargeToExplainQueryVariables = Exact<{
  id: string | number;
}>;


export type ChargeToExplainQuery = { node:
    | { __typename: 'Account', id: string }
    | { __typename: 'AuditEntry', id: string }
    | { __typename: 'Bill', id: string }
    | { __typename: 'BillItem', id: string }
    | { __typename: 'BillUnit', id: string }
    | { __typename: 'Contact', id: string }
    | { __typename: 'DeferredAction', id: string }
    | { __typename: 'Dispute', id: string }
    | { __typename: 'Event', id: string, recordedAt: string, actor: string, reason: string | null, kind: EventKind, occurredAt: string, description: string, quantity: string | null, unit: string | null, rate: string | null, details: unknown, account: { id: string, number: string, name: string, status: Status }, service: { id: string, name: string, kind: string, login: string | null } | null, offer: { id: string, name: string, offer: { id: string, code: string, name: string } } | null, item: { id: string, name: string, bill: { id: string, number: string } } | null, followed: { id: string, kind: EventKind, description: string, fromStatus: Status | null, toStatus: Status | null, details: unknown, amount: { amount: string, currency: string } | null, item: { id: string } | null, account: { id: string, number: string, name: string, status: Status }, service: { id: string, name: string, kind: string } | null, offer: { id: string, name: string } | null, target:
          | { __typename: 'PurchasedOffer', id: string, name: string }
          | { __typename: 'Service', id: string, name: string }
         | null } | null, amount: { amount: string, currency: string } | null, disputable: { amount: string, currency: string } | null }
    | { __typename: 'ImportAccount', id: string }
    | { __typename: 'ImportFile', id: string }
    | { __typename: 'ImportOffer', id: string }
    | { __typename: 'ImportReject', id: string }
    | { __typename: 'ImportRun', id: string }
    | { __typename: 'JobRun', id: string }
    | { __typename: 'Note', id: string }
    | { __typename: 'Offer', id: string }
    | { __typename: 'Payment', id: string }
    | { __typename: 'PaymentMethod', id: string }
    | { __typename: 'PurchasedOffer', id: string }
    | { __typename: 'QuarantinedAccount', id: string }
    | { __typename: 'Service', id: string }
    | { __typename: 'StatusChangeResult', id: string }
    | { __typename: 'StatusReason', id: string }
    | { __typename: 'Token', id: string }
    | { __typename: 'User', id: string }
    | { __typename: 'Webhook', id: string }
    | { __typename: 'WebhookDelivery', id: string }
   | null };

export type UnitRefFragment = { id: string, name: string, account: { id: string, number: string, name: string, status: Status } };

export type BillUnitsQueryVariables = Exact<{
  number: string;
}>;


export type BillUnitsQuery = { account: { id: string, status: Status, billUnits: Array<{ id: string, name: string, currency: string, billingDayOfMonth: number, nextBillOn: string, paymentMethod: { id: string, kind: PaymentMethodKind, label: string } | null, payingParent: { id: string, name: string, account: { id: string, number: string, name: string, status: Status } } | null, pays: { totalCount: number, nodes: Array<{ id: string, name: string, account: { id: string, number: string, name: string, status: Status } }> } }> } | null };

export type BillUnitSubjectQueryVariables = Exact<{
  id: string | number;
}>;


export type BillUnitSubjectQuery = { node:
    | { __typename: 'Account', id: string }
    | { __typename: 'AuditEntry', id: string }
    | { __typename: 'Bill', id: string }
    | { __typename: 'BillItem', id: string }
    | { __typename: 'BillUnit', name: string, version: number, id: string, account: { id: string, number: string, name: string, status: Status }, payingParent: { id: string, name: string, account: { id: string, number: string, name: string, status: Status } } | null }
    | { __typename: 'Contact', id: string }
    | { __typename: 'DeferredAction', id: string }
    | { __typename: 'Dispute', id: string }
    | { __typename: 'Event', id: string }
    | { __typename: 'ImportAccount', id: string }
    | { __typename: 'ImportFile', id: string }
    | { __typename: 'ImportOffer', id: string }
    | { __typename: 'ImportReject', id: string }
    | { __typename: 'ImportRun', id: string }
    | { __typename: 'JobRun', id: string }
    | { __typename: 'Note', id: string }
    | { __typename: 'Offer', id: string }
    | { __typename: 'Payment', id: string }
    | { __typename: 'PaymentMethod', id: string }
    | { __typename: 'PurchasedOffer', id: string }
    | { __typename: 'QuarantinedAccount', id: string }
    | { __typename: 'Service', id: string }
    | { __typename: 'StatusChangeResult', id: string }
    | { __typename: 'StatusReason', id: string }
    | { __typename: 'Token', id: string }
    | { __typename: 'User', id: string }
    | { __typename: 'Webhook', id: string }
    | { __typename: 'WebhookDelivery', id: string }
   | null };

export type BillUnitAccountQueryVariables = Exact<{
  id: string | number;
}>;


export type BillUnitAccountQuery = { account: { status: Status, id: string, number: string, name: string } | null };

export type PreviewedBillUnitFragment = { id: string, billingDayOfMonth: number, nextBillOn: string, payingParent: { id: string, name: string, account: { id: string, number: string, name: string, status: Status } } | null, account: { id: string, status: Status } };

export type PreviewBillUnitMutationVariables = Exact<{
  input: AddBillUnitInput;
}>;


export type PreviewBillUnitMutation = { addBillUnit: { billUnit: { id: string, billingDayOfMonth: number, nextBillOn: string, payingParent: { id: string, name: string, account: { id: string, number: string, name: string, status: Status } } | null, account: { id: string, status: Status } } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type AddBillUnitMutationVariables = Exact<{
  input: AddBillUnitInput;
}>;


export type AddBillUnitMutation = { addBillUnit: { billUnit: { id: string, name: string } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type PreviewPayerMutationVariables = Exact<{
  input: ChangePayerInput;
}>;


export type PreviewPayerMutation = { changePayer: { billUnit: { id: string, account: { id: string, number: string, name: string, status: Status, balance: { amount: string, currency: string }, events: { nodes: Array<{ id: string, description: string, amount: { amount: string, currency: string } | null }> } } } | null, impact: { payerChangeCount: number, payerChanges: Array<{ billUnit: { id: string, account: { id: string, number: string, name: string, status: Status } }, formerPayer: { id: string, number: string, name: string, status: Status }, payer: { id: string, number: string, name: string, status: Status }, moved: { amount: string, currency: string } }>, statusChange: { accounts: number, services: number, offers: number, ofPayers: Array<{ payer: { id: string, number: string, name: string, status: Status }, charged: { amount: string, currency: string }, givenBack: { amount: string, currency: string } }> | null } | null } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type ChangePayerMutationVariables = Exact<{
  input: ChangePayerInput;
}>;


export type ChangePayerMutation = { changePayer: { billUnit: { id: string, name: string } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type CatalogOfferFragment = { id: string, code: string, name: string, kind: OfferKind, serviceKind: string | null, currency: string, purchaseFee: string | null, monthlyFee: string | null, cancelFee: string | null, usageRate: string | null, usageUnit: string | null, monthlyPercentOff: string | null, usagePercentOff: string | null };

export type CatalogQueryVariables = Exact<{
  search?: string | null | undefined;
  kind?: Array<OfferKind> | OfferKind | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type CatalogQuery = { offers: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ id: string, code: string, name: string, kind: OfferKind, serviceKind: string | null, currency: string, purchaseFee: string | null, monthlyFee: string | null, cancelFee: string | null, usageRate: string | null, usageUnit: string | null, monthlyPercentOff: string | null, usagePercentOff: string | null }> } };

export type CreateOfferMutationVariables = Exact<{
  input: CreateOfferInput;
}>;


export type CreateOfferMutation = { createOffer: { offer: { id: string, code: string, name: string, kind: OfferKind, serviceKind: string | null, currency: string, purchaseFee: string | null, monthlyFee: string | null, cancelFee: string | null, usageRate: string | null, usageUnit: string | null, monthlyPercentOff: string | null, usagePercentOff: string | null } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type ContactSubjectQueryVariables = Exact<{
  id: string | number;
}>;


export type ContactSubjectQuery = { node:
    | { __typename: 'Account', id: string }
    | { __typename: 'AuditEntry', id: string }
    | { __typename: 'Bill', id: string }
    | { __typename: 'BillItem', id: string }
    | { __typename: 'BillUnit', id: string }
    | { __typename: 'Contact', id: string, kind: ContactKind, isPrimary: boolean, name: string, email: string | null, phone: string | null, addressLines: string | null, city: string | null, region: string | null, postalCode: string | null, country: string | null, version: number, account: { id: string, number: string, name: string, status: Status } }
    | { __typename: 'DeferredAction', id: string }
    | { __typename: 'Dispute', id: string }
    | { __typename: 'Event', id: string }
    | { __typename: 'ImportAccount', id: string }
    | { __typename: 'ImportFile', id: string }
    | { __typename: 'ImportOffer', id: string }
    | { __typename: 'ImportReject', id: string }
    | { __typename: 'ImportRun', id: string }
    | { __typename: 'JobRun', id: string }
    | { __typename: 'Note', id: string }
    | { __typename: 'Offer', id: string }
    | { __typename: 'Payment', id: string }
    | { __typename: 'PaymentMethod', id: string }
    | { __typename: 'PurchasedOffer', id: string }
    | { __typename: 'QuarantinedAccount', id: string }
    | { __typename: 'Service', id: string }
    | { __typename: 'StatusChangeResult', id: string }
    | { __typename: 'StatusReason', id: string }
    | { __typename: 'Token', id: string }
    | { __typename: 'User', id: string }
    | { __typename: 'Webhook', id: string }
    | { __typename: 'WebhookDelivery', id: string }
   | null };

export type ContactOwnerQueryVariables = Exact<{
  id: string | number;
}>;


export type ContactOwnerQuery = { account: { id: string, number: string, name: string, status: Status } | null };

export type AddContactMutationVariables = Exact<{
  input: AddContactInput;
}>;


export type AddContactMutation = { addContact: { contact: { id: string, name: string } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type UpdateContactMutationVariables = Exact<{
  input: UpdateContactInput;
}>;


export type UpdateContactMutation = { updateContact: { contact: { id: string, name: string, version: number } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type RemoveContactMutationVariables = Exact<{
  id: string | number;
  expectedVersion?: number | null | undefined;
}>;


export type RemoveContactMutation = { removeContact: { account: { id: string } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type DeferredNodeFragment = { id: string, status: DeferredActionStatus, scheduledFor: string, reason: string | null, note: string | null, createdBy: string, createdAt: string, executedAt: string | null, cancelledBy: string | null, cancelledAt: string | null, attempts: number, failure: string | null, kind: DeferredActionKind, toStatus: Status | null, parentPays: boolean, summary: string, jobRun: { id: string } | null, account: { id: string, number: string, name: string, status: Status }, target:
    | { __typename: 'PurchasedOffer', id: string, name: string }
    | { __typename: 'Service', id: string, name: string }
   | null, newParent: { id: string, number: string } | null, pairedWith: { id: string, status: DeferredActionStatus, scheduledFor: string } | null };

export type DeferredActionsQueryVariables = Exact<{
  filter?: DeferredActionFilter | null | undefined;
  sort?: DeferredActionSort | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type DeferredActionsQuery = { deferredActions: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ id: string, status: DeferredActionStatus, scheduledFor: string, reason: string | null, note: string | null, createdBy: string, createdAt: string, executedAt: string | null, cancelledBy: string | null, cancelledAt: string | null, attempts: number, failure: string | null, kind: DeferredActionKind, toStatus: Status | null, parentPays: boolean, summary: string, jobRun: { id: string } | null, account: { id: string, number: string, name: string, status: Status }, target:
        | { __typename: 'PurchasedOffer', id: string, name: string }
        | { __typename: 'Service', id: string, name: string }
       | null, newParent: { id: string, number: string } | null, pairedWith: { id: string, status: DeferredActionStatus, scheduledFor: string } | null }> } };

export type AccountDeferredActionsQueryVariables = Exact<{
  number: string;
  filter?: DeferredActionFilter | null | undefined;
  sort?: DeferredActionSort | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type AccountDeferredActionsQuery = { account: { id: string, deferredActions: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ id: string, status: DeferredActionStatus, scheduledFor: string, reason: string | null, note: string | null, createdBy: string, createdAt: string, executedAt: string | null, cancelledBy: string | null, cancelledAt: string | null, attempts: number, failure: string | null, kind: DeferredActionKind, toStatus: Status | null, parentPays: boolean, summary: string, jobRun: { id: string } | null, account: { id: string, number: string, name: string, status: Status }, target:
          | { __typename: 'PurchasedOffer', id: string, name: string }
          | { __typename: 'Service', id: string, name: string }
         | null, newParent: { id: string, number: string } | null, pairedWith: { id: string, status: DeferredActionStatus, scheduledFor: string } | null }> } } | null };

export type DeferredCalendarQueryVariables = Exact<{
  from: string;
  to: string;
  filter?: DeferredActionFilter | null | undefined;
}>;


export type DeferredCalendarQuery = { deferredActionDays: Array<{ date: string, counts: Array<{ status: DeferredActionStatus, count: number }> }> };

export type BillDayCalendarQueryVariables = Exact<{
  from: string;
  to: string;
}>;


export type BillDayCalendarQuery = { billDays: Array<{ date: string, billUnits: number, bills: number, jobRun: { id: string, status: JobRunStatus } | null }> };

export type CalendarBillDayFragment = { date: string, billUnits: number, bills: number, jobRun: { id: string, status: JobRunStatus } | null };

export type SelectedDeferredActionsQueryVariables = Exact<{
  ids: Array<string | number> | string | number;
}>;


export type SelectedDeferredActionsQuery = { nodes: Array<
    | { __typename: 'Account', id: string }
    | { __typename: 'AuditEntry', id: string }
    | { __typename: 'Bill', id: string }
    | { __typename: 'BillItem', id: string }
    | { __typename: 'BillUnit', id: string }
    | { __typename: 'Contact', id: string }
    | { __typename: 'DeferredAction', id: string, status: DeferredActionStatus, scheduledFor: string, reason: string | null, note: string | null, createdBy: string, createdAt: string, executedAt: string | null, cancelledBy: string | null, cancelledAt: string | null, attempts: number, failure: string | null, kind: DeferredActionKind, toStatus: Status | null, parentPays: boolean, summary: string, jobRun: { id: string } | null, account: { id: string, number: string, name: string, status: Status }, target:
        | { __typename: 'PurchasedOffer', id: string, name: string }
        | { __typename: 'Service', id: string, name: string }
       | null, newParent: { id: string, number: string } | null, pairedWith: { id: string, status: DeferredActionStatus, scheduledFor: string } | null }
    | { __typename: 'Dispute', id: string }
    | { __typename: 'Event', id: string }
    | { __typename: 'ImportAccount', id: string }
    | { __typename: 'ImportFile', id: string }
    | { __typename: 'ImportOffer', id: string }
    | { __typename: 'ImportReject', id: string }
    | { __typename: 'ImportRun', id: string }
    | { __typename: 'JobRun', id: string }
    | { __typename: 'Note', id: string }
    | { __typename: 'Offer', id: string }
    | { __typename: 'Payment', id: string }
    | { __typename: 'PaymentMethod', id: string }
    | { __typename: 'PurchasedOffer', id: string }
    | { __typename: 'QuarantinedAccount', id: string }
    | { __typename: 'Service', id: string }
    | { __typename: 'StatusChangeResult', id: string }
    | { __typename: 'StatusReason', id: string }
    | { __typename: 'Token', id: string }
    | { __typename: 'User', id: string }
    | { __typename: 'Webhook', id: string }
    | { __typename: 'WebhookDelivery', id: string }
   | null> };

export type RunDeferredActionsMutationVariables = Exact<{
  input: DeferredActionsInput;
}>;


export type RunDeferredActionsMutation = { runDeferredActions: { deferredActions: Array<{ id: string, status: DeferredActionStatus, failure: string | null }>, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type RescheduleDeferredActionsMutationVariables = Exact<{
  input: RescheduleDeferredActionsInput;
}>;


export type RescheduleDeferredActionsMutation = { rescheduleDeferredActions: { deferredActions: Array<{ id: string, status: DeferredActionStatus, scheduledFor: string }>, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type CancelDeferredActionsMutationVariables = Exact<{
  input: DeferredActionsInput;
}>;


export type CancelDeferredActionsMutation = { cancelDeferredActions: { deferredActions: Array<{ id: string, status: DeferredActionStatus }>, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type DisputeRowFragment = { id: string, status: DisputeStatus, reason: string, note: string | null, openedAt: string, openedBy: string, settledAt: string | null, settledBy: string | null, amount: { amount: string, currency: string }, granted: { amount: string, currency: string } | null, bill: { id: string, number: string }, item: { id: string, name: string } | null, event: { id: string, description: string } | null };

export type BillDisputesQueryVariables = Exact<{
  number: string;
}>;


export type BillDisputesQuery = { bill: { id: string, disputes: Array<{ id: string, status: DisputeStatus, reason: string, note: string | null, openedAt: string, openedBy: string, settledAt: string | null, settledBy: string | null, amount: { amount: string, currency: string }, granted: { amount: string, currency: string } | null, bill: { id: string, number: string }, item: { id: string, name: string } | null, event: { id: string, description: string } | null }> } | null };

export type AccountDisputesQueryVariables = Exact<{
  number: string;
  settled: number;
}>;


export type AccountDisputesQuery = { account: { id: string, open: { totalCount: number, nodes: Array<{ id: string, status: DisputeStatus, reason: string, note: string | null, openedAt: string, openedBy: string, settledAt: string | null, settledBy: string | null, amount: { amount: string, currency: string }, granted: { amount: string, currency: string } | null, bill: { id: string, number: string }, item: { id: string, name: string } | null, event: { id: string, description: string } | null }> }, settled: { totalCount: number, nodes: Array<{ id: string, status: DisputeStatus, reason: string, note: string | null, openedAt: string, openedBy: string, settledAt: string | null, settledBy: string | null, amount: { amount: string, currency: string }, granted: { amount: string, currency: string } | null, bill: { id: string, number: string }, item: { id: string, name: string } | null, event: { id: string, description: string } | null }> } } | null };

type MoneySubject_Account_Fragment = { __typename: 'Account', number: string, name: string, currency: string, id: string };

type MoneySubject_AuditEntry_Fragment = { __typename: 'AuditEntry', id: string };

type MoneySubject_Bill_Fragment = { __typename: 'Bill', number: string, id: string, left: { amount: string, currency: string } };

type MoneySubject_BillItem_Fragment = { __typename: 'BillItem', name: string, id: string, left: { amount: string, currency: string }, bill: { id: string, number: string } };

type MoneySubject_BillUnit_Fragment = { __typename: 'BillUnit', id: string };

type MoneySubject_Contact_Fragment = { __typename: 'Contact', id: string };

type MoneySubject_DeferredAction_Fragment = { __typename: 'DeferredAction', id: string };

type MoneySubject_Dispute_Fragment = { __typename: 'Dispute', id: string };

type MoneySubject_Event_Fragment = { __typename: 'Event', description: string, id: string, leftOfCharge: { amount: string, currency: string } | null };

type MoneySubject_ImportAccount_Fragment = { __typename: 'ImportAccount', id: string };

type MoneySubject_ImportFile_Fragment = { __typename: 'ImportFile', id: string };

type MoneySubject_ImportOffer_Fragment = { __typename: 'ImportOffer', id: string };

type MoneySubject_ImportReject_Fragment = { __typename: 'ImportReject', id: string };

type MoneySubject_ImportRun_Fragment = { __typename: 'ImportRun', id: string };

type MoneySubject_JobRun_Fragment = { __typename: 'JobRun', id: string };

type MoneySubject_Note_Fragment = { __typename: 'Note', id: string };

type MoneySubject_Offer_Fragment = { __typename: 'Offer', id: string };

type MoneySubject_Payment_Fragment = { __typename: 'Payment', id: string };

type MoneySubject_PaymentMethod_Fragment = { __typename: 'PaymentMethod', id: string };

type MoneySubject_PurchasedOffer_Fragment = { __typename: 'PurchasedOffer', id: string };

type MoneySubject_QuarantinedAccount_Fragment = { __typename: 'QuarantinedAccount', id: string };

type MoneySubject_Service_Fragment = { __typename: 'Service', id: string };

type MoneySubject_StatusChangeResult_Fragment = { __typename: 'StatusChangeResult', id: string };

type MoneySubject_StatusReason_Fragment = { __typename: 'StatusReason', id: string };

type MoneySubject_Token_Fragment = { __typename: 'Token', id: string };

type MoneySubject_User_Fragment = { __typename: 'User', id: string };

type MoneySubject_Webhook_Fragment = { __typename: 'Webhook', id: string };

type MoneySubject_WebhookDelivery_Fragment = { __typename: 'WebhookDelivery', id: string };

export type MoneySubjectFragment =
  | MoneySubject_Account_Fragment
  | MoneySubject_AuditEntry_Fragment
  | MoneySubject_Bill_Fragment
  | MoneySubject_BillItem_Fragment
  | MoneySubject_BillUnit_Fragment
  | MoneySubject_Contact_Fragment
  | MoneySubject_DeferredAction_Fragment
  | MoneySubject_Dispute_Fragment
  | MoneySubject_Event_Fragment
  | MoneySubject_ImportAccount_Fragment
  | MoneySubject_ImportFile_Fragment
  | MoneySubject_ImportOffer_Fragment
  | MoneySubject_ImportReject_Fragment
  | MoneySubject_ImportRun_Fragment
  | MoneySubject_JobRun_Fragment
  | MoneySubject_Note_Fragment
  | MoneySubject_Offer_Fragment
  | MoneySubject_Payment_Fragment
  | MoneySubject_PaymentMethod_Fragment
  | MoneySubject_PurchasedOffer_Fragment
  | MoneySubject_QuarantinedAccount_Fragment
  | MoneySubject_Service_Fragment
  | MoneySubject_StatusChangeResult_Fragment
  | MoneySubject_StatusReason_Fragment
  | MoneySubject_Token_Fragment
  | MoneySubject_User_Fragment
  | MoneySubject_Webhook_Fragment
  | MoneySubject_WebhookDelivery_Fragment
;

export type SubjectOfMoneyQueryVariables = Exact<{
  id: string | number;
}>;


export type SubjectOfMoneyQuery = { node:
    | { __typename: 'Account', number: string, name: string, currency: string, id: string }
    | { __typename: 'AuditEntry', id: string }
    | { __typename: 'Bill', number: string, id: string, left: { amount: string, currency: string } }
    | { __typename: 'BillItem', name: string, id: string, left: { amount: string, currency: string }, bill: { id: string, number: string } }
    | { __typename: 'BillUnit', id: string }
    | { __typename: 'Contact', id: string }
    | { __typename: 'DeferredAction', id: string }
    | { __typename: 'Dispute', id: string }
    | { __typename: 'Event', description: string, id: string, leftOfCharge: { amount: string, currency: string } | null }
    | { __typename: 'ImportAccount', id: string }
    | { __typename: 'ImportFile', id: string }
    | { __typename: 'ImportOffer', id: string }
    | { __typename: 'ImportReject', id: string }
    | { __typename: 'ImportRun', id: string }
    | { __typename: 'JobRun', id: string }
    | { __typename: 'Note', id: string }
    | { __typename: 'Offer', id: string }
    | { __typename: 'Payment', id: string }
    | { __typename: 'PaymentMethod', id: string }
    | { __typename: 'PurchasedOffer', id: string }
    | { __typename: 'QuarantinedAccount', id: string }
    | { __typename: 'Service', id: string }
    | { __typename: 'StatusChangeResult', id: string }
    | { __typename: 'StatusReason', id: string }
    | { __typename: 'Token', id: string }
    | { __typename: 'User', id: string }
    | { __typename: 'Webhook', id: string }
    | { __typename: 'WebhookDelivery', id: string }
   | null };

export type DisputeToSettleQueryVariables = Exact<{
  id: string | number;
}>;


export type DisputeToSettleQuery = { node:
    | { __typename: 'Account', id: string }
    | { __typename: 'AuditEntry', id: string }
    | { __typename: 'Bill', id: string }
    | { __typename: 'BillItem', id: string }
    | { __typename: 'BillUnit', id: string }
    | { __typename: 'Contact', id: string }
    | { __typename: 'DeferredAction', id: string }
    | { __typename: 'Dispute', id: string, status: DisputeStatus, reason: string, note: string | null, openedAt: string, openedBy: string, settledAt: string | null, settledBy: string | null, amount: { amount: string, currency: string }, granted: { amount: string, currency: string } | null, bill: { id: string, number: string }, item: { id: string, name: string } | null, event: { id: string, description: string } | null }
    | { __typename: 'Event', id: string }
    | { __typename: 'ImportAccount', id: string }
    | { __typename: 'ImportFile', id: string }
    | { __typename: 'ImportOffer', id: string }
    | { __typename: 'ImportReject', id: string }
    | { __typename: 'ImportRun', id: string }
    | { __typename: 'JobRun', id: string }
    | { __typename: 'Note', id: string }
    | { __typename: 'Offer', id: string }
    | { __typename: 'Payment', id: string }
    | { __typename: 'PaymentMethod', id: string }
    | { __typename: 'PurchasedOffer', id: string }
    | { __typename: 'QuarantinedAccount', id: string }
    | { __typename: 'Service', id: string }
    | { __typename: 'StatusChangeResult', id: string }
    | { __typename: 'StatusReason', id: string }
    | { __typename: 'Token', id: string }
    | { __typename: 'User', id: string }
    | { __typename: 'Webhook', id: string }
    | { __typename: 'WebhookDelivery', id: string }
   | null };

export type OpenDisputeMutationVariables = Exact<{
  input: OpenDisputeInput;
}>;


export type OpenDisputeMutation = { openDispute: { dispute: { id: string, status: DisputeStatus, reason: string, note: string | null, openedAt: string, openedBy: string, settledAt: string | null, settledBy: string | null, amount: { amount: string, currency: string }, granted: { amount: string, currency: string } | null, bill: { id: string, number: string }, item: { id: string, name: string } | null, event: { id: string, description: string } | null } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type SettleDisputeMutationVariables = Exact<{
  input: SettleDisputeInput;
}>;


export type SettleDisputeMutation = { settleDispute: { dispute: { id: string, status: DisputeStatus, reason: string, note: string | null, openedAt: string, openedBy: string, settledAt: string | null, settledBy: string | null, amount: { amount: string, currency: string }, granted: { amount: string, currency: string } | null, bill: { id: string, number: string }, item: { id: string, name: string } | null, event: { id: string, description: string } | null } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type AdjustMutationVariables = Exact<{
  input: AdjustInput;
}>;


export type AdjustMutation = { adjust: { event: { id: string, description: string } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type DisputeListQueryVariables = Exact<{
  filter?: DisputeFilter | null | undefined;
  sort?: DisputeSort | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type DisputeListQuery = { disputes: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ id: string, status: DisputeStatus, reason: string, openedAt: string, openedBy: string, settledAt: string | null, settledBy: string | null, note: string | null, granted: { amount: string, currency: string } | null, amount: { amount: string, currency: string }, account: { id: string, number: string, name: string, status: Status }, bill: { id: string, number: string } }> } };

export type DisputeListRowFragment = { id: string, status: DisputeStatus, reason: string, openedAt: string, openedBy: string, settledAt: string | null, settledBy: string | null, note: string | null, granted: { amount: string, currency: string } | null, amount: { amount: string, currency: string }, account: { id: string, number: string, name: string, status: Status }, bill: { id: string, number: string } };

export type EventNodeFragment = { id: string, change: string | null, occurredAt: string, recordedAt: string, quantity: string | null, unit: string | null, rate: string | null, cause: HoldCause | null, reason: string | null, actor: string, kind: EventKind, description: string, fromStatus: Status | null, toStatus: Status | null, details: unknown, amount: { amount: string, currency: string } | null, item: { id: string, bill: { id: string, number: string } } | null, followed: { id: string, kind: EventKind, description: string, fromStatus: Status | null, toStatus: Status | null, details: unknown, account: { id: string, number: string, name: string, status: Status }, service: { id: string, name: string, kind: string } | null, offer: { id: string, name: string } | null, target:
      | { __typename: 'PurchasedOffer', id: string, name: string }
      | { __typename: 'Service', id: string, name: string }
     | null } | null, account: { id: string, number: string, name: string, status: Status }, service: { id: string, name: string, kind: string } | null, offer: { id: string, name: string } | null, target:
    | { __typename: 'PurchasedOffer', id: string, name: string }
    | { __typename: 'Service', id: string, name: string }
   | null };

export type ScheduledEntryFragment = { id: string, status: DeferredActionStatus, scheduledFor: string, reason: string | null, note: string | null, createdBy: string, createdAt: string, attempts: number, failure: string | null, kind: DeferredActionKind, toStatus: Status | null, parentPays: boolean, summary: string, account: { id: string, number: string, name: string, status: Status }, target:
    | { __typename: 'PurchasedOffer', id: string, name: string }
    | { __typename: 'Service', id: string, name: string }
   | null, newParent: { id: string, number: string } | null, pairedWith: { id: string, status: DeferredActionStatus, scheduledFor: string } | null };

export type EventsQueryVariables = Exact<{
  number: string;
  filter?: EventFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type EventsQuery = { account: { id: string, scheduled: { totalCount: number, nodes: Array<{ id: string, status: DeferredActionStatus, scheduledFor: string, reason: string | null, note: string | null, createdBy: string, createdAt: string, attempts: number, failure: string | null, kind: DeferredActionKind, toStatus: Status | null, parentPays: boolean, summary: string, account: { id: string, number: string, name: string, status: Status }, target:
          | { __typename: 'PurchasedOffer', id: string, name: string }
          | { __typename: 'Service', id: string, name: string }
         | null, newParent: { id: string, number: string } | null, pairedWith: { id: string, status: DeferredActionStatus, scheduledFor: string } | null }> }, events: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ id: string, change: string | null, occurredAt: string, recordedAt: string, quantity: string | null, unit: string | null, rate: string | null, cause: HoldCause | null, reason: string | null, actor: string, kind: EventKind, description: string, fromStatus: Status | null, toStatus: Status | null, details: unknown, amount: { amount: string, currency: string } | null, item: { id: string, bill: { id: string, number: string } } | null, followed: { id: string, kind: EventKind, description: string, fromStatus: Status | null, toStatus: Status | null, details: unknown, account: { id: string, number: string, name: string, status: Status }, service: { id: string, name: string, kind: string } | null, offer: { id: string, name: string } | null, target:
            | { __typename: 'PurchasedOffer', id: string, name: string }
            | { __typename: 'Service', id: string, name: string }
           | null } | null, account: { id: string, number: string, name: string, status: Status }, service: { id: string, name: string, kind: string } | null, offer: { id: string, name: string } | null, target:
          | { __typename: 'PurchasedOffer', id: string, name: string }
          | { __typename: 'Service', id: string, name: string }
         | null }> } } | null };

export type ServiceNameQueryVariables = Exact<{
  id: string | number;
}>;


export type ServiceNameQuery = { node:
    | { __typename: 'Account', id: string }
    | { __typename: 'AuditEntry', id: string }
    | { __typename: 'Bill', id: string }
    | { __typename: 'BillItem', id: string }
    | { __typename: 'BillUnit', id: string }
    | { __typename: 'Contact', id: string }
    | { __typename: 'DeferredAction', id: string }
    | { __typename: 'Dispute', id: string }
    | { __typename: 'Event', id: string }
    | { __typename: 'ImportAccount', id: string }
    | { __typename: 'ImportFile', id: string }
    | { __typename: 'ImportOffer', id: string }
    | { __typename: 'ImportReject', id: string }
    | { __typename: 'ImportRun', id: string }
    | { __typename: 'JobRun', id: string }
    | { __typename: 'Note', id: string }
    | { __typename: 'Offer', id: string }
    | { __typename: 'Payment', id: string }
    | { __typename: 'PaymentMethod', id: string }
    | { __typename: 'PurchasedOffer', id: string }
    | { __typename: 'QuarantinedAccount', id: string }
    | { __typename: 'Service', name: string, id: string }
    | { __typename: 'StatusChangeResult', id: string }
    | { __typename: 'StatusReason', id: string }
    | { __typename: 'Token', id: string }
    | { __typename: 'User', id: string }
    | { __typename: 'Webhook', id: string }
    | { __typename: 'WebhookDelivery', id: string }
   | null };

export type EntryTimeQueryVariables = Exact<{
  id: string | number;
}>;


export type EntryTimeQuery = { node:
    | { __typename: 'Account', id: string }
    | { __typename: 'AuditEntry', id: string }
    | { __typename: 'Bill', id: string }
    | { __typename: 'BillItem', id: string }
    | { __typename: 'BillUnit', id: string }
    | { __typename: 'Contact', id: string }
    | { __typename: 'DeferredAction', id: string }
    | { __typename: 'Dispute', id: string }
    | { __typename: 'Event', occurredAt: string, id: string }
    | { __typename: 'ImportAccount', id: string }
    | { __typename: 'ImportFile', id: string }
    | { __typename: 'ImportOffer', id: string }
    | { __typename: 'ImportReject', id: string }
    | { __typename: 'ImportRun', id: string }
    | { __typename: 'JobRun', id: string }
    | { __typename: 'Note', id: string }
    | { __typename: 'Offer', id: string }
    | { __typename: 'Payment', id: string }
    | { __typename: 'PaymentMethod', id: string }
    | { __typename: 'PurchasedOffer', id: string }
    | { __typename: 'QuarantinedAccount', id: string }
    | { __typename: 'Service', id: string }
    | { __typename: 'StatusChangeResult', id: string }
    | { __typename: 'StatusReason', id: string }
    | { __typename: 'Token', id: string }
    | { __typename: 'User', id: string }
    | { __typename: 'Webhook', id: string }
    | { __typename: 'WebhookDelivery', id: string }
   | null };

export type EntryPageQueryVariables = Exact<{
  number: string;
  filter?: EventFilter | null | undefined;
  last: number;
}>;


export type EntryPageQuery = { account: { id: string, events: { edges: Array<{ cursor: string }> } } | null };

export type HierarchyNodeFragment = { rank: Rank | null, id: string, number: string, name: string, status: Status, holds: Array<{ effect: Status, cause: HoldCause }>, billUnits: Array<{ id: string, payingParent: { id: string, account: { id: string, number: string, name: string, status: Status } } | null }>, children: { totalCount: number } };

export type HierarchyQueryVariables = Exact<{
  number: string;
}>;


export type HierarchyQuery = { account: { descendantCount: number, rank: Rank | null, id: string, number: string, name: string, status: Status, ancestors: Array<{ rank: Rank | null, id: string, number: string, name: string, status: Status, holds: Array<{ effect: Status, cause: HoldCause }>, billUnits: Array<{ id: string, payingParent: { id: string, account: { id: string, number: string, name: string, status: Status } } | null }>, children: { totalCount: number } }>, holds: Array<{ effect: Status, cause: HoldCause }>, billUnits: Array<{ id: string, payingParent: { id: string, account: { id: string, number: string, name: string, status: Status } } | null }>, children: { totalCount: number } } | null };

export type HierarchyChildrenQueryVariables = Exact<{
  id: string | number;
  first: number;
  after?: string | null | undefined;
}>;


export type HierarchyChildrenQuery = { account: { id: string, children: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ rank: Rank | null, id: string, number: string, name: string, status: Status, holds: Array<{ effect: Status, cause: HoldCause }>, billUnits: Array<{ id: string, payingParent: { id: string, account: { id: string, number: string, name: string, status: Status } } | null }>, children: { totalCount: number } }> } } | null };

export type PayingAccountFragment = { id: string, number: string, name: string, status: Status, billUnits: Array<{ id: string, payingParent: { id: string, account: { id: string, number: string, name: string, status: Status } } | null }> };

export type NewParentQueryVariables = Exact<{
  id: string | number;
}>;


export type NewParentQuery = { account: { id: string, number: string, name: string, status: Status, billUnits: Array<{ id: string, payingParent: { id: string, account: { id: string, number: string, name: string, status: Status } } | null }> } | null };

export type HierarchySubjectQueryVariables = Exact<{
  id: string | number;
}>;


export type HierarchySubjectQuery = { account: { status: Status, version: number, descendantCount: number, id: string, number: string, name: string, parent: { id: string, number: string, name: string, status: Status, billUnits: Array<{ id: string, payingParent: { id: string, account: { id: string, number: string, name: string, status: Status } } | null }> } | null, billUnits: Array<{ id: string, nextBillOn: string, payingParent: { id: string, account: { id: string, number: string, name: string, status: Status } } | null }> } | null };

export type PreviewHierarchyMutationVariables = Exact<{
  input: ChangeHierarchyInput;
}>;


export type PreviewHierarchyMutation = { changeHierarchy: { account: { id: string, number: string, name: string, status: Status, balance: { amount: string, currency: string }, events: { nodes: Array<{ id: string, description: string, amount: { amount: string, currency: string } | null }> } } | null, impact: { payerChangeCount: number, payerChanges: Array<{ billUnit: { id: string, account: { id: string, number: string, name: string, status: Status } }, formerPayer: { id: string, number: string, name: string, status: Status }, payer: { id: string, number: string, name: string, status: Status }, moved: { amount: string, currency: string } }>, statusChange: { accounts: number, services: number, offers: number, ofPayers: Array<{ payer: { id: string, number: string, name: string, status: Status }, charged: { amount: string, currency: string }, givenBack: { amount: string, currency: string } }> | null } | null } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type ChangeHierarchyMutationVariables = Exact<{
  input: ChangeHierarchyInput;
}>;


export type ChangeHierarchyMutation = { changeHierarchy: { account: { version: number, id: string, number: string, name: string, status: Status } | null, deferredAction: { id: string, scheduledFor: string, kind: DeferredActionKind, toStatus: Status | null, parentPays: boolean, summary: string, account: { id: string, number: string, name: string, status: Status }, target:
        | { __typename: 'PurchasedOffer', id: string, name: string }
        | { __typename: 'Service', id: string, name: string }
       | null, newParent: { id: string, number: string } | null } | null, event: { id: string } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type HomeQueryVariables = Exact<{ [key: string]: never; }>;


export type HomeQuery = { home: { failedActions: number, quarantinedAccounts: number, failedPaymentsFrom: string, dueToday: number, dueThisWeek: number, overdue: { accounts: number, oldestDueOn: string | null, bills: { count: number, sums: Array<{ amount: string, currency: string }> } }, openDisputes: { count: number, sums: Array<{ amount: string, currency: string }> }, failedPayments: { count: number, sums: Array<{ amount: string, currency: string }> }, lastBillDay: { id: string, status: JobRunStatus, businessDate: string, done: number, failed: number } | null }, accounts: { nodes: Array<{ id: string }> }, offers: { nodes: Array<{ id: string }> } };

export type HomeFiguresQueryVariables = Exact<{ [key: string]: never; }>;


export type HomeFiguresQuery = { home: { figures: { computedAt: string, accounts: Array<{ month: string, counts: Array<{ status: Status, count: number }> }>, revenue: Array<{ month: string, billed: { amount: string, currency: string }, collected: { amount: string, currency: string } }> } } };

export type HomeAmountsFragment = { count: number, sums: Array<{ amount: string, currency: string }> };

export type ImportRunNodeFragment = { id: string, mode: ImportMode, accounts: number, existing: number, rejected: number, services: number, purchases: number, paymentMethods: number, contacts: number, notes: number, newOffers: number, jobRun: { id: string, status: JobRunStatus, total: number, done: number, failed: number, failure: string | null, requestedBy: string, createdAt: string, finishedAt: string | null } };

export type ImportFileNodeFragment = { id: string, name: string, format: ImportFormat, size: number, lines: number, uploadedBy: string, createdAt: string, expiresAt: string, runs: Array<{ id: string, mode: ImportMode, accounts: number, existing: number, rejected: number, services: number, purchases: number, paymentMethods: number, contacts: number, notes: number, newOffers: number, jobRun: { id: string, status: JobRunStatus, total: number, done: number, failed: number, failure: string | null, requestedBy: string, createdAt: string, finishedAt: string | null } }> };

export type ImportFileRowFragment = { id: string, name: string, lines: number, uploadedBy: string, createdAt: string, expiresAt: string, runs: Array<{ id: string, mode: ImportMode, status: JobRunStatus }> };

export type ImportFilesQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type ImportFilesQuery = { importFiles: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ id: string, name: string, lines: number, uploadedBy: string, createdAt: string, expiresAt: string, runs: Array<{ id: string, mode: ImportMode, status: JobRunStatus }> }> } };

export type ImportFilePageQueryVariables = Exact<{
  id: string | number;
}>;


export type ImportFilePageQuery = { node:
    | { __typename: 'Account', id: string }
    | { __typename: 'AuditEntry', id: string }
    | { __typename: 'Bill', id: string }
    | { __typename: 'BillItem', id: string }
    | { __typename: 'BillUnit', id: string }
    | { __typename: 'Contact', id: string }
    | { __typename: 'DeferredAction', id: string }
    | { __typename: 'Dispute', id: string }
    | { __typename: 'Event', id: string }
    | { __typename: 'ImportAccount', id: string }
    | { __typename: 'ImportFile', id: string, name: string, format: ImportFormat, size: number, lines: number, uploadedBy: string, createdAt: string, expiresAt: string, runs: Array<{ id: string, mode: ImportMode, accounts: number, existing: number, rejected: number, services: number, purchases: number, paymentMethods: number, contacts: number, notes: number, newOffers: number, jobRun: { id: string, status: JobRunStatus, total: number, done: number, failed: number, failure: string | null, requestedBy: string, createdAt: string, finishedAt: string | null } }> }
    | { __typename: 'ImportOffer', id: string }
    | { __typename: 'ImportReject', id: string }
    | { __typename: 'ImportRun', id: string }
    | { __typename: 'JobRun', id: string }
    | { __typename: 'Note', id: string }
    | { __typename: 'Offer', id: string }
    | { __typename: 'Payment', id: string }
    | { __typename: 'PaymentMethod', id: string }
    | { __typename: 'PurchasedOffer', id: string }
    | { __typename: 'QuarantinedAccount', id: string }
    | { __typename: 'Service', id: string }
    | { __typename: 'StatusChangeResult', id: string }
    | { __typename: 'StatusReason', id: string }
    | { __typename: 'Token', id: string }
    | { __typename: 'User', id: string }
    | { __typename: 'Webhook', id: string }
    | { __typename: 'WebhookDelivery', id: string }
   | null };

export type LiveImportRunSubscriptionVariables = Exact<{
  id: string | number;
}>;


export type LiveImportRunSubscription = { jobRun: { id: string, importRun: { id: string, mode: ImportMode, accounts: number, existing: number, rejected: number, services: number, purchases: number, paymentMethods: number, contacts: number, notes: number, newOffers: number, jobRun: { id: string, status: JobRunStatus, total: number, done: number, failed: number, failure: string | null, requestedBy: string, createdAt: string, finishedAt: string | null } } | null } };

export type LiveImportsSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type LiveImportsSubscription = { jobRuns: { id: string, kind: JobKind, status: JobRunStatus } };

export type ImportAccountNodeFragment = { id: string, line: number, number: string, name: string, status: Status, parent: string | null, services: number, purchases: number };

export type ImportPreviewQueryVariables = Exact<{
  id: string | number;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type ImportPreviewQuery = { node:
    | { __typename: 'Account', id: string }
    | { __typename: 'AuditEntry', id: string }
    | { __typename: 'Bill', id: string }
    | { __typename: 'BillItem', id: string }
    | { __typename: 'BillUnit', id: string }
    | { __typename: 'Contact', id: string }
    | { __typename: 'DeferredAction', id: string }
    | { __typename: 'Dispute', id: string }
    | { __typename: 'Event', id: string }
    | { __typename: 'ImportAccount', id: string }
    | { __typename: 'ImportFile', id: string }
    | { __typename: 'ImportOffer', id: string }
    | { __typename: 'ImportReject', id: string }
    | { __typename: 'ImportRun', id: string, offerPreview: { totalCount: number, nodes: Array<{ id: string, code: string, name: string, monthlyFee: { amount: string, currency: string } | null }> }, accountPreview: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ id: string, line: number, number: string, name: string, status: Status, parent: string | null, services: number, purchases: number }> } }
    | { __typename: 'JobRun', id: string }
    | { __typename: 'Note', id: string }
    | { __typename: 'Offer', id: string }
    | { __typename: 'Payment', id: string }
    | { __typename: 'PaymentMethod', id: string }
    | { __typename: 'PurchasedOffer', id: string }
    | { __typename: 'QuarantinedAccount', id: string }
    | { __typename: 'Service', id: string }
    | { __typename: 'StatusChangeResult', id: string }
    | { __typename: 'StatusReason', id: string }
    | { __typename: 'Token', id: string }
    | { __typename: 'User', id: string }
    | { __typename: 'Webhook', id: string }
    | { __typename: 'WebhookDelivery', id: string }
   | null };

export type ImportRejectsQueryVariables = Exact<{
  id: string | number;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type ImportRejectsQuery = { node:
    | { __typename: 'Account', id: string }
    | { __typename: 'AuditEntry', id: string }
    | { __typename: 'Bill', id: string }
    | { __typename: 'BillItem', id: string }
    | { __typename: 'BillUnit', id: string }
    | { __typename: 'Contact', id: string }
    | { __typename: 'DeferredAction', id: string }
    | { __typename: 'Dispute', id: string }
    | { __typename: 'Event', id: string }
    | { __typename: 'ImportAccount', id: string }
    | { __typename: 'ImportFile', id: string }
    | { __typename: 'ImportOffer', id: string }
    | { __typename: 'ImportReject', id: string }
    | { __typename: 'ImportRun', id: string, rejects: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ id: string, line: number, number: string | null, reason: string | null }> } }
    | { __typename: 'JobRun', id: string }
    | { __typename: 'Note', id: string }
    | { __typename: 'Offer', id: string }
    | { __typename: 'Payment', id: string }
    | { __typename: 'PaymentMethod', id: string }
    | { __typename: 'PurchasedOffer', id: string }
    | { __typename: 'QuarantinedAccount', id: string }
    | { __typename: 'Service', id: string }
    | { __typename: 'StatusChangeResult', id: string }
    | { __typename: 'StatusReason', id: string }
    | { __typename: 'Token', id: string }
    | { __typename: 'User', id: string }
    | { __typename: 'Webhook', id: string }
    | { __typename: 'WebhookDelivery', id: string }
   | null };

export type StartImportMutationVariables = Exact<{
  input: StartImportInput;
}>;


export type StartImportMutation = { startImport: { jobRun: { id: string } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type DeleteImportFileMutationVariables = Exact<{
  id: string | number;
}>;


export type DeleteImportFileMutation = { deleteImportFile: { file: { id: string, expiresAt: string } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type RunNodeFragment = { id: string, kind: JobKind, status: JobRunStatus, businessDate: string, step: string | null, total: number, done: number, failed: number, failure: string | null, requestedBy: string, createdAt: string, startedAt: string | null, finishedAt: string | null };

export type RunStepsFragment = { steps: Array<{ name: string, businessDate: string, total: number, done: number, failed: number, startedAt: string, finishedAt: string | null }>, totals: Array<{ kind: JobTotalKind, count: number, sum: { amount: string, currency: string } }> };

export type JobBoardQueryVariables = Exact<{
  kind?: Array<JobKind> | JobKind | null | undefined;
  status?: Array<JobRunStatus> | JobRunStatus | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type JobBoardQuery = { running: { nodes: Array<{ id: string, kind: JobKind, status: JobRunStatus, businessDate: string, step: string | null, total: number, done: number, failed: number, failure: string | null, requestedBy: string, createdAt: string, startedAt: string | null, finishedAt: string | null, steps: Array<{ name: string, businessDate: string, total: number, done: number, failed: number, startedAt: string, finishedAt: string | null }>, totals: Array<{ kind: JobTotalKind, count: number, sum: { amount: string, currency: string } }> }> }, ended: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ id: string, kind: JobKind, status: JobRunStatus, businessDate: string, step: string | null, total: number, done: number, failed: number, failure: string | null, requestedBy: string, createdAt: string, startedAt: string | null, finishedAt: string | null }> }, quarantinedAccounts: { totalCount: number, nodes: Array<{ id: string, step: string, reason: string, at: string, awaitsRetry: boolean, jobRun: { id: string }, account: { id: string, number: string, name: string, status: Status } }> } };

export type LiveJobRunSubscriptionVariables = Exact<{
  id: string | number;
}>;


export type LiveJobRunSubscription = { jobRun: { id: string, kind: JobKind, status: JobRunStatus, businessDate: string, step: string | null, total: number, done: number, failed: number, failure: string | null, requestedBy: string, createdAt: string, startedAt: string | null, finishedAt: string | null, steps: Array<{ name: string, businessDate: string, total: number, done: number, failed: number, startedAt: string, finishedAt: string | null }>, totals: Array<{ kind: JobTotalKind, count: number, sum: { amount: string, currency: string } }> } };

export type LiveJobRunsSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type LiveJobRunsSubscription = { jobRuns: { id: string, kind: JobKind, status: JobRunStatus, businessDate: string, step: string | null, total: number, done: number, failed: number, failure: string | null, requestedBy: string, createdAt: string, startedAt: string | null, finishedAt: string | null, steps: Array<{ name: string, businessDate: string, total: number, done: number, failed: number, startedAt: string, finishedAt: string | null }>, totals: Array<{ kind: JobTotalKind, count: number, sum: { amount: string, currency: string } }> } };

export type FailedActionFragment = { id: string, failure: string | null, scheduledFor: string, attempts: number, kind: DeferredActionKind, toStatus: Status | null, parentPays: boolean, summary: string, account: { id: string, number: string, name: string, status: Status }, target:
    | { __typename: 'PurchasedOffer', id: string, name: string }
    | { __typename: 'Service', id: string, name: string }
   | null, newParent: { id: string, number: string } | null };

export type QuarantinedNodeFragment = { id: string, step: string, reason: string, at: string, awaitsRetry: boolean, jobRun: { id: string }, account: { id: string, number: string, name: string, status: Status } };

export type OverdueAccountsQueryVariables = Exact<{ [key: string]: never; }>;


export type OverdueAccountsQuery = { accounts: { totalCount: number } };

export type JobRunPageQueryVariables = Exact<{
  id: string | number;
  kind?: Array<DeferredActionKind> | DeferredActionKind | null | undefined;
  search?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type JobRunPageQuery = { node:
    | { __typename: 'Account', id: string }
    | { __typename: 'AuditEntry', id: string }
    | { __typename: 'Bill', id: string }
    | { __typename: 'BillItem', id: string }
    | { __typename: 'BillUnit', id: string }
    | { __typename: 'Contact', id: string }
    | { __typename: 'DeferredAction', id: string }
    | { __typename: 'Dispute', id: string }
    | { __typename: 'Event', id: string }
    | { __typename: 'ImportAccount', id: string }
    | { __typename: 'ImportFile', id: string }
    | { __typename: 'ImportOffer', id: string }
    | { __typename: 'ImportReject', id: string }
    | { __typename: 'ImportRun', id: string }
    | { __typename: 'JobRun', id: string, kind: JobKind, status: JobRunStatus, businessDate: string, step: string | null, total: number, done: number, failed: number, failure: string | null, requestedBy: string, createdAt: string, startedAt: string | null, finishedAt: string | null, statusChange: { status: Status, reason: string | null, note: string | null, deferUntil: string | null, backdateTo: string | null, reactivateOn: string | null, cancelledDeferredActionCount: number } | null, importRun: { id: string, file: { id: string, name: string } } | null, quarantined: { totalCount: number, nodes: Array<{ id: string, step: string, reason: string, at: string, awaitsRetry: boolean, jobRun: { id: string }, account: { id: string, number: string, name: string, status: Status } }> }, failures: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ id: string, failure: string | null, scheduledFor: string, attempts: number, kind: DeferredActionKind, toStatus: Status | null, parentPays: boolean, summary: string, account: { id: string, number: string, name: string, status: Status }, target:
            | { __typename: 'PurchasedOffer', id: string, name: string }
            | { __typename: 'Service', id: string, name: string }
           | null, newParent: { id: string, number: string } | null }> }, steps: Array<{ name: string, businessDate: string, total: number, done: number, failed: number, startedAt: string, finishedAt: string | null }>, totals: Array<{ kind: JobTotalKind, count: number, sum: { amount: string, currency: string } }> }
    | { __typename: 'Note', id: string }
    | { __typename: 'Offer', id: string }
    | { __typename: 'Payment', id: string }
    | { __typename: 'PaymentMethod', id: string }
    | { __typename: 'PurchasedOffer', id: string }
    | { __typename: 'QuarantinedAccount', id: string }
    | { __typename: 'Service', id: string }
    | { __typename: 'StatusChangeResult', id: string }
    | { __typename: 'StatusReason', id: string }
    | { __typename: 'Token', id: string }
    | { __typename: 'User', id: string }
    | { __typename: 'Webhook', id: string }
    | { __typename: 'WebhookDelivery', id: string }
   | null };

export type StatusChangeOfRunFragment = { status: Status, reason: string | null, note: string | null, deferUntil: string | null, backdateTo: string | null, reactivateOn: string | null, cancelledDeferredActionCount: number };

export type StatusChangeResultNodeFragment = { id: string, status: StatusChangeResultStatus, errorCode: UserErrorCode | null, message: string | null, at: string | null, account: { id: string, number: string, name: string, status: Status } };

export type StatusChangeResultsQueryVariables = Exact<{
  id: string | number;
  status?: Array<StatusChangeResultStatus> | StatusChangeResultStatus | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type StatusChangeResultsQuery = { node:
    | { __typename: 'Account', id: string }
    | { __typename: 'AuditEntry', id: string }
    | { __typename: 'Bill', id: string }
    | { __typename: 'BillItem', id: string }
    | { __typename: 'BillUnit', id: string }
    | { __typename: 'Contact', id: string }
    | { __typename: 'DeferredAction', id: string }
    | { __typename: 'Dispute', id: string }
    | { __typename: 'Event', id: string }
    | { __typename: 'ImportAccount', id: string }
    | { __typename: 'ImportFile', id: string }
    | { __typename: 'ImportOffer', id: string }
    | { __typename: 'ImportReject', id: string }
    | { __typename: 'ImportRun', id: string }
    | { __typename: 'JobRun', id: string, failed: { totalCount: number }, unchanged: { totalCount: number }, results: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ id: string, status: StatusChangeResultStatus, errorCode: UserErrorCode | null, message: string | null, at: string | null, account: { id: string, number: string, name: string, status: Status } }> } }
    | { __typename: 'Note', id: string }
    | { __typename: 'Offer', id: string }
    | { __typename: 'Payment', id: string }
    | { __typename: 'PaymentMethod', id: string }
    | { __typename: 'PurchasedOffer', id: string }
    | { __typename: 'QuarantinedAccount', id: string }
    | { __typename: 'Service', id: string }
    | { __typename: 'StatusChangeResult', id: string }
    | { __typename: 'StatusReason', id: string }
    | { __typename: 'Token', id: string }
    | { __typename: 'User', id: string }
    | { __typename: 'Webhook', id: string }
    | { __typename: 'WebhookDelivery', id: string }
   | null };

export type FailuresToRetryQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type FailuresToRetryQuery = { node:
    | { __typename: 'Account', id: string }
    | { __typename: 'AuditEntry', id: string }
    | { __typename: 'Bill', id: string }
    | { __typename: 'BillItem', id: string }
    | { __typename: 'BillUnit', id: string }
    | { __typename: 'Contact', id: string }
    | { __typename: 'DeferredAction', id: string }
    | { __typename: 'Dispute', id: string }
    | { __typename: 'Event', id: string }
    | { __typename: 'ImportAccount', id: string }
    | { __typename: 'ImportFile', id: string }
    | { __typename: 'ImportOffer', id: string }
    | { __typename: 'ImportReject', id: string }
    | { __typename: 'ImportRun', id: string }
    | { __typename: 'JobRun', id: string, failures: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ id: string, failure: string | null, scheduledFor: string, attempts: number, kind: DeferredActionKind, toStatus: Status | null, parentPays: boolean, summary: string, account: { id: string, number: string, name: string, status: Status }, target:
            | { __typename: 'PurchasedOffer', id: string, name: string }
            | { __typename: 'Service', id: string, name: string }
           | null, newParent: { id: string, number: string } | null }> } }
    | { __typename: 'Note', id: string }
    | { __typename: 'Offer', id: string }
    | { __typename: 'Payment', id: string }
    | { __typename: 'PaymentMethod', id: string }
    | { __typename: 'PurchasedOffer', id: string }
    | { __typename: 'QuarantinedAccount', id: string }
    | { __typename: 'Service', id: string }
    | { __typename: 'StatusChangeResult', id: string }
    | { __typename: 'StatusReason', id: string }
    | { __typename: 'Token', id: string }
    | { __typename: 'User', id: string }
    | { __typename: 'Webhook', id: string }
    | { __typename: 'WebhookDelivery', id: string }
   | null };

export type JobRunSubjectQueryVariables = Exact<{
  id: string | number;
}>;


export type JobRunSubjectQuery = { node:
    | { __typename: 'Account', id: string }
    | { __typename: 'AuditEntry', id: string }
    | { __typename: 'Bill', id: string }
    | { __typename: 'BillItem', id: string }
    | { __typename: 'BillUnit', id: string }
    | { __typename: 'Contact', id: string }
    | { __typename: 'DeferredAction', id: string }
    | { __typename: 'Dispute', id: string }
    | { __typename: 'Event', id: string }
    | { __typename: 'ImportAccount', id: string }
    | { __typename: 'ImportFile', id: string }
    | { __typename: 'ImportOffer', id: string }
    | { __typename: 'ImportReject', id: string }
    | { __typename: 'ImportRun', id: string }
    | { __typename: 'JobRun', id: string, kind: JobKind, status: JobRunStatus, businessDate: string, step: string | null, total: number, done: number, failed: number, failure: string | null, requestedBy: string, createdAt: string, startedAt: string | null, finishedAt: string | null, importRun: { id: string, mode: ImportMode } | null }
    | { __typename: 'Note', id: string }
    | { __typename: 'Offer', id: string }
    | { __typename: 'Payment', id: string }
    | { __typename: 'PaymentMethod', id: string }
    | { __typename: 'PurchasedOffer', id: string }
    | { __typename: 'QuarantinedAccount', id: string }
    | { __typename: 'Service', id: string }
    | { __typename: 'StatusChangeResult', id: string }
    | { __typename: 'StatusReason', id: string }
    | { __typename: 'Token', id: string }
    | { __typename: 'User', id: string }
    | { __typename: 'Webhook', id: string }
    | { __typename: 'WebhookDelivery', id: string }
   | null };

export type StartJobMutationVariables = Exact<{
  input: StartJobInput;
}>;


export type StartJobMutation = { startJob: { jobRun: { id: string, kind: JobKind, businessDate: string } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type CancelJobMutationVariables = Exact<{
  id: string | number;
}>;


export type CancelJobMutation = { cancelJob: { jobRun: { id: string, status: JobRunStatus } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type RetryFailedActionsMutationVariables = Exact<{
  input: DeferredActionsInput;
}>;


export type RetryFailedActionsMutation = { runDeferredActions: { deferredActions: Array<{ id: string, status: DeferredActionStatus, failure: string | null }>, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type NoteSubjectQueryVariables = Exact<{
  id: string | number;
}>;


export type NoteSubjectQuery = { node:
    | { __typename: 'Account', id: string }
    | { __typename: 'AuditEntry', id: string }
    | { __typename: 'Bill', id: string }
    | { __typename: 'BillItem', id: string }
    | { __typename: 'BillUnit', id: string }
    | { __typename: 'Contact', id: string }
    | { __typename: 'DeferredAction', id: string }
    | { __typename: 'Dispute', id: string }
    | { __typename: 'Event', id: string }
    | { __typename: 'ImportAccount', id: string }
    | { __typename: 'ImportFile', id: string }
    | { __typename: 'ImportOffer', id: string }
    | { __typename: 'ImportReject', id: string }
    | { __typename: 'ImportRun', id: string }
    | { __typename: 'JobRun', id: string }
    | { __typename: 'Note', text: string, createdBy: string, createdAt: string, changedBy: string | null, version: number, id: string }
    | { __typename: 'Offer', id: string }
    | { __typename: 'Payment', id: string }
    | { __typename: 'PaymentMethod', id: string }
    | { __typename: 'PurchasedOffer', id: string }
    | { __typename: 'QuarantinedAccount', id: string }
    | { __typename: 'Service', id: string }
    | { __typename: 'StatusChangeResult', id: string }
    | { __typename: 'StatusReason', id: string }
    | { __typename: 'Token', id: string }
    | { __typename: 'User', id: string }
    | { __typename: 'Webhook', id: string }
    | { __typename: 'WebhookDelivery', id: string }
   | null };

export type ChangeNoteMutationVariables = Exact<{
  input: UpdateNoteInput;
}>;


export type ChangeNoteMutation = { updateNote: { note: { id: string, text: string, version: number } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type DeleteNoteMutationVariables = Exact<{
  id: string | number;
  expectedVersion?: number | null | undefined;
}>;


export type DeleteNoteMutation = { deleteNote: { account: { id: string } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type OverviewOfferFragment = { id: string, name: string, status: Status };

export type OverviewBillFragment = { id: string, number: string, periodStart: string, periodEnd: string, status: BillStatus, dueOn: string | null, billUnit: { id: string }, items: { totalCount: number, nodes: Array<{ id: string, name: string, account: { id: string, number: string, name: string, status: Status }, service: { id: string, login: string | null } | null, due: { amount: string, currency: string }, disputable: { amount: string, currency: string } }> }, openAmount: { amount: string, currency: string }, disputable: { amount: string, currency: string }, disputes: Array<{ id: string, status: DisputeStatus, amount: { amount: string, currency: string } }> };

export type OverviewNoteFragment = { id: string, text: string, isPinned: boolean, createdBy: string, createdAt: string, changedBy: string | null, changedAt: string | null, version: number };

export type OverviewQueryVariables = Exact<{
  number: string;
}>;


export type OverviewQuery = { account: { id: string, number: string, status: Status, createdAt: string, closedAt: string | null, descendantCount: number, email: string | null, phone: string | null, currency: string, parent: { id: string, number: string, name: string, status: Status } | null, billUnits: Array<{ id: string, name: string, nextBillOn: string, payingParent: { id: string, account: { id: string, number: string, name: string, status: Status } } | null }>, offers: Array<{ id: string, name: string, status: Status }>, services: { totalCount: number, nodes: Array<{ id: string, name: string, login: string | null, status: Status, offers: Array<{ id: string, name: string, status: Status }> }> }, bills: { totalCount: number, nodes: Array<{ id: string, number: string, periodStart: string, periodEnd: string, status: BillStatus, dueOn: string | null, billUnit: { id: string }, items: { totalCount: number, nodes: Array<{ id: string, name: string, account: { id: string, number: string, name: string, status: Status }, service: { id: string, login: string | null } | null, due: { amount: string, currency: string }, disputable: { amount: string, currency: string } }> }, openAmount: { amount: string, currency: string }, disputable: { amount: string, currency: string }, disputes: Array<{ id: string, status: DisputeStatus, amount: { amount: string, currency: string } }> }> }, payments: { totalCount: number, nodes: Array<{ id: string, businessDate: string, status: PaymentStatus, result: string | null, amount: { amount: string, currency: string }, paymentMethod: { id: string, kind: PaymentMethodKind, label: string } | null }> }, paymentMethods: Array<{ id: string, kind: PaymentMethodKind, label: string, isDefault: boolean, expirationMonth: number | null, expirationYear: number | null }>, disputes: { totalCount: number, nodes: Array<{ id: string, reason: string, openedAt: string, openedBy: string, amount: { amount: string, currency: string }, bill: { id: string, number: string }, item: { id: string, name: string } | null, event: { id: string, description: string } | null }> }, contacts: Array<{ id: string, kind: ContactKind, isPrimary: boolean, name: string, email: string | null, phone: string | null, addressLines: string | null, city: string | null, region: string | null, postalCode: string | null, country: string | null, version: number }>, notes: { totalCount: number, nodes: Array<{ id: string, text: string, isPinned: boolean, createdBy: string, createdAt: string, changedBy: string | null, changedAt: string | null, version: number }> }, deferredActions: { totalCount: number, nodes: Array<{ id: string, scheduledFor: string, reason: string | null, kind: DeferredActionKind, toStatus: Status | null, parentPays: boolean, summary: string, account: { id: string, number: string, name: string, status: Status }, target:
          | { __typename: 'PurchasedOffer', id: string, name: string }
          | { __typename: 'Service', id: string, name: string }
         | null, newParent: { id: string, number: string } | null, pairedWith: { id: string, status: DeferredActionStatus, scheduledFor: string } | null }> }, creditLimit: { amount: string, currency: string } | null } | null };

export type AccountNotesQueryVariables = Exact<{
  number: string;
  search?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type AccountNotesQuery = { account: { id: string, notes: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ id: string, text: string, isPinned: boolean, createdBy: string, createdAt: string, changedBy: string | null, changedAt: string | null, version: number }> } } | null };

export type NextCyclesQueryVariables = Exact<{
  accountId: string | number;
}>;


export type NextCyclesQuery = { nextCycles: Array<{ periodStart: string, periodEnd: string, total: { amount: string, currency: string }, fees: Array<{ kind: EventKind, description: string, amount: { amount: string, currency: string }, service: { id: string, name: string, login: string | null } | null, offer: { id: string, name: string } | null }>, billUnit: { id: string, name: string, payingParent: { id: string } | null, account: { id: string, number: string, name: string, status: Status } } }> };

export type OverviewCycleFragment = { periodStart: string, periodEnd: string, total: { amount: string, currency: string }, fees: Array<{ kind: EventKind, description: string, amount: { amount: string, currency: string }, service: { id: string, name: string, login: string | null } | null, offer: { id: string, name: string } | null }>, billUnit: { id: string, name: string, payingParent: { id: string } | null, account: { id: string, number: string, name: string, status: Status } } };

export type AddNoteMutationVariables = Exact<{
  input: AddNoteInput;
}>;


export type AddNoteMutation = { addNote: { note: { id: string } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type UpdateNoteMutationVariables = Exact<{
  input: UpdateNoteInput;
}>;


export type UpdateNoteMutation = { updateNote: { note: { id: string, isPinned: boolean, version: number } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type MethodFragment = { id: string, kind: PaymentMethodKind, label: string, isDefault: boolean, brand: string | null, lastFour: string | null, expirationMonth: number | null, expirationYear: number | null };

export type PaymentNodeFragment = { id: string, businessDate: string, status: PaymentStatus, result: string | null, reference: string | null, amount: { amount: string, currency: string }, bill: { id: string, number: string } | null, paymentMethod: { id: string, kind: PaymentMethodKind, label: string } | null };

export type PaymentsQueryVariables = Exact<{
  number: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type PaymentsQuery = { account: { id: string, status: Status, paymentMethods: Array<{ id: string, kind: PaymentMethodKind, label: string, isDefault: boolean, brand: string | null, lastFour: string | null, expirationMonth: number | null, expirationYear: number | null }>, payments: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ id: string, businessDate: string, status: PaymentStatus, result: string | null, reference: string | null, amount: { amount: string, currency: string }, bill: { id: string, number: string } | null, paymentMethod: { id: string, kind: PaymentMethodKind, label: string } | null }> } } | null };

export type PaymentMethodAccountQueryVariables = Exact<{
  id: string | number;
}>;


export type PaymentMethodAccountQuery = { account: { id: string, number: string, name: string, status: Status, paymentMethods: Array<{ id: string }> } | null };

export type PaymentMethodSubjectQueryVariables = Exact<{
  id: string | number;
}>;


export type PaymentMethodSubjectQuery = { node:
    | { __typename: 'Account', id: string }
    | { __typename: 'AuditEntry', id: string }
    | { __typename: 'Bill', id: string }
    | { __typename: 'BillItem', id: string }
    | { __typename: 'BillUnit', id: string }
    | { __typename: 'Contact', id: string }
    | { __typename: 'DeferredAction', id: string }
    | { __typename: 'Dispute', id: string }
    | { __typename: 'Event', id: string }
    | { __typename: 'ImportAccount', id: string }
    | { __typename: 'ImportFile', id: string }
    | { __typename: 'ImportOffer', id: string }
    | { __typename: 'ImportReject', id: string }
    | { __typename: 'ImportRun', id: string }
    | { __typename: 'JobRun', id: string }
    | { __typename: 'Note', id: string }
    | { __typename: 'Offer', id: string }
    | { __typename: 'Payment', id: string }
    | { __typename: 'PaymentMethod', id: string, kind: PaymentMethodKind, label: string, isDefault: boolean, brand: string | null, lastFour: string | null, expirationMonth: number | null, expirationYear: number | null, account: { id: string, number: string, name: string, status: Status } }
    | { __typename: 'PurchasedOffer', id: string }
    | { __typename: 'QuarantinedAccount', id: string }
    | { __typename: 'Service', id: string }
    | { __typename: 'StatusChangeResult', id: string }
    | { __typename: 'StatusReason', id: string }
    | { __typename: 'Token', id: string }
    | { __typename: 'User', id: string }
    | { __typename: 'Webhook', id: string }
    | { __typename: 'WebhookDelivery', id: string }
   | null };

export type PayingAccountQueryVariables = Exact<{
  id: string | number;
}>;


export type PayingAccountQuery = { account: { currency: string, id: string, number: string, name: string, status: Status, balance: { amount: string, currency: string }, overdue: { amount: string } } | null, bills: { nodes: Array<{ id: string, number: string, dueOn: string | null, openAmount: { amount: string, currency: string } }> } };

export type CollectNowQueryVariables = Exact<{
  id: string | number;
}>;


export type CollectNowQuery = { account: { currency: string, status: Status, id: string, number: string, name: string, paymentMethods: Array<{ id: string, kind: PaymentMethodKind, label: string, expirationMonth: number | null, expirationYear: number | null }> } | null, bills: { nodes: Array<{ id: string, number: string, dueOn: string | null, openAmount: { amount: string, currency: string } }> } };

export type OpenBillsFragment = { bills: { nodes: Array<{ id: string, number: string, dueOn: string | null, openAmount: { amount: string, currency: string } }> } };

export type OpenBillFragment = { id: string, number: string, dueOn: string | null, openAmount: { amount: string, currency: string } };

export type AddPaymentMethodMutationVariables = Exact<{
  input: AddPaymentMethodInput;
}>;


export type AddPaymentMethodMutation = { addPaymentMethod: { paymentMethod: { id: string, kind: PaymentMethodKind, label: string, isDefault: boolean, brand: string | null, lastFour: string | null, expirationMonth: number | null, expirationYear: number | null } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type UpdateCardExpirationMutationVariables = Exact<{
  input: UpdateCardExpirationInput;
}>;


export type UpdateCardExpirationMutation = { updateCardExpiration: { paymentMethod: { id: string, kind: PaymentMethodKind, label: string, isDefault: boolean, brand: string | null, lastFour: string | null, expirationMonth: number | null, expirationYear: number | null } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type SetDefaultPaymentMethodMutationVariables = Exact<{
  id: string | number;
}>;


export type SetDefaultPaymentMethodMutation = { setDefaultPaymentMethod: { paymentMethod: { id: string, kind: PaymentMethodKind, label: string, isDefault: boolean, brand: string | null, lastFour: string | null, expirationMonth: number | null, expirationYear: number | null } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type CollectPaymentMutationVariables = Exact<{
  input: CollectPaymentInput;
}>;


export type CollectPaymentMutation = { collectPayment: { payment: { id: string, status: PaymentStatus, result: string | null, amount: { amount: string, currency: string } } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type RecordPaymentMutationVariables = Exact<{
  input: RecordPaymentInput;
}>;


export type RecordPaymentMutation = { recordPayment: { isRepeated: boolean | null, event: { id: string, recordedAt: string } | null, account: { id: string, balance: { amount: string, currency: string } } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type PaymentListQueryVariables = Exact<{
  filter?: PaymentFilter | null | undefined;
  sort?: PaymentSort | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type PaymentListQuery = { payments: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ id: string, status: PaymentStatus, result: string | null, businessDate: string, reference: string | null, createdAt: string, settledAt: string | null, paymentMethod: { id: string, kind: PaymentMethodKind, label: string } | null, bill: { id: string, number: string } | null, amount: { amount: string, currency: string }, account: { id: string, number: string, name: string, status: Status } }> } };

export type PaymentListRowFragment = { id: string, status: PaymentStatus, result: string | null, businessDate: string, reference: string | null, createdAt: string, settledAt: string | null, paymentMethod: { id: string, kind: PaymentMethodKind, label: string } | null, bill: { id: string, number: string } | null, amount: { amount: string, currency: string }, account: { id: string, number: string, name: string, status: Status } };

export type ReasonNodeFragment = { id: string, code: string, label: string, appliesTo: Array<Status>, isRetired: boolean, version: number };

export type ReasonsQueryVariables = Exact<{
  isRetired?: boolean | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type ReasonsQuery = { reasons: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ id: string, code: string, label: string, appliesTo: Array<Status>, isRetired: boolean, version: number }> } };

export type ReasonSubjectQueryVariables = Exact<{
  id: string | number;
}>;


export type ReasonSubjectQuery = { node:
    | { __typename: 'Account', id: string }
    | { __typename: 'AuditEntry', id: string }
    | { __typename: 'Bill', id: string }
    | { __typename: 'BillItem', id: string }
    | { __typename: 'BillUnit', id: string }
    | { __typename: 'Contact', id: string }
    | { __typename: 'DeferredAction', id: string }
    | { __typename: 'Dispute', id: string }
    | { __typename: 'Event', id: string }
    | { __typename: 'ImportAccount', id: string }
    | { __typename: 'ImportFile', id: string }
    | { __typename: 'ImportOffer', id: string }
    | { __typename: 'ImportReject', id: string }
    | { __typename: 'ImportRun', id: string }
    | { __typename: 'JobRun', id: string }
    | { __typename: 'Note', id: string }
    | { __typename: 'Offer', id: string }
    | { __typename: 'Payment', id: string }
    | { __typename: 'PaymentMethod', id: string }
    | { __typename: 'PurchasedOffer', id: string }
    | { __typename: 'QuarantinedAccount', id: string }
    | { __typename: 'Service', id: string }
    | { __typename: 'StatusChangeResult', id: string }
    | { __typename: 'StatusReason', id: string, code: string, label: string, appliesTo: Array<Status>, isRetired: boolean, version: number }
    | { __typename: 'Token', id: string }
    | { __typename: 'User', id: string }
    | { __typename: 'Webhook', id: string }
    | { __typename: 'WebhookDelivery', id: string }
   | null };

export type CreateReasonMutationVariables = Exact<{
  input: CreateReasonInput;
}>;


export type CreateReasonMutation = { createReason: { reason: { id: string, code: string, label: string, appliesTo: Array<Status>, isRetired: boolean, version: number } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type UpdateReasonMutationVariables = Exact<{
  input: UpdateReasonInput;
}>;


export type UpdateReasonMutation = { updateReason: { reason: { id: string, code: string, label: string, appliesTo: Array<Status>, isRetired: boolean, version: number } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type SessionQueryVariables = Exact<{ [key: string]: never; }>;


export type SessionQuery = { viewer: { name: string, role: Role }, clock: { now: string, today: string, isSet: boolean }, settings: { timeZone: string } };

export type SettingsChangeFragment = { id: string, at: string, action: AuditAction, actor: string, summary: string, details: unknown, summaryValues: unknown };

export type SettingsFragment = { timeZone: string, allowActiveServiceWithInactiveAccount: boolean, changeStartTimeOnActivation: boolean, closedLoginPrefix: string | null, inactivateAfterDaysPastDue: number, paymentTermDays: number, version: number };

export type SettingsQueryVariables = Exact<{ [key: string]: never; }>;


export type SettingsQuery = { settings: { timeZone: string, allowActiveServiceWithInactiveAccount: boolean, changeStartTimeOnActivation: boolean, closedLoginPrefix: string | null, inactivateAfterDaysPastDue: number, paymentTermDays: number, version: number }, clock: { isSettable: boolean }, auditLog: { nodes: Array<{ id: string, at: string, action: AuditAction, actor: string, summary: string, details: unknown, summaryValues: unknown }> }, changes: { nodes: Array<{ id: string, at: string, action: AuditAction, actor: string, summary: string, details: unknown, summaryValues: unknown }> } };

export type UpdateSettingsMutationVariables = Exact<{
  input: UpdateSettingsInput;
}>;


export type UpdateSettingsMutation = { updateSettings: { settings: { timeZone: string, allowActiveServiceWithInactiveAccount: boolean, changeStartTimeOnActivation: boolean, closedLoginPrefix: string | null, inactivateAfterDaysPastDue: number, paymentTermDays: number, version: number } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type SetClockMutationVariables = Exact<{
  input: SetClockInput;
}>;


export type SetClockMutation = { setClock: { clock: { now: string, today: string, isSet: boolean } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type GlobalSearchQueryVariables = Exact<{
  text: string;
}>;


export type GlobalSearchQuery = { search: { accounts: Array<{ email: string | null, id: string, number: string, name: string, status: Status }>, services: Array<{ id: string, login: string | null, name: string, status: Status, account: { id: string, number: string, name: string, status: Status } }>, bills: Array<{ id: string, number: string, periodStart: string, periodEnd: string, status: BillStatus, dueOn: string | null, account: { id: string, number: string, name: string, status: Status }, openAmount: { amount: string, currency: string } }>, offers: Array<{ id: string, code: string, name: string }> } };

export type CurrentAccountQueryVariables = Exact<{
  number: string;
}>;


export type CurrentAccountQuery = { account: { id: string, number: string, name: string, status: Status } | null };

export type FoundAccountsQueryVariables = Exact<{
  text: string;
}>;


export type FoundAccountsQuery = { search: { accounts: Array<{ id: string, number: string, name: string, status: Status }> } };

export type ImpactFragment = { accounts: number, services: number, offers: number, conflictingDeferredActionCount: number, sample: Array<{ id: string, number: string, name: string, status: Status }>, ofPayers: Array<{ payer: { id: string, number: string, name: string, status: Status }, charged: { amount: string, currency: string }, givenBack: { amount: string, currency: string } }> | null, conflictingDeferredActions: Array<{ id: string, scheduledFor: string, kind: DeferredActionKind, toStatus: Status | null, parentPays: boolean, summary: string, account: { id: string, number: string, name: string, status: Status }, target:
      | { __typename: 'PurchasedOffer', id: string, name: string }
      | { __typename: 'Service', id: string, name: string }
     | null, newParent: { id: string, number: string } | null }> };

export type StatusSubjectQueryVariables = Exact<{
  id: string | number;
}>;


export type StatusSubjectQuery = { node:
    | { __typename: 'Account', number: string, name: string, status: Status, version: number, id: string, holds: Array<{ effect: Status, cause: HoldCause }>, billUnits: Array<{ id: string, nextBillOn: string }> }
    | { __typename: 'AuditEntry', id: string }
    | { __typename: 'Bill', id: string }
    | { __typename: 'BillItem', id: string }
    | { __typename: 'BillUnit', id: string }
    | { __typename: 'Contact', id: string }
    | { __typename: 'DeferredAction', id: string }
    | { __typename: 'Dispute', id: string }
    | { __typename: 'Event', id: string }
    | { __typename: 'ImportAccount', id: string }
    | { __typename: 'ImportFile', id: string }
    | { __typename: 'ImportOffer', id: string }
    | { __typename: 'ImportReject', id: string }
    | { __typename: 'ImportRun', id: string }
    | { __typename: 'JobRun', id: string }
    | { __typename: 'Note', id: string }
    | { __typename: 'Offer', id: string }
    | { __typename: 'Payment', id: string }
    | { __typename: 'PaymentMethod', id: string }
    | { __typename: 'PurchasedOffer', name: string, status: Status, version: number, id: string, holds: Array<{ effect: Status, cause: HoldCause }>, account: { id: string, number: string, name: string, status: Status, billUnits: Array<{ id: string, nextBillOn: string }> }, service: { id: string, name: string } | null }
    | { __typename: 'QuarantinedAccount', id: string }
    | { __typename: 'Service', name: string, kind: string, login: string | null, status: Status, version: number, id: string, holds: Array<{ effect: Status, cause: HoldCause }>, account: { id: string, number: string, name: string, status: Status, billUnits: Array<{ id: string, nextBillOn: string }> } }
    | { __typename: 'StatusChangeResult', id: string }
    | { __typename: 'StatusReason', id: string }
    | { __typename: 'Token', id: string }
    | { __typename: 'User', id: string }
    | { __typename: 'Webhook', id: string }
    | { __typename: 'WebhookDelivery', id: string }
   | null };

export type StatusReasonsQueryVariables = Exact<{ [key: string]: never; }>;


export type StatusReasonsQuery = { reasons: { nodes: Array<{ id: string, label: string, appliesTo: Array<Status> }> } };

export type PreviewAccountStatusMutationVariables = Exact<{
  input: ChangeAccountStatusInput;
}>;


export type PreviewAccountStatusMutation = { changeAccountStatus: { account: { id: string, balance: { amount: string, currency: string }, events: { nodes: Array<{ id: string, description: string, amount: { amount: string, currency: string } | null }> } } | null, impact: { accounts: number, services: number, offers: number, conflictingDeferredActionCount: number, sample: Array<{ id: string, number: string, name: string, status: Status }>, ofPayers: Array<{ payer: { id: string, number: string, name: string, status: Status }, charged: { amount: string, currency: string }, givenBack: { amount: string, currency: string } }> | null, conflictingDeferredActions: Array<{ id: string, scheduledFor: string, kind: DeferredActionKind, toStatus: Status | null, parentPays: boolean, summary: string, account: { id: string, number: string, name: string, status: Status }, target:
          | { __typename: 'PurchasedOffer', id: string, name: string }
          | { __typename: 'Service', id: string, name: string }
         | null, newParent: { id: string, number: string } | null }> } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type PreviewAssetStatusMutationVariables = Exact<{
  input: ChangeAssetStatusInput;
}>;


export type PreviewAssetStatusMutation = { changeAssetStatus: { asset:
      | { id: string, account: { id: string, balance: { amount: string, currency: string }, events: { nodes: Array<{ id: string, description: string, amount: { amount: string, currency: string } | null }> } } }
      | { id: string, account: { id: string, balance: { amount: string, currency: string }, events: { nodes: Array<{ id: string, description: string, amount: { amount: string, currency: string } | null }> } } }
     | null, impact: { accounts: number, services: number, offers: number, conflictingDeferredActionCount: number, sample: Array<{ id: string, number: string, name: string, status: Status }>, ofPayers: Array<{ payer: { id: string, number: string, name: string, status: Status }, charged: { amount: string, currency: string }, givenBack: { amount: string, currency: string } }> | null, conflictingDeferredActions: Array<{ id: string, scheduledFor: string, kind: DeferredActionKind, toStatus: Status | null, parentPays: boolean, summary: string, account: { id: string, number: string, name: string, status: Status }, target:
          | { __typename: 'PurchasedOffer', id: string, name: string }
          | { __typename: 'Service', id: string, name: string }
         | null, newParent: { id: string, number: string } | null }> } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type ChangeAccountStatusMutationVariables = Exact<{
  input: ChangeAccountStatusInput;
}>;


export type ChangeAccountStatusMutation = { changeAccountStatus: { cancelledDeferredActionCount: number, account: { id: string, status: Status, version: number } | null, deferredAction: { id: string, scheduledFor: string, kind: DeferredActionKind, toStatus: Status | null, parentPays: boolean, summary: string, account: { id: string, number: string, name: string, status: Status }, target:
        | { __typename: 'PurchasedOffer', id: string, name: string }
        | { __typename: 'Service', id: string, name: string }
       | null, newParent: { id: string, number: string } | null } | null, reactivation: { id: string, scheduledFor: string } | null, event: { id: string } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type ChangeAssetStatusMutationVariables = Exact<{
  input: ChangeAssetStatusInput;
}>;


export type ChangeAssetStatusMutation = { changeAssetStatus: { cancelledDeferredActionCount: number, asset:
      | { id: string, status: Status, version: number }
      | { id: string, status: Status, version: number }
     | null, deferredAction: { id: string, scheduledFor: string, kind: DeferredActionKind, toStatus: Status | null, parentPays: boolean, summary: string, account: { id: string, number: string, name: string, status: Status }, target:
        | { __typename: 'PurchasedOffer', id: string, name: string }
        | { __typename: 'Service', id: string, name: string }
       | null, newParent: { id: string, number: string } | null } | null, reactivation: { id: string, scheduledFor: string } | null, event: { id: string } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type PreviewStatusChangeJobMutationVariables = Exact<{
  input: StartStatusChangeJobInput;
}>;


export type PreviewStatusChangeJobMutation = { startStatusChangeJob: { jobRun: { id: string, total: number, done: number, failed: number, unchanged: { totalCount: number }, failures: { nodes: Array<{ id: string, message: string | null, account: { id: string, number: string, name: string, status: Status } }> } } | null, impact: { accounts: number, services: number, offers: number, conflictingDeferredActionCount: number, charged: Array<{ amount: string, currency: string }> | null, givenBack: Array<{ amount: string, currency: string }> | null } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type StartStatusChangeJobMutationVariables = Exact<{
  input: StartStatusChangeJobInput;
}>;


export type StartStatusChangeJobMutation = { startStatusChangeJob: { jobRun: { id: string, total: number } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type StatusChangeToRetryQueryVariables = Exact<{
  id: string | number;
}>;


export type StatusChangeToRetryQuery = { node:
    | { __typename: 'Account', id: string }
    | { __typename: 'AuditEntry', id: string }
    | { __typename: 'Bill', id: string }
    | { __typename: 'BillItem', id: string }
    | { __typename: 'BillUnit', id: string }
    | { __typename: 'Contact', id: string }
    | { __typename: 'DeferredAction', id: string }
    | { __typename: 'Dispute', id: string }
    | { __typename: 'Event', id: string }
    | { __typename: 'ImportAccount', id: string }
    | { __typename: 'ImportFile', id: string }
    | { __typename: 'ImportOffer', id: string }
    | { __typename: 'ImportReject', id: string }
    | { __typename: 'ImportRun', id: string }
    | { __typename: 'JobRun', status: JobRunStatus, total: number, done: number, id: string, statusChange: { status: Status, reason: string | null, note: string | null } | null, rest: { totalCount: number } }
    | { __typename: 'Note', id: string }
    | { __typename: 'Offer', id: string }
    | { __typename: 'Payment', id: string }
    | { __typename: 'PaymentMethod', id: string }
    | { __typename: 'PurchasedOffer', id: string }
    | { __typename: 'QuarantinedAccount', id: string }
    | { __typename: 'Service', id: string }
    | { __typename: 'StatusChangeResult', id: string }
    | { __typename: 'StatusReason', id: string }
    | { __typename: 'Token', id: string }
    | { __typename: 'User', id: string }
    | { __typename: 'Webhook', id: string }
    | { __typename: 'WebhookDelivery', id: string }
   | null };

export type CountAccountsQueryVariables = Exact<{
  filter?: AccountFilter | null | undefined;
}>;


export type CountAccountsQuery = { accounts: { totalCount: number } };

export type TokenNodeFragment = { id: string, name: string, role: Role, prefix: string, createdBy: string, createdAt: string, expiresAt: string | null, lastUsedAt: string | null, revokedAt: string | null };

export type TokensQueryVariables = Exact<{
  role?: Array<Role> | Role | null | undefined;
  isRevoked?: boolean | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type TokensQuery = { tokens: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ id: string, name: string, role: Role, prefix: string, createdBy: string, createdAt: string, expiresAt: string | null, lastUsedAt: string | null, revokedAt: string | null }> } };

export type TokenSubjectQueryVariables = Exact<{
  id: string | number;
}>;


export type TokenSubjectQuery = { node:
    | { __typename: 'Account', id: string }
    | { __typename: 'AuditEntry', id: string }
    | { __typename: 'Bill', id: string }
    | { __typename: 'BillItem', id: string }
    | { __typename: 'BillUnit', id: string }
    | { __typename: 'Contact', id: string }
    | { __typename: 'DeferredAction', id: string }
    | { __typename: 'Dispute', id: string }
    | { __typename: 'Event', id: string }
    | { __typename: 'ImportAccount', id: string }
    | { __typename: 'ImportFile', id: string }
    | { __typename: 'ImportOffer', id: string }
    | { __typename: 'ImportReject', id: string }
    | { __typename: 'ImportRun', id: string }
    | { __typename: 'JobRun', id: string }
    | { __typename: 'Note', id: string }
    | { __typename: 'Offer', id: string }
    | { __typename: 'Payment', id: string }
    | { __typename: 'PaymentMethod', id: string }
    | { __typename: 'PurchasedOffer', id: string }
    | { __typename: 'QuarantinedAccount', id: string }
    | { __typename: 'Service', id: string }
    | { __typename: 'StatusChangeResult', id: string }
    | { __typename: 'StatusReason', id: string }
    | { __typename: 'Token', id: string, name: string, role: Role, prefix: string, createdBy: string, createdAt: string, expiresAt: string | null, lastUsedAt: string | null, revokedAt: string | null }
    | { __typename: 'User', id: string }
    | { __typename: 'Webhook', id: string }
    | { __typename: 'WebhookDelivery', id: string }
   | null };

export type CreateTokenMutationVariables = Exact<{
  input: CreateTokenInput;
}>;


export type CreateTokenMutation = { createToken: { secret: string | null, token: { id: string, name: string, role: Role, prefix: string, createdBy: string, createdAt: string, expiresAt: string | null, lastUsedAt: string | null, revokedAt: string | null } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type RevokeTokenMutationVariables = Exact<{
  id: string | number;
}>;


export type RevokeTokenMutation = { revokeToken: { token: { id: string, name: string, role: Role, prefix: string, createdBy: string, createdAt: string, expiresAt: string | null, lastUsedAt: string | null, revokedAt: string | null } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type UserNodeFragment = { id: string, email: string, name: string | null, role: Role, status: UserStatus, createdAt: string, lastSignInAt: string | null, version: number };

export type UsersQueryVariables = Exact<{
  status?: Array<UserStatus> | UserStatus | null | undefined;
  role?: Array<Role> | Role | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type UsersQuery = { users: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ id: string, email: string, name: string | null, role: Role, status: UserStatus, createdAt: string, lastSignInAt: string | null, version: number }> } };

export type UserSubjectQueryVariables = Exact<{
  id: string | number;
}>;


export type UserSubjectQuery = { node:
    | { __typename: 'Account', id: string }
    | { __typename: 'AuditEntry', id: string }
    | { __typename: 'Bill', id: string }
    | { __typename: 'BillItem', id: string }
    | { __typename: 'BillUnit', id: string }
    | { __typename: 'Contact', id: string }
    | { __typename: 'DeferredAction', id: string }
    | { __typename: 'Dispute', id: string }
    | { __typename: 'Event', id: string }
    | { __typename: 'ImportAccount', id: string }
    | { __typename: 'ImportFile', id: string }
    | { __typename: 'ImportOffer', id: string }
    | { __typename: 'ImportReject', id: string }
    | { __typename: 'ImportRun', id: string }
    | { __typename: 'JobRun', id: string }
    | { __typename: 'Note', id: string }
    | { __typename: 'Offer', id: string }
    | { __typename: 'Payment', id: string }
    | { __typename: 'PaymentMethod', id: string }
    | { __typename: 'PurchasedOffer', id: string }
    | { __typename: 'QuarantinedAccount', id: string }
    | { __typename: 'Service', id: string }
    | { __typename: 'StatusChangeResult', id: string }
    | { __typename: 'StatusReason', id: string }
    | { __typename: 'Token', id: string }
    | { __typename: 'User', id: string, email: string, name: string | null, role: Role, status: UserStatus, createdAt: string, lastSignInAt: string | null, version: number }
    | { __typename: 'Webhook', id: string }
    | { __typename: 'WebhookDelivery', id: string }
   | null };

export type CreateUserMutationVariables = Exact<{
  input: CreateUserInput;
}>;


export type CreateUserMutation = { createUser: { password: string | null, user: { id: string, email: string, name: string | null, role: Role, status: UserStatus, createdAt: string, lastSignInAt: string | null, version: number } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type UpdateUserMutationVariables = Exact<{
  input: UpdateUserInput;
}>;


export type UpdateUserMutation = { updateUser: { user: { id: string, email: string, name: string | null, role: Role, status: UserStatus, createdAt: string, lastSignInAt: string | null, version: number } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type ResetPasswordMutationVariables = Exact<{
  input: ResetPasswordInput;
}>;


export type ResetPasswordMutation = { resetPassword: { password: string | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type EndSessionsMutationVariables = Exact<{
  input: EndSessionsInput;
}>;


export type EndSessionsMutation = { endSessions: { errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type WebhookNodeFragment = { id: string, url: string, eventKinds: Array<EventKind>, description: string | null, status: WebhookStatus, failingSince: string | null, retryAt: string | null, createdBy: string, createdAt: string, version: number, pending: { totalCount: number } };

export type DeliveryNodeFragment = { id: string, status: WebhookDeliveryStatus, attempts: number, createdAt: string, lastAttemptAt: string | null, nextAttemptAt: string | null, responseStatus: number | null, error: string | null, event: { id: string, kind: EventKind, description: string, fromStatus: Status | null, toStatus: Status | null, details: unknown, account: { id: string, number: string, name: string, status: Status }, service: { id: string, name: string, kind: string } | null, offer: { id: string, name: string } | null, target:
      | { __typename: 'PurchasedOffer', id: string, name: string }
      | { __typename: 'Service', id: string, name: string }
     | null } };

export type WebhooksQueryVariables = Exact<{
  status?: Array<WebhookStatus> | WebhookStatus | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type WebhooksQuery = { webhooks: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ id: string, url: string, eventKinds: Array<EventKind>, description: string | null, status: WebhookStatus, failingSince: string | null, retryAt: string | null, createdBy: string, createdAt: string, version: number, pending: { totalCount: number } }> } };

export type WebhookPageQueryVariables = Exact<{
  id: string | number;
  status?: Array<WebhookDeliveryStatus> | WebhookDeliveryStatus | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type WebhookPageQuery = { node:
    | { __typename: 'Account', id: string }
    | { __typename: 'AuditEntry', id: string }
    | { __typename: 'Bill', id: string }
    | { __typename: 'BillItem', id: string }
    | { __typename: 'BillUnit', id: string }
    | { __typename: 'Contact', id: string }
    | { __typename: 'DeferredAction', id: string }
    | { __typename: 'Dispute', id: string }
    | { __typename: 'Event', id: string }
    | { __typename: 'ImportAccount', id: string }
    | { __typename: 'ImportFile', id: string }
    | { __typename: 'ImportOffer', id: string }
    | { __typename: 'ImportReject', id: string }
    | { __typename: 'ImportRun', id: string }
    | { __typename: 'JobRun', id: string }
    | { __typename: 'Note', id: string }
    | { __typename: 'Offer', id: string }
    | { __typename: 'Payment', id: string }
    | { __typename: 'PaymentMethod', id: string }
    | { __typename: 'PurchasedOffer', id: string }
    | { __typename: 'QuarantinedAccount', id: string }
    | { __typename: 'Service', id: string }
    | { __typename: 'StatusChangeResult', id: string }
    | { __typename: 'StatusReason', id: string }
    | { __typename: 'Token', id: string }
    | { __typename: 'User', id: string }
    | { __typename: 'Webhook', deletedAt: string | null, id: string, url: string, eventKinds: Array<EventKind>, description: string | null, status: WebhookStatus, failingSince: string | null, retryAt: string | null, createdBy: string, createdAt: string, version: number, deliveries: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ id: string, status: WebhookDeliveryStatus, attempts: number, createdAt: string, lastAttemptAt: string | null, nextAttemptAt: string | null, responseStatus: number | null, error: string | null, event: { id: string, kind: EventKind, description: string, fromStatus: Status | null, toStatus: Status | null, details: unknown, account: { id: string, number: string, name: string, status: Status }, service: { id: string, name: string, kind: string } | null, offer: { id: string, name: string } | null, target:
              | { __typename: 'PurchasedOffer', id: string, name: string }
              | { __typename: 'Service', id: string, name: string }
             | null } }> }, pending: { totalCount: number } }
    | { __typename: 'WebhookDelivery', id: string }
   | null };

export type WebhookSubjectQueryVariables = Exact<{
  id: string | number;
}>;


export type WebhookSubjectQuery = { node:
    | { __typename: 'Account', id: string }
    | { __typename: 'AuditEntry', id: string }
    | { __typename: 'Bill', id: string }
    | { __typename: 'BillItem', id: string }
    | { __typename: 'BillUnit', id: string }
    | { __typename: 'Contact', id: string }
    | { __typename: 'DeferredAction', id: string }
    | { __typename: 'Dispute', id: string }
    | { __typename: 'Event', id: string }
    | { __typename: 'ImportAccount', id: string }
    | { __typename: 'ImportFile', id: string }
    | { __typename: 'ImportOffer', id: string }
    | { __typename: 'ImportReject', id: string }
    | { __typename: 'ImportRun', id: string }
    | { __typename: 'JobRun', id: string }
    | { __typename: 'Note', id: string }
    | { __typename: 'Offer', id: string }
    | { __typename: 'Payment', id: string }
    | { __typename: 'PaymentMethod', id: string }
    | { __typename: 'PurchasedOffer', id: string }
    | { __typename: 'QuarantinedAccount', id: string }
    | { __typename: 'Service', id: string }
    | { __typename: 'StatusChangeResult', id: string }
    | { __typename: 'StatusReason', id: string }
    | { __typename: 'Token', id: string }
    | { __typename: 'User', id: string }
    | { __typename: 'Webhook', id: string, url: string, eventKinds: Array<EventKind>, description: string | null, status: WebhookStatus, failingSince: string | null, retryAt: string | null, createdBy: string, createdAt: string, version: number, pending: { totalCount: number } }
    | { __typename: 'WebhookDelivery', id: string }
   | null };

export type CreateWebhookMutationVariables = Exact<{
  input: CreateWebhookInput;
}>;


export type CreateWebhookMutation = { createWebhook: { secret: string | null, webhook: { id: string, url: string, eventKinds: Array<EventKind>, description: string | null, status: WebhookStatus, failingSince: string | null, retryAt: string | null, createdBy: string, createdAt: string, version: number, pending: { totalCount: number } } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type UpdateWebhookMutationVariables = Exact<{
  input: UpdateWebhookInput;
}>;


export type UpdateWebhookMutation = { updateWebhook: { secret: string | null, webhook: { id: string, url: string, eventKinds: Array<EventKind>, description: string | null, status: WebhookStatus, failingSince: string | null, retryAt: string | null, createdBy: string, createdAt: string, version: number, pending: { totalCount: number } } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type DeleteWebhookMutationVariables = Exact<{
  id: string | number;
}>;


export type DeleteWebhookMutation = { deleteWebhook: { webhook: { id: string } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type TestWebhookMutationVariables = Exact<{
  id: string | number;
}>;


export type TestWebhookMutation = { testWebhook: { responseStatus: number | null, error: string | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type RedeliverWebhookMutationVariables = Exact<{
  id: string | number;
}>;


export type RedeliverWebhookMutation = { redeliverWebhook: { delivery: { id: string, status: WebhookDeliveryStatus, attempts: number, createdAt: string, lastAttemptAt: string | null, nextAttemptAt: string | null, responseStatus: number | null, error: string | null, event: { id: string, kind: EventKind, description: string, fromStatus: Status | null, toStatus: Status | null, details: unknown, account: { id: string, number: string, name: string, status: Status }, service: { id: string, name: string, kind: string } | null, offer: { id: string, name: string } | null, target:
          | { __typename: 'PurchasedOffer', id: string, name: string }
          | { __typename: 'Service', id: string, name: string }
         | null } } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type ValuesQueryVariables = Exact<{ [key: string]: never; }>;


export type ValuesQuery = { clock: { today: string }, A1002: { number: string, paymentMethods: Array<{ id: string }>, bills: { nodes: Array<{ id: string, status: BillStatus }> }, disputes: { nodes: Array<{ id: string }> }, deferredActions: { nodes: Array<{ id: string }> } } | null, A1025: { number: string, paymentMethods: Array<{ id: string }>, bills: { nodes: Array<{ id: string, status: BillStatus }> }, disputes: { nodes: Array<{ id: string }> }, deferredActions: { nodes: Array<{ id: string }> } } | null, A1028: { number: string, paymentMethods: Array<{ id: string }>, bills: { nodes: Array<{ id: string, status: BillStatus }> }, disputes: { nodes: Array<{ id: string }> }, deferredActions: { nodes: Array<{ id: string }> } } | null, A1034: { number: string, paymentMethods: Array<{ id: string }>, bills: { nodes: Array<{ id: string, status: BillStatus }> }, disputes: { nodes: Array<{ id: string }> }, deferredActions: { nodes: Array<{ id: string }> } } | null, A1039: { number: string, paymentMethods: Array<{ id: string }>, bills: { nodes: Array<{ id: string, status: BillStatus }> }, disputes: { nodes: Array<{ id: string }> }, deferredActions: { nodes: Array<{ id: string }> } } | null, A1040: { number: string, paymentMethods: Array<{ id: string }>, bills: { nodes: Array<{ id: string, status: BillStatus }> }, disputes: { nodes: Array<{ id: string }> }, deferredActions: { nodes: Array<{ id: string }> } } | null };

export type CustomerFragment = { number: string, paymentMethods: Array<{ id: string }>, bills: { nodes: Array<{ id: string, status: BillStatus }> }, disputes: { nodes: Array<{ id: string }> }, deferredActions: { nodes: Array<{ id: string }> } };

export type ActionTitleFragment = { kind: DeferredActionKind, toStatus: Status | null, parentPays: boolean, summary: string, account: { id: string, number: string, name: string, status: Status }, target:
    | { __typename: 'PurchasedOffer', id: string, name: string }
    | { __typename: 'Service', id: string, name: string }
   | null, newParent: { id: string, number: string } | null };

export type AuditTitleFragment = { action: AuditAction, actor: string, summary: string, details: unknown, summaryValues: unknown };

export type EventTitleFragment = { kind: EventKind, description: string, fromStatus: Status | null, toStatus: Status | null, details: unknown, account: { id: string, number: string, name: string, status: Status }, service: { id: string, name: string, kind: string } | null, offer: { id: string, name: string } | null, target:
    | { __typename: 'PurchasedOffer', id: string, name: string }
    | { __typename: 'Service', id: string, name: string }
   | null };

export type AccountRefFragment = { id: string, number: string, name: string, status: Status };

export type CustomerDetailsFragment = { email: string | null, phone: string | null, currency: string, creditLimit: { amount: string, currency: string } | null };

export type PageFragment = { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null };

export type ProblemFragment = { code: UserErrorCode, message: string, path: Array<string> };

export type AmountFragment = { amount: string, currency: string };

export type BillAmountsFragment = { openAmount: { amount: string, currency: string }, disputable: { amount: string, currency: string }, disputes: Array<{ id: string, status: DisputeStatus, amount: { amount: string, currency: string } }> };

export type BillStateFragment = { status: BillStatus, dueOn: string | null, openAmount: { amount: string, currency: string } };

export type PairingFragment = { toStatus: Status | null, pairedWith: { id: string, status: DeferredActionStatus, scheduledFor: string } | null };

export type CancelScheduledMutationVariables = Exact<{
  input: DeferredActionsInput;
}>;


export type CancelScheduledMutation = { cancelDeferredActions: { errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type PickAccountQueryVariables = Exact<{
  text: string;
}>;


export type PickAccountQuery = { search: { accounts: Array<{ id: string, number: string, name: string, status: Status, billUnits: Array<{ id: string, name: string }> }> } };

export type ContactDetailsFragment = { id: string, kind: ContactKind, isPrimary: boolean, name: string, email: string | null, phone: string | null, addressLines: string | null, city: string | null, region: string | null, postalCode: string | null, country: string | null, version: number };

export type DownloadQueryVariables = Exact<{ [key: string]: never; }>;


export type DownloadQuery = { viewer: { role: Role } };

export type MoneyOfAccountFragment = { id: string, balance: { amount: string, currency: string }, events: { nodes: Array<{ id: string, description: string, amount: { amount: string, currency: string } | null }> } };

export type MoneyBeforeChangeQueryVariables = Exact<{
  account: string | number;
}>;


export type MoneyBeforeChangeQuery = { account: { id: string, balance: { amount: string, currency: string }, events: { nodes: Array<{ id: string, description: string, amount: { amount: string, currency: string } | null }> } } | null };

export type PayerAmountsFragment = { payer: { id: string, number: string, name: string, status: Status }, charged: { amount: string, currency: string }, givenBack: { amount: string, currency: string } };

export type PayerChangeFragment = { billUnit: { id: string, account: { id: string, number: string, name: string, status: Status } }, formerPayer: { id: string, number: string, name: string, status: Status }, payer: { id: string, number: string, name: string, status: Status }, moved: { amount: string, currency: string } };

export type ReassignedAccountFragment = { id: string, number: string, name: string, status: Status, balance: { amount: string, currency: string }, events: { nodes: Array<{ id: string, description: string, amount: { amount: string, currency: string } | null }> } };

export type PayerImpactFragment = { payerChangeCount: number, payerChanges: Array<{ billUnit: { id: string, account: { id: string, number: string, name: string, status: Status } }, formerPayer: { id: string, number: string, name: string, status: Status }, payer: { id: string, number: string, name: string, status: Status }, moved: { amount: string, currency: string } }>, statusChange: { accounts: number, services: number, offers: number, ofPayers: Array<{ payer: { id: string, number: string, name: string, status: Status }, charged: { amount: string, currency: string }, givenBack: { amount: string, currency: string } }> | null } | null };

export type ScheduledActionFragment = { id: string, scheduledFor: string, createdBy: string, kind: DeferredActionKind, toStatus: Status | null, parentPays: boolean, summary: string, account: { id: string, number: string, name: string, status: Status }, target:
    | { __typename: 'PurchasedOffer', id: string, name: string }
    | { __typename: 'Service', id: string, name: string }
   | null, newParent: { id: string, number: string } | null };

export type ScheduleConflictsQueryVariables = Exact<{
  target: string | number;
  at: string;
}>;


export type ScheduleConflictsQuery = { scheduleConflicts: Array<{ id: string, scheduledFor: string, createdBy: string, kind: DeferredActionKind, toStatus: Status | null, parentPays: boolean, summary: string, account: { id: string, number: string, name: string, status: Status }, target:
      | { __typename: 'PurchasedOffer', id: string, name: string }
      | { __typename: 'Service', id: string, name: string }
     | null, newParent: { id: string, number: string } | null }> };

export type ScheduledAroundQueryVariables = Exact<{
  account: string | number;
  from: string;
  to: string;
}>;


export type ScheduledAroundQuery = { account: { id: string, deferredActions: { totalCount: number, nodes: Array<{ id: string, scheduledFor: string, createdBy: string, kind: DeferredActionKind, toStatus: Status | null, parentPays: boolean, summary: string, account: { id: string, number: string, name: string, status: Status }, target:
          | { __typename: 'PurchasedOffer', id: string, name: string }
          | { __typename: 'Service', id: string, name: string }
         | null, newParent: { id: string, number: string } | null }> } } | null };
