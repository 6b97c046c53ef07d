/** The open disputes; managers settle them here. */
import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { formatCount } from '@/lib/language'
import { serverText } from '@/lib/serverMessage'
import { Amount } from '@/ui/Amount'
import { Dotted } from '@/ui/Dotted'
import { TextLink } from '@/ui/links'
import { Panel } from '@/ui/Panel'
import { When } from '@/ui/When'
import { billItemLink, billLink, billsLink } from '../bills/links'
import { settleDispute } from '../disputes/links'
import { NothingYet, OverviewRow, OverviewRows } from './OverviewRow'
import type { OverviewAccount } from './OverviewTab'

type Dispute = OverviewAccount['disputes']['nodes'][number]

export function DisputesPanel({ account }: { account: OverviewAccount }) {
  const { nodes, totalCount } = account.disputes
  const open = formatCount(totalCount)
  return (
    <Panel
      title={t`Open disputes`}
      hint={totalCount > nodes.length && t`${open} open`}
      actions={<TextLink {...billsLink(account.number)}>{t`View all`}</TextLink>}
    >
      {totalCount === 0 ? (
        <NothingYet>{t`No open disputes`}</NothingYet>
      ) : (
        <OverviewRows label={t`Open disputes`}>
          {nodes.map((dispute) => (
            <OverviewRow
              key={dispute.id}
              hint={
                <Dotted>
                  {dispute.reason}
                  <span>
                    <When at={dispute.openedAt} day />, {dispute.openedBy}
                  </span>
                </Dotted>
              }
              side={
                <>
                  <Amount of={dispute.amount} />
                  <Settle dispute={dispute} />
                </>
              }
            >
              <Subject dispute={dispute} />
            </OverviewRow>
          ))}
        </OverviewRows>
      )}
    </Panel>
  )
}

function nameOf({ event, item, bill }: Dispute): string {
  const { number } = bill
  const name = event?.description ?? item?.name
  return name ? serverText(name) : t`Bill ${number}`
}

function Subject({ dispute }: { dispute: Dispute }) {
  const { bill, item } = dispute
  const link = item ? billItemLink(bill.number, item.id) : billLink(bill.number)
  return <TextLink {...link}>{nameOf(dispute)}</TextLink>
}

function Settle({ dispute }: { dispute: Dispute }) {
  const open = useOpenDialog()
  if (!useMay('MANAGER')) return null
  const name = nameOf(dispute)
  return (
    <Button.Group>
      <Button
        size="compact-xs"
        mih={26}
        variant="default"
        aria-label={t`Grant: ${name}`}
        onClick={() => open(settleDispute(dispute.id, 'full'))}
      >
        {t`Grant`}
      </Button>
      <Button
        size="compact-xs"
        mih={26}
        variant="default"
        aria-label={t`Deny: ${name}`}
        onClick={() => open(settleDispute(dispute.id, 'denied'))}
      >
        {t`Deny`}
      </Button>
    </Button.Group>
  )
}
