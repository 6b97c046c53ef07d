"""What a mutation that changed payers affects, read in its unit."""

from tenure.graphql.types.impact import HierarchyImpactType
from tenure.hierarchy.payers.rules import Reassignment
from tenure.kernel.unit import Unit
from tenure.status.impact.queries import change_impact


async def impact_of(unit: Unit, reassignment: Reassignment | None) -> HierarchyImpactType:
    """The impact of new payers; without any nobody is affected."""
    if reassignment is None:
        return HierarchyImpactType.of((), None)
    impact = await change_impact(unit.session, reassignment.change_id)
    return HierarchyImpactType.of(reassignment.payer_changes, impact)
