/** The actions that the status of a service or an offer and the role of the user allow. */
import { t } from '@lingui/core/macro'
import { ActionIcon, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import type { Status } from '@/gql/graphql'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { MenuLink } from '@/ui/MenuLink'
import { serviceEventsLink } from '../events/links'
import { changeStatus } from '../status/links'
import type { Asset } from './AssetTree'
import { checkUsage, purchaseOffer } from './links'

interface AssetMenuProps {
  asset: Asset
  accountId: string
  number: string
}

export function AssetMenu({ asset, accountId, number }: AssetMenuProps) {
  const open = useOpenDialog()
  const may = useMay('AGENT')
  const entity = asset.of === 'service' ? asset.service : asset.offer
  const { name } = entity
  const changes = may ? changesOf(asset.of, entity.status) : []
  if (changes.length === 0 && asset.of === 'offer') return <span style={{ width: 28 }} />
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon aria-label={t`Actions for ${name}`}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {changes.map(({ to, word }) => (
          <Menu.Item
            key={to}
            c={to === 'CLOSED' ? 'var(--mantine-color-error)' : undefined}
            onClick={() => open(changeStatus(entity.id, to))}
          >
            {word}
          </Menu.Item>
        ))}
        {may && asset.of === 'service' && entity.status === 'ACTIVE' && (
          <Menu.Item onClick={() => open(purchaseOffer(accountId, entity.id))}>
            {t`Purchase offer…`}
          </Menu.Item>
        )}
        {asset.of === 'service' && asset.service.login && (
          <Menu.Item onClick={() => open(checkUsage(entity.id))}>{t`May it be used?`}</Menu.Item>
        )}
        {asset.of === 'service' && (
          <MenuLink {...serviceEventsLink(number, entity.id)}>{t`Events`}</MenuLink>
        )}
      </Menu.Dropdown>
    </Menu>
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
