"""The lists that can be exported: their rows, filters and columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, case, null, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from tenure.accounts.models import Account
from tenure.billing.bills.models import Bill
from tenure.billing.bills.queries import is_listed
from tenure.billing.credits.queries import account_balance, overdue_amount, overdue_since
from tenure.deferred.models import DeferredAction, DeferredStatus
from tenure.disputes.models import Dispute
from tenure.events.models import Event
from tenure.graphql.reads.account_filter import ACCOUNT_SORTS, account_filters
from tenure.graphql.reads.filters import references
from tenure.graphql.reads.mapping import TODAY, Filter, Filters, Model, Sorts
from tenure.graphql.reads.natural_keys import key_expression
from tenure.graphql.types.accounts import NEWEST
from tenure.graphql.types.bills import BILL_ORDER, BILL_SORTS, bill_filters
from tenure.graphql.types.deferred_actions import DEFERRED_ORDER, DEFERRED_SORTS, deferred_filters
from tenure.graphql.types.disputes import DISPUTE_ORDER, DISPUTE_SORTS, dispute_filters
from tenure.graphql.types.events import EVENT_ORDER, event_filters
from tenure.graphql.types.payments import PAYMENT_ORDER, PAYMENT_SORTS, payment_filters
from tenure.graphql.types.status_change_jobs import RESULT_ORDER
from tenure.importing.models import ImportRun, ImportRunLine
from tenure.importing.run_queries import IS_REJECTED
from tenure.jobs.models import QuarantinedAccount, StatusChangeResult, StatusChangeResultStatus
from tenure.kernel.actor import Role
from tenure.kernel.pages import Order
from tenure.payments.models import Payment


@dataclass(frozen=True, slots=True)
class Export:
    """A list: its rows, their order, the conditions that a request may name, and the columns.

    `filters` are those of the GraphQL input type `filter_type`, the arguments of the root field
    `arguments_of`, or arguments of their own. Reading it needs the role.
    """

    model: Model
    order: Order
    columns: Mapping[str, SQLColumnExpression[Any]]
    filters: Filters = field(default_factory=dict)
    filter_type: str | None = None
    arguments_of: str | None = None
    sorts: Sorts = field(default_factory=dict)
    where: tuple[ColumnElement[bool], ...] = ()
    required: tuple[str, ...] = ()
    role: Role = Role.AGENT


_parent = aliased(Account, name="parent")
_PARENT_NUMBER = (
    select(_parent.number).where(_parent.id == Account.parent_id).correlate(Account)
).scalar_subquery()


def _is_line_of(job_run: str) -> ColumnElement[bool]:
    """True for the lines of the import of a job run."""
    runs = select(ImportRun.id).where(ImportRun.job_run_id == key_expression(job_run, "JobRun"))
    return ImportRunLine.import_run_id == runs.scalar_subquery()


def _text_of(
    column: InstrumentedAttribute[str], key: SQLColumnExpression[Any]
) -> ColumnElement[str]:
    """The text of the account or bill that a row belongs to."""
    owner = aliased(column.class_, name="owner")
    return select(getattr(owner, column.key)).where(owner.id == key).scalar_subquery()


def _if_made(amount: SQLColumnExpression[Decimal]) -> ColumnElement[Decimal | None]:
    """An amount of a finalized bill; a pending one has none yet."""
    return case((Bill.billed_on.is_not(None), amount), else_=null())


_ACTIONS: Mapping[str, SQLColumnExpression[Any]] = {
    "account": _text_of(Account.number, DeferredAction.account_id),
    "summary": DeferredAction.summary,
    "kind": DeferredAction.kind,
    "status": DeferredAction.status,
    "scheduled_for": DeferredAction.scheduled_for,
    "executed_at": DeferredAction.executed_at,
    "attempts": DeferredAction.attempts,
    "failure": DeferredAction.failure,
    "reason": DeferredAction.reason,
    "note": DeferredAction.note,
    "created_by": DeferredAction.created_by,
    "created_at": DeferredAction.created_at,
}
EXPORTS: Mapping[str, Export] = {
    "accounts": Export(
        Account,
        NEWEST,
        {
            "number": Account.number,
            "name": Account.name,
            "status": Account.status,
            "rank": Account.rank,
            "email": Account.email,
            "phone": Account.phone,
            "parent": _PARENT_NUMBER,
            "currency": Account.currency,
            "credit_limit": Account.credit_limit,
            "balance": account_balance(),
            "overdue": overdue_amount(TODAY),
            "overdue_since": overdue_since(TODAY),
            "created_at": Account.created_at,
            "closed_at": Account.closed_at,
        },
        filters=account_filters(),
        filter_type="AccountFilter",
        sorts=ACCOUNT_SORTS,
    ),
    "bills": Export(
        Bill,
        BILL_ORDER,
        {
            "number": Bill.number,
            "account": _text_of(Account.number, Bill.account_id),
            "status": Bill.status,
            "period_start": Bill.period_start,
            "period_end": Bill.period_end,
            "billed_on": Bill.billed_on,
            "due_on": Bill.due_on,
            "currency": Bill.currency,
            "charges": _if_made(Bill.current_charges),
            "charges_of_others": _if_made(Bill.subordinate_charges),
            "total_due": _if_made(Bill.total_due),
            "open": _if_made(Bill.open_amount),
        },
        filters=bill_filters(),
        filter_type="BillFilter",
        sorts=BILL_SORTS,
        where=(is_listed(),),
    ),
    "deferred-actions": Export(
        DeferredAction,
        DEFERRED_ORDER,
        _ACTIONS,
        filters=deferred_filters(),
        filter_type="DeferredActionFilter",
        sorts=DEFERRED_SORTS,
    ),
    "disputes": Export(
        Dispute,
        DISPUTE_ORDER,
        {
            "account": _text_of(Account.number, Dispute.account_id),
            "bill": _text_of(Bill.number, Dispute.bill_id),
            "status": Dispute.status,
            "currency": Dispute.currency,
            "amount": Dispute.amount,
            "granted": Dispute.granted,
            "reason": Dispute.reason,
            "note": Dispute.note,
            "opened_at": Dispute.opened_at,
            "opened_by": Dispute.opened_by,
            "settled_at": Dispute.settled_at,
            "settled_by": Dispute.settled_by,
        },
        filters=dispute_filters(),
        filter_type="DisputeFilter",
        sorts=DISPUTE_SORTS,
    ),
    "events": Export(
        Event,
        EVENT_ORDER,
        {
            "occurred_at": Event.occurred_at,
            "kind": Event.kind,
            "description": Event.description,
            "amount": Event.amount,
            "currency": Event.currency,
            "from_status": Event.from_status,
            "to_status": Event.to_status,
            "reason": Event.reason,
            "actor": Event.actor,
        },
        filters={**event_filters(), "account": references(Event.account_id, "Account")},
        filter_type="EventFilter",
        required=("account",),
    ),
    "failed-actions": Export(
        DeferredAction,
        DEFERRED_ORDER,
        _ACTIONS,
        filters={"job_run": references(DeferredAction.job_run_id, "JobRun")},
        where=(DeferredAction.status == DeferredStatus.FAILED,),
        required=("job_run",),
    ),
    "failed-status-changes": Export(
        StatusChangeResult,
        RESULT_ORDER,
        {
            "account": _text_of(Account.number, StatusChangeResult.account_id),
            "name": _text_of(Account.name, StatusChangeResult.account_id),
            "error_code": StatusChangeResult.error_code,
            "message": StatusChangeResult.message,
            "at": StatusChangeResult.at,
        },
        filters={"job_run": references(StatusChangeResult.job_run_id, "JobRun")},
        where=(StatusChangeResult.status == StatusChangeResultStatus.FAILED,),
        required=("job_run",),
    ),
    "payments": Export(
        Payment,
        PAYMENT_ORDER,
        {
            "account": _text_of(Account.number, Payment.account_id),
            "bill": _text_of(Bill.number, Payment.bill_id),
            "business_date": Payment.business_date,
            "status": Payment.status,
            "currency": Payment.currency,
            "amount": Payment.amount,
            "result": Payment.result,
            "reference": Payment.reference,
            "created_at": Payment.created_at,
            "settled_at": Payment.settled_at,
        },
        filters=payment_filters(),
        filter_type="PaymentFilter",
        sorts=PAYMENT_SORTS,
    ),
    "rejected-lines": Export(
        ImportRunLine,
        Order((ImportRunLine.line, ImportRunLine.id)),
        {
            "line": ImportRunLine.line,
            "number": ImportRunLine.number,
            "reason": ImportRunLine.reason,
        },
        filters={"job_run": Filter(_is_line_of, references="JobRun")},
        where=(IS_REJECTED,),
        required=("job_run",),
    ),
    "quarantined-accounts": Export(
        QuarantinedAccount,
        Order((QuarantinedAccount.id,), descending=True),
        {
            "account": _text_of(Account.number, QuarantinedAccount.account_id),
            "step": QuarantinedAccount.step,
            "reason": QuarantinedAccount.reason,
            "at": QuarantinedAccount.at,
        },
        filters={"job_run": references(QuarantinedAccount.job_run_id, "JobRun")},
        required=("job_run",),
    ),
}
