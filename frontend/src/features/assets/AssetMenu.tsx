/** The actions that the status of a service or an offer and the role of the user allow. */
import { t } from '@lingui/core/macro'
import type { Status } from '@/gql/graphql'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { RowMenu } from '@/ui/RowMenu'
import { serviceEventsLink } from '../events/links'
import { changeStatus } from '../status/links'
import type { Asset } from './AssetTree'
import { checkUsage, purchaseOffer } from './links'

interface AssetMenuProps {
  asset: Asset
  account: { id: string; status: Status }
  number: string
}

export function AssetMenu({ asset, account, number }: AssetMenuProps) {
  const open = useOpenDialog()
  const may = useMay('AGENT')
  const entity = asset.of === 'service' ? asset.service : asset.offer
  const { name } = entity
  const staysClosed = entity.status === 'CLOSED' && account.status === 'CLOSED'
  const changes = may && !staysClosed ? changesOf(asset.of, entity.status) : []
  if (changes.length === 0 && asset.of === 'offer') return <span style={{ width: 28 }} />
  return (
    <RowMenu label={t`Actions for ${name}`}>
      {({ Item, Link, Label }) => (
        <>
          {may && staysClosed && <Label>{t`Reopen the account first`}</Label>}
          {changes.map(({ to, word }) => (
            <Item
              key={to}
              c={to === 'CLOSED' ? 'var(--mantine-color-error)' : undefined}
              onClick={() => open(changeStatus(entity.id, to))}
            >
              {word}
            </Item>
          ))}
          {may && asset.of === 'service' && entity.status === 'ACTIVE' && (
            <Item onClick={() => open(purchaseOffer(account.id, entity.id))}>
              {t`Purchase offer…`}
            </Item>
          )}
          {asset.of === 'service' && asset.service.login && (
            <Item onClick={() => open(checkUsage(entity.id))}>{t`May it be used?`}</Item>
          )}
          {asset.of === 'service' && (
            <Link {...serviceEventsLink(number, entity.id)}>{t`Events`}</Link>
          )}
        </>
      )}
    </RowMenu>
  )
}

function changesOf(of: Asset['of'], status: Status): { to: Status; word: string }[] {
  if (status === 'CLOSED') return of === 'service' ? [{ to: 'ACTIVE', word: t`Reopen…` }] : []
  const first =
    status === 'ACTIVE'
      ? { to: 'INACTIVE' as const, word: t`Inactivate…` }
      : { to: 'ACTIVE' as const, word: t`Reactivate…` }
  return [first, { to: 'CLOSED', word: t`Close…` }]
}
