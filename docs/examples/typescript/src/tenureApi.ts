/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** A status change of an account. */
export type ChangeAccountStatusInput = {
  /** The global id of the account. */
  accountId: string;
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

/** One measured use of a service. */
export type RecordUsageInput = {
  /** Display text, for example the called number. At most 2,000 characters. */
  description?: string | null | undefined;
  /** The login of the service. Case is ignored. */
  login: string;
  /** Default: now. */
  occurredAt?: string | null | undefined;
  /** The used quantity, in `unit`. */
  quantity: string;
  /** Unique per service. A repeated record is not charged again; another record with the same reference fails with TAKEN. */
  reference: string;
  /** The kind of the service, for example `telephony`. */
  serviceKind: string;
  /** The unit of usage of an offer, for example MB, SMS or minute. */
  unit: string;
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

/** The status of an account or asset, derived from its holds. */
export type Status =
  /** In use: nothing holds it. */
  | 'ACTIVE'
  /** Ended. An account or service can be reopened, a purchased offer cannot. */
  | 'CLOSED'
  /** Suspended: not usable and not charged. It can become ACTIVE again. */
  | 'INACTIVE';

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

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { name: string, role: Role } };

export type FindAccountsQueryVariables = Exact<{
  search: string;
}>;


export type FindAccountsQuery = { accounts: { nodes: Array<{ id: string, number: string, name: string, status: Status, version: number }> } };

export type ChangeAccountStatusMutationVariables = Exact<{
  input: ChangeAccountStatusInput;
}>;


export type ChangeAccountStatusMutation = { changeAccountStatus: { account: { id: string, number: string, name: string, status: Status, version: number } | null, deferredAction: { id: string, summary: string, scheduledFor: string, status: DeferredActionStatus } | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type RecordUsageMutationVariables = Exact<{
  records: Array<RecordUsageInput> | RecordUsageInput;
}>;


export type RecordUsageMutation = { recordUsage: { events: Array<{ id: string } | null>, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } | null };

export type AccountStatusFragment = { id: string, number: string, name: string, status: Status, version: number };

export type ProblemFragment = { code: UserErrorCode, message: string, path: Array<string> };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const AccountStatusFragmentDoc = new TypedDocumentString(`
    fragment AccountStatus on Account {
  id
  number
  name
  status
  version
}
    `, {"fragmentName":"AccountStatus"}) as unknown as TypedDocumentString<AccountStatusFragment, unknown>;
export const ProblemFragmentDoc = new TypedDocumentString(`
    fragment Problem on UserError {
  code
  message
  path
}
    `, {"fragmentName":"Problem"}) as unknown as TypedDocumentString<ProblemFragment, unknown>;
export const ViewerDocument = new TypedDocumentString(`
    query Viewer {
  viewer {
    name
    role
  }
}
    `) as unknown as TypedDocumentString<ViewerQuery, ViewerQueryVariables>;
export const FindAccountsDocument = new TypedDocumentString(`
    query FindAccounts($search: String!) {
  accounts(filter: {search: $search}, first: 10) {
    nodes {
      ...AccountStatus
    }
  }
}
    fragment AccountStatus on Account {
  id
  number
  name
  status
  version
}`) as unknown as TypedDocumentString<FindAccountsQuery, FindAccountsQueryVariables>;
export const ChangeAccountStatusDocument = new TypedDocumentString(`
    mutation ChangeAccountStatus($input: ChangeAccountStatusInput!) {
  changeAccountStatus(input: $input) {
    account {
      ...AccountStatus
    }
    deferredAction {
      id
      summary
      scheduledFor
      status
    }
    errors {
      ...Problem
    }
  }
}
    fragment AccountStatus on Account {
  id
  number
  name
  status
  version
}
fragment Problem on UserError {
  code
  message
  path
}`) as unknown as TypedDocumentString<ChangeAccountStatusMutation, ChangeAccountStatusMutationVariables>;
export const RecordUsageDocument = new TypedDocumentString(`
    mutation RecordUsage($records: [RecordUsageInput!]!) {
  recordUsage(input: $records) {
    events {
      id
    }
    errors {
      ...Problem
    }
  }
}
    fragment Problem on UserError {
  code
  message
  path
}`) as unknown as TypedDocumentString<RecordUsageMutation, RecordUsageMutationVariables>;