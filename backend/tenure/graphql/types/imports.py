"""The GraphQL types of uploaded files, and of the runs that check or import them."""

from datetime import datetime

from tenure.accounts.models import Rank
from tenure.graphql.reads.declarations import column, computed, connection, money, to_many, to_one
from tenure.graphql.reads.fields import mapped
from tenure.graphql.types.connections import ConnectionType
from tenure.graphql.types.nodes import NodeType
from tenure.graphql.types.references import (
    ImportAccountRef,
    ImportFileRef,
    ImportOfferRef,
    ImportRejectRef,
    ImportRunRef,
    JobRunRef,
)
from tenure.graphql.types.values import MoneyType
from tenure.holds.models import Status
from tenure.importing import models
from tenure.importing.models import ImportFormat, ImportMode
from tenure.importing.run_queries import IS_REJECTED, STATUS
from tenure.jobs.models import JobRun, JobRunStatus
from tenure.kernel.pages import Order

FILE_ORDER = Order((models.ImportFile.id,), descending=True)


@mapped(
    models.ImportFile,
    "A file of accounts, uploaded by `POST /imports`. Its lines are checked and imported by job "
    "runs.",
)
class ImportFileType(NodeType):
    """The content is not in the API."""

    name: str = column(models.ImportFile.name, "For example `customers.csv`.")
    format: ImportFormat = column(models.ImportFile.format, "Determined by the ending of the name.")
    size: int = column(models.ImportFile.size, "The size of the content in bytes.")
    lines: int = column(
        models.ImportFile.lines, "The number of lines, with the header and empty lines."
    )
    uploaded_by: str = column(
        models.ImportFile.uploaded_by, "The name of the user or API client that uploaded it."
    )
    created_at: datetime = column(
        models.ImportFile.created_at, "When it was uploaded, in real time."
    )
    expires_at: datetime = column(
        models.ImportFile.expires_at,
        "When content, rejected lines and previews are deleted, in real time: seven days after the "
        "upload and after each start of a run, or earlier by `deleteImportFile`.",
    )
    runs: list[ImportRunRef] = to_many(
        models.ImportRun,
        "The checks and imports of the file, newest first.",
        by=models.ImportRun.import_file_id,
        order=(models.ImportRun.id.desc(),),
    )


@mapped(
    models.ImportRun,
    "A check or an import of a file, with the objects that the accepted lines create. The counts "
    "of a check are those that an import would have.",
)
class ImportRunType(NodeType):
    """Status and progress are those of the job run."""

    mode: ImportMode = column(models.ImportRun.mode, "Whether the lines are checked or imported.")
    status: JobRunStatus = computed(STATUS, "The status of the job run.")
    job_run: JobRunRef = to_one(
        JobRun, "The job run, with status and progress.", by=models.ImportRun.job_run_id
    )
    file: ImportFileRef = to_one(
        models.ImportFile, "The file that is read.", by=models.ImportRun.import_file_id
    )
    accounts: int = column(models.ImportRun.accounts, "The number of accepted lines: new accounts.")
    existing: int = column(
        models.ImportRun.existing,
        "The number of lines whose account exists with the same content. They change nothing.",
    )
    rejected: int = column(models.ImportRun.rejected, "The number of rejected lines.")
    services: int = column(models.ImportRun.services, "The number of new services.")
    purchases: int = column(models.ImportRun.purchases, "The number of new purchased offers.")
    payment_methods: int = column(
        models.ImportRun.payment_methods, "The number of new payment methods."
    )
    contacts: int = column(models.ImportRun.contacts, "The number of new contacts.")
    notes: int = column(models.ImportRun.notes, "The number of new notes.")
    new_offers: int = column(
        models.ImportRun.new_offers, "The number of offers that are added to the catalog."
    )
    rejects: ConnectionType[ImportRejectRef] = connection(
        models.ImportRunLine,
        "The rejected lines in the order of the file. Empty after the file has expired.",
        by=models.ImportRunLine.import_run_id,
        order=Order((models.ImportRunLine.line, models.ImportRunLine.id)),
        where=(IS_REJECTED,),
    )
    account_preview: ConnectionType[ImportAccountRef] = connection(
        models.CheckedAccount,
        "The accounts that an import would create, in the order of the file. Only of a check, and "
        "empty after the file has expired.",
        by=models.CheckedAccount.import_run_id,
        order=Order((models.CheckedAccount.line, models.CheckedAccount.id)),
    )
    offer_preview: ConnectionType[ImportOfferRef] = connection(
        models.CheckedOffer,
        "The offers that an import would add to the catalog, in the order of the file. Only of a "
        "check, and empty after the file has expired.",
        by=models.CheckedOffer.import_run_id,
        order=Order((models.CheckedOffer.id,)),
    )


@mapped(
    models.ImportRunLine, "A line of a file that was rejected. The other lines are not affected."
)
class ImportRejectType(NodeType):
    """Its text is in the download of rejected lines."""

    line: int = column(
        models.ImportRunLine.line, "The number of its first line in the file, from 1."
    )
    number: str | None = column(
        models.ImportRunLine.number, "The number of the account. Null if it cannot be read."
    )
    reason: str | None = column(
        models.ImportRunLine.reason, "Display text: why it was rejected, at most 500 characters."
    )


@mapped(models.CheckedAccount, "An account that a check has accepted. It does not exist yet.")
class ImportAccountType(NodeType):
    """What a preview shows of it."""

    line: int = column(models.CheckedAccount.line, "The number of its line in the file, from 1.")
    number: str = column(models.CheckedAccount.number, "The number that the account will have.")
    name: str = column(models.CheckedAccount.name, "The name of the customer.")
    status: Status = column(models.CheckedAccount.status, "The status that it will have.")
    rank: Rank | None = column(models.CheckedAccount.rank, "The rank of the customer, if any.")
    parent: str | None = column(
        models.CheckedAccount.parent, "The number of its parent. Null for the top of a hierarchy."
    )
    currency: str = column(models.CheckedAccount.currency, "The ISO 4217 code of its bills.")
    billing_day: int = column(
        models.CheckedAccount.billing_day, "The day of the month on which its cycles end."
    )
    services: int = column(models.CheckedAccount.services, "The number of its services.")
    purchases: int = column(
        models.CheckedAccount.purchases,
        "The number of its purchased offers, with those of its services.",
    )


@mapped(
    models.CheckedOffer,
    "An offer that a check has accepted, because its code is not in the catalog yet.",
)
class ImportOfferType(NodeType):
    """A charge offer, as the first line with its code describes it."""

    code: str = column(models.CheckedOffer.code, "The code that it will have.")
    name: str = column(models.CheckedOffer.name, "The name of the offer.")
    purchase_fee: MoneyType | None = money(
        models.CheckedOffer.purchase_fee,
        models.CheckedOffer.currency,
        "Charged once when it is purchased. Null if nothing is charged.",
    )
    monthly_fee: MoneyType | None = money(
        models.CheckedOffer.monthly_fee,
        models.CheckedOffer.currency,
        "Charged in each cycle. Null if nothing is charged.",
    )
    cancel_fee: MoneyType | None = money(
        models.CheckedOffer.cancel_fee,
        models.CheckedOffer.currency,
        "Charged once when it is cancelled. Null if nothing is charged.",
    )
