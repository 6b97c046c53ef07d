"""Who the customers of the small company are, and what is sold to them: data alone."""

from dataclasses import dataclass
from decimal import Decimal

from tenure.accounts.models import Rank
from tenure.catalog.models import OfferKind

P, G, S, B = Rank.PLATINUM, Rank.GOLD, Rank.SILVER, Rank.BRONZE


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
class Customer:
    """An account with its services: each the code of the plan that it is bought with, further offers behind a plus."""

    name: str
    services: tuple[str, ...]
    rank: Rank | None = None
    extras: tuple[str, ...] = ()
    credit_limit: Decimal | None = None


PRODUCTS = (
    Product("FIBER-500", "Fiber 500", "internet", "39.90", "49.00"),
    Product("FIBER-1000", "Fiber 1000", "internet", "59.90", "49.00"),
    Product("DSL-50", "DSL 50", "internet", "24.90"),
    Product("BUSINESS-LINE", "Business line", "internet", "129.00", "199.00"),
    Product("TALK-S", "Talk by the minute", "telephony", "4.90", usage=("0.05", "minute")),
    Product("TALK-FLAT", "Talk flat", "telephony", "19.90"),
    Product("TV-BASIC", "TV Basic", "tv", "12.00"),
    Product("TV-SPORT", "TV Sport", "tv", "15.00"),
    Product("STATIC-IP", "Static IP address", "internet", "5.00"),
    Product("CARE-PLUS", "Care Plus", None, "4.90"),
    Product("LOYAL-10", "Ten years with us", None, monthly_percent_off="10"),
)

# The plan of a service says what kind it is.
KINDS = {product.code: product.service_kind or "" for product in PRODUCTS}
SERVICE_NAMES = {"internet": "Internet", "telephony": "Telephone", "tv": "Television"}

HOTELS = Customer("Harborline Hotels", ("BUSINESS-LINE+STATIC-IP",), P, ("CARE-PLUS",), Decimal(20000))
HOTELS_BELOW = (
    Customer("Harborline Lisbon", ("BUSINESS-LINE", "TALK-FLAT", "TV-BASIC"), G),
    Customer("Harborline Porto", ("BUSINESS-LINE", "TV-BASIC"), G),
    Customer("Harborline Faro", ("FIBER-1000", "TV-BASIC+TV-SPORT"), G),
)
SPA = Customer("Harborline Lisbon Spa", ("FIBER-500",), S)

LOGISTICS = Customer("Brightwater Logistics", ("BUSINESS-LINE",), G, (), Decimal(5000))
LOGISTICS_BELOW = (
    Customer("Brightwater Rotterdam", ("BUSINESS-LINE", "TALK-FLAT"), S),
    Customer("Brightwater Antwerp", ("FIBER-1000",), S),
)
LOGISTICS_ALONE = Customer("Brightwater Hamburg", ("FIBER-1000", "TALK-FLAT"), S)

SCHOOLS = Customer("Northgate Schools", ("FIBER-500",), G)
SCHOOLS_BELOW = (
    Customer("Northgate Primary School", ("FIBER-500", "TALK-S")),
    Customer("Northgate High School", ("FIBER-1000", "TALK-S")),
)
CITY = Customer("City of Northgate", ("BUSINESS-LINE+STATIC-IP", "TALK-FLAT"), P, ("LOYAL-10",))

PEOPLE = (
    Customer("Ada Lindqvist", ("FIBER-500", "TALK-S"), G, ("LOYAL-10",)),
    Customer("Amara Okafor", ("FIBER-1000", "TV-BASIC+TV-SPORT"), P),
    Customer("Anton Weber", ("DSL-50",)),
    Customer("Beatriz Santos", ("FIBER-500", "TV-BASIC"), S),
    Customer("Callum Fraser", ("DSL-50", "TALK-S"), B),
    Customer("Chiara Rossi", ("FIBER-500",), S),
    Customer("Daniel Kim", ("FIBER-1000",), G, ("CARE-PLUS",)),
    Customer("Elif Yılmaz", ("FIBER-500", "TALK-FLAT")),
    Customer("Esther Mensah", ("DSL-50", "TV-BASIC"), B),
    Customer("Fatima Zahra El Idrissi", ("FIBER-500",), S),
    Customer("Gabriel Moreau", ("TALK-S",)),
    Customer("Hana Suzuki", ("FIBER-1000", "TV-BASIC"), G),
    Customer("Igor Petrov", ("DSL-50",), B),
    Customer("Joana Marques", ("FIBER-500", "TALK-S"), S),
    Customer("Kwame Asante", ("FIBER-500",)),
    Customer("Leila Haddad", ("FIBER-1000", "TALK-FLAT", "TV-BASIC"), P, ("LOYAL-10", "CARE-PLUS")),
    Customer("Mateusz Kowalski", ("DSL-50", "TALK-S")),
    Customer("Nora Hansen", ("FIBER-500+STATIC-IP",), S),
    Customer("Oscar Delgado", ("TALK-FLAT",), B),
    Customer("Priya Raman", ("FIBER-1000",), G),
    Customer("Quentin Blake-Jones", ("DSL-50",)),
    Customer("Ravi Nair", ("FIBER-500", "TV-BASIC+TV-SPORT"), S),
    Customer("Sofia Papadopoulou", ("FIBER-500", "TALK-S")),
    Customer("Tomás Herrera", ("DSL-50",), B),
    Customer("Uma Devi", ("TALK-S",)),
    Customer("Larkspur Studio", ("FIBER-1000+STATIC-IP", "TALK-FLAT"), G),
    Customer("Mill Lane Bakery", ("DSL-50", "TALK-S"), B),
)
