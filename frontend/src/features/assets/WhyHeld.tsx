/** Why a service or an offer is not active; for a service also whether it can be used now. */
import { holdRules } from '@/lib/rules'
import { Why } from '@/ui/Why'
import type { Asset } from './AssetTree'
import { Authorization } from './Authorization'

export function WhyHeld({ asset }: { asset: Asset }) {
  const entity = asset.of === 'service' ? asset.service : asset.offer
  const rules = [...new Set(entity.holds.map((hold) => holdRules[hold.cause]))]
  const login = asset.of === 'service' ? asset.service.login : null
  return (
    <Why about={entity.name} rules={rules}>
      {asset.of === 'service' && login && <Authorization kind={asset.service.kind} login={login} />}
    </Why>
  )
}
