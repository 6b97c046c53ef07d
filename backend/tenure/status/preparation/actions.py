"""Asks the plug-ins to amend status changes before they are made (rules 9)."""

from collections.abc import Callable, Sequence

from tenure.holds.rules import HeldEntity
from tenure.kernel.unit import Unit
from tenure.policies.queries import installed
from tenure.policies.rules import StatusChange
from tenure.status.cascades.rules import HoldChange, Kind
from tenure.status.entities.queries import entity_facts
from tenure.status.preparation.rules import prepared_change


async def change_preparer(
    unit: Unit, kind: Kind, ids: Sequence[int], change: HoldChange
) -> Callable[[HeldEntity, StatusChange], StatusChange]:
    """A function that returns the requested change of an entity as the plug-ins amend it.

    Plug-ins are not called for entities that do not change. Without plug-ins no facts are read.
    """
    policies = installed()
    if not policies.prepares_status_changes:
        return lambda _, request: request
    facts = await entity_facts(unit.session, kind, ids)

    def prepare(held_entity: HeldEntity, request: StatusChange) -> StatusChange:
        if change.has_no_effect(held_entity.inactive, held_entity.closed):
            return request
        amendment = policies.prepare_status_change(facts[held_entity.id], request)
        return prepared_change(held_entity, request, amendment)

    return prepare
