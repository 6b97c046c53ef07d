"""Every table, for the migrations and the test that compares them with the models."""

from tenure.accounts import models as accounts
from tenure.activity import models as activity
from tenure.assets import models as assets
from tenure.audit import models as audit
from tenure.billing.bills import models as billing
from tenure.billing.rating import models as rating
from tenure.catalog import models as catalog
from tenure.contacts import models as contacts
from tenure.deferred import models as deferred
from tenure.disputes import models as disputes
from tenure.events import models as events
from tenure.idempotency import models as requests
from tenure.identity import models as identity
from tenure.importing import models as imports
from tenure.jobs import models as jobs
from tenure.kernel import compatibility
from tenure.kernel.db import Base
from tenure.notes import models as notes
from tenure.overview import models as overview
from tenure.payments import models as payments
from tenure.reasons import models as reasons
from tenure.settings import models as settings
from tenure.usage.recording import models as usage
from tenure.webhooks.deliveries import models as webhooks

TABLE_MODULES = (
    audit,
    settings,
    compatibility,
    identity,
    reasons,
    events,
    deferred,
    accounts,
    contacts,
    notes,
    catalog,
    payments,
    assets,
    activity,
    billing,
    disputes,
    rating,
    usage,
    jobs,
    imports,
    overview,
    requests,
    webhooks,
)
ALL_TABLES = Base.metadata
