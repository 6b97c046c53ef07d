/** The services with their offers, and the offers of the account itself. */
import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { StatusBadge } from '@/ui/Badges'
import { TextLink } from '@/ui/links'
import { Panel } from '@/ui/Panel'
import { addService, assetsLink } from '../assets/links'
import { moreLabel } from './more'
import { NothingYet, OverviewRow, OverviewRows } from './OverviewRow'
import type { OverviewAccount } from './OverviewTab'

export function AssetsPanel({ account }: { account: OverviewAccount }) {
  const { services, offers } = account
  const more = services.totalCount - services.nodes.length
  return (
    <Panel
      title={t`Assets`}
      actions={
        <>
          <AddService account={account} />
          <TextLink {...assetsLink(account.number)}>{t`View all`}</TextLink>
        </>
      }
    >
      {services.totalCount + offers.length === 0 ? (
        <NothingYet>{t`No open services or offers`}</NothingYet>
      ) : (
        <OverviewRows label={t`Assets`}>
          {services.nodes.map((service) => (
            <OverviewRow
              key={service.id}
              hint={service.offers.map((offer) => offer.name).join(', ') || t`No offers`}
              side={<StatusBadge status={service.status} size="sm" />}
            >
              {service.name} {service.login}
            </OverviewRow>
          ))}
          {offers.map((offer) => (
            <OverviewRow
              key={offer.id}
              hint={t`Account offer`}
              side={<StatusBadge status={offer.status} size="sm" />}
            >
              {offer.name}
            </OverviewRow>
          ))}
          {more > 0 && (
            <OverviewRow>
              <TextLink {...assetsLink(account.number)}>{moreLabel(more)}</TextLink>
            </OverviewRow>
          )}
        </OverviewRows>
      )}
    </Panel>
  )
}

function AddService({ account }: { account: OverviewAccount }) {
  const open = useOpenDialog()
  if (!useMay('AGENT') || account.status !== 'ACTIVE') return null
  return (
    <Button
      size="compact-xs"
      mih={26}
      variant="default"
      onClick={() => open(addService(account.id))}
    >
      {t`Add service`}
    </Button>
  )
}
