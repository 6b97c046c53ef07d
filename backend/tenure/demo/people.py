"""The customers of the demo company, its catalog, and its payment methods. Data only."""

from dataclasses import dataclass
from decimal import Decimal
from unicodedata import combining, normalize

from tenure.accounts.models import Rank
from tenure.catalog.models import OfferKind
from tenure.payments.models import PaymentMethodKind

P = Rank.PLATINUM
G = Rank.GOLD
S = Rank.SILVER
B = Rank.BRONZE

# How many days ago the last bills were made. Three billing days keep the number of bill days small.
LATELY = 5
IN_MID_MONTH = 15
LONG_AGO = 24
OLDEST = 250.0
FIRST = 124.0


@dataclass(frozen=True, slots=True)
class Product:
    """A catalog offer."""

    code: str
    name: str
    service_kind: str | None
    monthly_fee: str | None = None
    purchase_fee: str | None = None
    usage: tuple[str, str] | None = None
    monthly_percent_off: str | None = None

    @property
    def kind(self) -> OfferKind:
        """A discount if it has per cent off."""
        return OfferKind.DISCOUNT if self.monthly_percent_off else OfferKind.CHARGE


@dataclass(frozen=True, slots=True)
class DemoPaymentMethod:
    """A payment method; the token selects the answer of the simulated gateway."""

    kind: PaymentMethodKind
    brand: str | None = None
    token: str | None = "tok_ok"


VISA, MASTERCARD = (
    DemoPaymentMethod(PaymentMethodKind.CREDIT_CARD, brand) for brand in ("Visa", "Mastercard")
)
DEBIT = DemoPaymentMethod(PaymentMethodKind.DIRECT_DEBIT)
INVOICE = DemoPaymentMethod(PaymentMethodKind.INVOICE, token=None)
USUAL = (VISA, DEBIT, MASTERCARD, DEBIT)


@dataclass(frozen=True, slots=True)
class Customer:
    """An account with its services: each the code of its plan, further offers after a plus.

    `parent` is its parent in the hierarchy, `paid_by` its payer. `billed` is how many days ago its
    last bill was made. `busy` multiplies its usage.
    """

    name: str
    services: tuple[str, ...]
    rank: Rank | None = None
    extras: tuple[str, ...] = ()
    credit_limit: Decimal | None = None
    payment_method: DemoPaymentMethod | None = None
    billed: int = IN_MID_MONTH
    busy: int = 1
    days_ago: float | None = None
    parent: str | None = None
    paid_by: str | None = None

    @property
    def login(self) -> str:
        """A typical login: letters and dots."""
        plain = "".join(
            letter for letter in normalize("NFKD", self.name) if not combining(letter)
        ).replace("ı", "i")
        return ".".join("".join(filter(str.isalnum, word)) for word in plain.lower().split())


PRODUCTS = (
    Product("FIBER-500", "Fiber 500", "internet", "39.90", "49.00"),
    Product("FIBER-1000", "Fiber 1000", "internet", "59.90", "49.00"),
    Product("DSL-50", "DSL 50", "internet", "24.90"),
    Product("BUSINESS-LINE", "Business line", "internet", "129.00", "199.00"),
    Product("TALK-S", "Talk by the minute", "telephony", "4.90", usage=("0.05", "minute")),
    Product("TALK-FLAT", "Talk flat", "telephony", "19.90"),
    Product("MOBILE-DATA", "Mobile data", "mobile", "6.90", usage=("1.20", "GB")),
    Product("TV-BASIC", "TV Basic", "tv", "12.00"),
    Product("TV-SPORT", "TV Sport", "tv", "15.00"),
    Product("STATIC-IP", "Static IP address", "internet", "5.00"),
    Product("CARE-PLUS", "Care Plus", None, "4.90"),
    Product("LOYAL-10", "Ten years with us", None, monthly_percent_off="10"),
)

# The service kind of each plan.
KINDS = {product.code: product.service_kind or "" for product in PRODUCTS}
SERVICE_NAMES = {
    "internet": "Internet",
    "telephony": "Telephone",
    "tv": "Television",
    "mobile": "Mobile",
}

HOTELS = "Harborline Hotels"
LOGISTICS = "Brightwater Logistics"
SCHOOLS = "Northgate Schools"
CITY = "City of Northgate"


def _branch(
    head: str, name: str, *services: str, rank: Rank | None = None, paid: bool = True, busy: int = 1
) -> Customer:
    """A customer below a head, which pays for it unless `paid` is false."""
    billed = LATELY if head == LOGISTICS else LONG_AGO
    return Customer(
        name, services, rank, billed=billed, busy=busy, parent=head, paid_by=head if paid else None
    )


