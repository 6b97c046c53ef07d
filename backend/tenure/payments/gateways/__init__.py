"""The payment gateway that TENURE_GATEWAY names: a plug-in's, or a built-in one (rules 7.2)."""

from contextlib import AbstractAsyncContextManager

from tenure.kernel.errors import ConfigurationError
from tenure.kernel.settings import GatewaySettings
from tenure.payments.gateways.simulated import open_simulated
from tenure.payments.gateways.stripe import open_stripe
from tenure.payments.gateways.uncalled import open_uncalled
from tenure.policies.queries import installed
from tenure.policies.rules import Gateway

BUILT_IN = {"simulated": open_simulated, "stripe": open_stripe}


def gateway(settings: GatewaySettings) -> AbstractAsyncContextManager[Gateway]:
    """The gateway, to be opened. Raises ConfigurationError for an unknown name.

    The one of a dry run calls no gateway.
    """
    if settings.is_dry_run:
        return open_uncalled()
    found = installed().payment_gateway(settings)
    if found is not None:
        return found
    if settings.name not in BUILT_IN:
        known = " or ".join(BUILT_IN)
        raise ConfigurationError(
            f"TENURE_GATEWAY is {settings.name}: it must be {known}, or a plug-in's."
        )
    return BUILT_IN[settings.name](settings)
