"""Who the customers of the small company are, what is sold to them, and how they pay: data alone."""

from dataclasses import dataclass
from decimal import Decimal
from unicodedata import combining, normalize

from tenure.accounts.models import Rank
from tenure.catalog.models import OfferKind
from tenure.payments.models import PaymentMethodKind

P, G, S, B = Rank.PLATINUM, Rank.GOLD, Rank.SILVER, Rank.BRONZE

# How many days ago the last bills were made. The company has three billing days, so that there are few days to live through.
LATELY, IN_MID_MONTH, LONG_AGO = 5, 15, 24
OLDEST, FIRST = 250.0, 124.0


@dataclass(frozen=True, slots=True)
class Product:
    """An offer of the catalog."""

    code: str
    name: str
    service_kind: str | None
    monthly_fee: str | None = None
    purchase_fee: str | None = None
    usage: tuple[str, str] | None = None
    monthly_percent_off: str | None = None

    @property
    def kind(self) -> OfferKind:
        """What takes something off is a discount."""
        return OfferKind.DISCOUNT if self.monthly_percent_off else OfferKind.CHARGE


@dataclass(frozen=True, slots=True)
class Pays:
    """A way to pay: of a card also its brand, and how the simulated gateway answers to its token."""

    kind: PaymentMethodKind
    brand: str | None = None
    token: str | None = "tok_ok"


VISA, MASTERCARD = (Pays(PaymentMethodKind.CREDIT_CARD, brand) for brand in ("Visa", "Mastercard"))
DEBIT, INVOICE = Pays(PaymentMethodKind.DIRECT_DEBIT), Pays(PaymentMethodKind.INVOICE, token=None)
USUAL = (VISA, DEBIT, MASTERCARD, DEBIT)


@dataclass(frozen=True, slots=True)
class Customer:
    """An account with its services: each the code of the plan that it is bought with, further offers behind a plus.

    It belongs to its `parent`, and is `paid_by` that one or another. It was `billed` so many days ago for the last time,
    and is as `busy` as so many who use what is metered.
    """

    name: str
    services: tuple[str, ...]
    rank: Rank | None = None
    extras: tuple[str, ...] = ()
    credit_limit: Decimal | None = None
    pays: Pays | None = None
    billed: int = IN_MID_MONTH
    busy: int = 1
    came: float | None = None
    parent: str | None = None
    paid_by: str | None = None

    @property
    def login(self) -> str:
        """As a person would have chosen it: letters and dots."""
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

# The plan of a service says what kind it is.
KINDS = {product.code: product.service_kind or "" for product in PRODUCTS}
SERVICE_NAMES = {
    "internet": "Internet",
    "telephony": "Telephone",
    "tv": "Television",
    "mobile": "Mobile",
}

HOTELS, LOGISTICS = "Harborline Hotels", "Brightwater Logistics"
SCHOOLS, CITY = "Northgate Schools", "City of Northgate"


def _branch(
    head: str, name: str, *services: str, rank: Rank | None = None, paid: bool = True, busy: int = 1
) -> Customer:
    """Below a head, who pays for it unless it pays for itself."""
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
    Customer(CITY, ("BUSINESS-LINE+STATIC-IP", "TALK-FLAT"), P, ("LOYAL-10",), pays=INVOICE),
    Customer(SCHOOLS, ("FIBER-500",), G, paid_by=CITY),
    Customer("Northgate Primary School", ("FIBER-500", "TALK-S"), parent=SCHOOLS, paid_by=CITY),
    Customer(
        "Northgate High School", ("FIBER-1000", "TALK-S"), busy=2, parent=SCHOOLS, paid_by=CITY
    ),
)

PEOPLE = (
    Customer("Ada Lindqvist", ("FIBER-500", "TALK-S"), G, ("LOYAL-10",), busy=3, came=OLDEST),
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
    Customer("Igor Petrov", ("DSL-50",), B, pays=INVOICE, billed=LATELY),
    Customer("Joana Marques", ("FIBER-500", "TALK-S"), S, pays=INVOICE, busy=2, billed=LATELY),
    Customer("Kwame Asante", ("FIBER-500", "MOBILE-DATA"), billed=LONG_AGO),
    Customer(
        "Leila Haddad",
        ("FIBER-1000", "TALK-FLAT", "TV-BASIC"),
        P,
        ("LOYAL-10", "CARE-PLUS"),
        came=OLDEST - 1,
    ),
    Customer("Mateusz Kowalski", ("DSL-50", "TALK-S"), billed=LATELY),
    Customer("Nora Hansen", ("FIBER-500+STATIC-IP",), S, billed=LONG_AGO),
    Customer("Oscar Delgado", ("TALK-FLAT",), B),
    Customer("Priya Raman", ("FIBER-1000",), G, billed=LONG_AGO),
    Customer("Quentin Blake-Jones", ("DSL-50",), pays=INVOICE),
    Customer("Ravi Nair", ("FIBER-500", "TV-BASIC+TV-SPORT"), S, billed=LATELY),
    Customer("Sofia Papadopoulou", ("FIBER-500", "TALK-S")),
    Customer("Tomás Herrera", ("DSL-50",), B, billed=LONG_AGO),
    Customer("Uma Devi", ("TALK-S",), billed=LATELY),
    Customer("Larkspur Studio", ("FIBER-1000+STATIC-IP", "TALK-FLAT"), G, pays=INVOICE),
    Customer("Mill Lane Bakery", ("DSL-50", "TALK-S"), B, pays=INVOICE, billed=LATELY),
)
EVERYONE = (*COMPANIES, *PEOPLE)


def came(customer: Customer) -> float:
    """How many days ago: companies first, one every twelve hours, unless somebody has been a customer for longer."""
    return customer.came or FIRST - EVERYONE.index(customer) / 2


def pays(customer: Customer) -> Pays:
    """In the usual ways by turns, where nothing is said of it."""
    return customer.pays or USUAL[EVERYONE.index(customer) % len(USUAL)]