COMPANIES = (
    Customer(
        HOTELS, ("BUSINESS-LINE+STATIC-IP",), P, ("CARE-PLUS",), Decimal(20000), INVOICE, LONG_AGO
    ),
    _branch(HOTELS, "Harborline Lisbon", "BUSINESS-LINE", "TALK-FLAT", "TV-BASIC", rank=G),
    _branch(HOTELS, "Harborline Porto", "BUSINESS-LINE", "TV-BASIC", rank=G),
    _branch(
        HOTELS, "Harborline Faro", "FIBER-1000", "TV-BASIC+TV-SPORT", "MOBILE-DATA", rank=G, busy=2
    ),
    _branch("Harborline Lisbon", "Harborline Lisbon Spa", "FIBER-500", rank=S),
    Customer(LOGISTICS, ("BUSINESS-LINE",), G, (), Decimal(5000), VISA, LATELY),
    _branch(LOGISTICS, "Brightwater Rotterdam", "BUSINESS-LINE", "TALK-FLAT", rank=S),
    _branch(LOGISTICS, "Brightwater Antwerp", "FIBER-1000", rank=S),
    _branch(LOGISTICS, "Brightwater Hamburg", "FIBER-1000", "TALK-FLAT", rank=S, paid=False),
    Customer(
        CITY, ("BUSINESS-LINE+STATIC-IP", "TALK-FLAT"), P, ("LOYAL-10",), payment_method=INVOICE
    ),
    Customer(SCHOOLS, ("FIBER-500",), G, paid_by=CITY),
    Customer("Northgate Primary School", ("FIBER-500", "TALK-S"), parent=SCHOOLS, paid_by=CITY),
    Customer(
        "Northgate High School", ("FIBER-1000", "TALK-S"), busy=2, parent=SCHOOLS, paid_by=CITY
    ),
)

PEOPLE = (
    Customer("Ada Lindqvist", ("FIBER-500", "TALK-S"), G, ("LOYAL-10",), busy=3, days_ago=OLDEST),
    Customer("Amara Okafor", ("FIBER-1000", "TV-BASIC+TV-SPORT"), P),
    Customer("Anton Weber", ("DSL-50",), billed=LONG_AGO),
    Customer("Beatriz Santos", ("FIBER-500", "TV-BASIC", "MOBILE-DATA"), S),
    Customer("Callum Fraser", ("DSL-50", "TALK-S"), B, billed=LATELY),
    Customer("Chiara Rossi", ("FIBER-500",), S, billed=LONG_AGO),
    Customer("Daniel Kim", ("FIBER-1000", "MOBILE-DATA"), G, ("CARE-PLUS",), busy=2, billed=LATELY),
    Customer("Elif Yılmaz", ("FIBER-500", "TALK-FLAT")),
    Customer("Esther Mensah", ("DSL-50", "TV-BASIC"), B, billed=LATELY),
    Customer("Fatima Zahra El Idrissi", ("FIBER-500",), S, billed=LATELY),
    Customer("Gabriel Moreau", ("TALK-S",), credit_limit=Decimal(60), busy=7),
    Customer("Hana Suzuki", ("FIBER-1000", "TV-BASIC"), G, billed=LONG_AGO),
    Customer("Igor Petrov", ("DSL-50",), B, payment_method=INVOICE, billed=LATELY),
    Customer(
        "Joana Marques", ("FIBER-500", "TALK-S"), S, payment_method=INVOICE, busy=2, billed=LATELY
    ),
    Customer("Kwame Asante", ("FIBER-500", "MOBILE-DATA"), billed=LONG_AGO),
    Customer(
        "Leila Haddad",
        ("FIBER-1000", "TALK-FLAT", "TV-BASIC"),
        P,
        ("LOYAL-10", "CARE-PLUS"),
        days_ago=OLDEST - 1,
    ),
    Customer("Mateusz Kowalski", ("DSL-50", "TALK-S"), billed=LATELY),
    Customer("Nora Hansen", ("FIBER-500+STATIC-IP",), S, billed=LONG_AGO),
    Customer("Oscar Delgado", ("TALK-FLAT",), B),
    Customer("Priya Raman", ("FIBER-1000",), G, billed=LONG_AGO),
    Customer("Quentin Blake-Jones", ("DSL-50",), payment_method=INVOICE),
    Customer("Ravi Nair", ("FIBER-500", "TV-BASIC+TV-SPORT"), S, billed=LATELY),
    Customer("Sofia Papadopoulou", ("FIBER-500", "TALK-S")),
    Customer("Tomás Herrera", ("DSL-50",), B, billed=LONG_AGO),
    Customer("Uma Devi", ("TALK-S",), billed=LATELY),
    Customer("Larkspur Studio", ("FIBER-1000+STATIC-IP", "TALK-FLAT"), G, payment_method=INVOICE),
    Customer("Mill Lane Bakery", ("DSL-50", "TALK-S"), B, payment_method=INVOICE, billed=LATELY),
)
EVERYONE = (*COMPANIES, *PEOPLE)


def joined_days_ago(customer: Customer) -> float:
    """How many days ago it joined: one every twelve hours in order, unless it has joined
    earlier.
    """
    return customer.days_ago or FIRST - EVERYONE.index(customer) / 2


def payment_method_of(customer: Customer) -> DemoPaymentMethod:
    """The customer's payment method, by default one of the usual ones in turn."""
    return customer.payment_method or USUAL[EVERYONE.index(customer) % len(USUAL)]
