/** Why a service or an offer is not active; for a service also whether it can be used now. */
import { t } from '@lingui/core/macro'
import { Text } from '@mantine/core'
import { useQuery } from 'urql'
import { formatMoney } from '@/lib/money'
import { holdRules } from '@/lib/rules'
import { Loading } from '@/ui/States'
import { Why } from '@/ui/Why'
import type { Asset } from './AssetTree'
import { AuthorizationDocument } from './operations.generated'

export function WhyHeld({ asset }: { asset: Asset }) {
  const entity = asset.of === 'service' ? asset.service : asset.offer
  const rules = [...new Set(entity.holds.map((hold) => holdRules[hold.cause]))]
  const login = asset.of === 'service' ? asset.service.login : null
  return (
    <Why about={entity.name} rules={rules}>
      {asset.of === 'service' && login && <Usage kind={asset.service.kind} login={login} />}
    </Why>
  )
}

/** The answer that a network element would get for this login. */
function Usage({ kind, login }: { kind: string; login: string }) {
  const [{ data }] = useQuery({
    query: AuthorizationDocument,
    variables: { kind, login },
    requestPolicy: 'network-only',
  })
  if (!data) return <Loading lines={1} />
  const { authorized, available } = data.authorizeService
  const left = available && formatMoney(available.amount, available.currency)
  const denial = data.authorizeService.denial ?? ''
  const allowed = left ? t`Usage is allowed, ${left} available.` : t`Usage is allowed.`
  return (
    <Text size="sm" data-authorization>
      {authorized ? allowed : t`Usage is denied: ${denial}`}
    </Text>
  )
}
