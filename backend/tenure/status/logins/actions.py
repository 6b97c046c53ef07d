"""Logins of services that are closed or reopened (rules 3.2, 3.3)."""

from collections.abc import Iterable

from sqlalchemy import case, func, update

from tenure.accounts.actions import add_search_terms
from tenure.accounts.rules import login_terms
from tenure.assets.models import Service
from tenure.assets.queries import locked_service, login_is_taken
from tenure.assets.rules import checked_login
from tenure.kernel.dialects import in_ids
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.text import excerpt, login_key
from tenure.kernel.unit import Unit


async def reserve_login(unit: Unit, service_id: int, new_login: str | None) -> None:
    """Stores the login that a service has after reopening: the new one, else its former one.

    Raises TAKEN where another service uses it (rules 3.3).
    """
    service = await locked_service(unit, service_id)
    login = checked_login(new_login) or service.former_login
    if login is None:
        return
    if await login_is_taken(unit, service.kind, login, except_service_id=service.id):
        message = (
            f"The {service.kind} login {excerpt(login)} is now used by another service. "
            "Reopen the service with a new login."
        )
        raise TenureError(ErrorCode.TAKEN, message, ("login",))
    service.former_login = login
    service.former_login_key = login_key(login)
    await unit.session.flush()
    await add_search_terms(unit, {service.account_id: login_terms(login)})


async def check_closing_login(
    unit: Unit, service_id: int, login: str, others: Iterable[str]
) -> None:
    """Raises TAKEN where the login that a plug-in chose for a closing service is in use."""
    service = await locked_service(unit, service_id)
    is_new = login_key(login) not in map(login_key, others)
    if not is_new or await login_is_taken(unit, service.kind, login, except_service_id=service_id):
        message = (
            f"The {service.kind} login {excerpt(login)} is taken. "
            "A plug-in chose it for a service that is being closed."
        )
        raise TenureError(ErrorCode.TAKEN, message, ("login",))


async def rewrite_logins(unit: Unit, logins: dict[int, str]) -> None:
    """Replaces the logins of closed services, which keep theirs as the former one (rules 3.2)."""
    keys = {service_id: login_key(login) for service_id, login in logins.items()}
    values = {
        "login": case(logins, value=Service.id),
        "login_key": case(keys, value=Service.id),
        "former_login": func.coalesce(Service.former_login, Service.login),
        "former_login_key": func.coalesce(Service.former_login_key, Service.login_key),
    }
    statement = (
        update(Service).where(in_ids(Service.id, logins), Service.login.is_not(None)).values(values)
    )
    await unit.session.execute(statement, execution_options={"synchronize_session": False})
