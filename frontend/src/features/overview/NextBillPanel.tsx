/** The next bill: the charges so far and the fees of the next cycle; and the bills before it. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, Group } from '@mantine/core'
import type { ReactNode } from 'react'
import type { OverviewBillFragment } from '@/gql/graphql'
import { amountOf } from '@/lib/billAmounts'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { isPositive } from '@/lib/money'
import { serverText } from '@/lib/serverMessage'
import { formatPeriod } from '@/lib/time'
import { AccountLink } from '@/ui/AccountLink'
import { Amount } from '@/ui/Amount'
import { BillStatusBadge } from '@/ui/Badges'
import { TextLink } from '@/ui/links'
import { Panel } from '@/ui/Panel'
import { OnDate } from '@/ui/When'
import { billItemLink, billLink, billsLink } from '../bills/links'
import { openDispute } from '../disputes/links'
import { moreLabel } from './more'
import { NextCycles } from './NextCycles'
import { NothingYet, OverviewRow, OverviewRows } from './OverviewRow'
import type { OverviewAccount } from './OverviewTab'
import type { OverviewSearch } from './search'

interface NextBillPanelProps {
  account: OverviewAccount
  search: OverviewSearch
}

export function NextBillPanel({ account, search }: NextBillPanelProps) {
  const { bills } = account
  const pending = bills.nodes.filter((bill) => bill.status === 'PENDING')
  const made = bills.nodes.filter((bill) => bill.status !== 'PENDING')
  return (
    <Panel
      title={t`Next bill`}
      actions={<TextLink {...billsLink(account.number)}>{t`View all bills`}</TextLink>}
    >
      {pending.length === 0 && <NoCharges account={account} />}
      {pending.length > 0 && (
        <OverviewRows label={t`Charges so far`}>
          {pending.map((bill) => (
            <Charges key={bill.id} bill={bill} payer={account.id} />
          ))}
        </OverviewRows>
      )}
      <NextCycles account={account} search={search} />
      {made.length > 0 && <MadeBills bills={made} />}
    </Panel>
  )
}

function MadeBills({ bills }: { bills: OverviewBillFragment[] }) {
  return (
    <OverviewRows label={t`Bills`}>
      {bills.map((bill) => (
        <OverviewRow
          key={bill.id}
          hint={
            bill.dueOn && (
              <Trans>
                Due <OnDate date={bill.dueOn} />
              </Trans>
            )
          }
          side={
            <>
              <BillStatusBadge bill={bill} size="sm" />
              <Amount of={amountOf(bill)} />
            </>
          }
        >
          <Trans>
            Bill <TextLink {...billLink(bill.number)}>{bill.number}</TextLink>
          </Trans>
        </OverviewRow>
      ))}
    </OverviewRows>
  )
}

function NoCharges({ account }: { account: OverviewAccount }) {
  const [payer] = account.billUnits.flatMap((unit) => unit.payingParent?.account.name ?? [])
  const [next = ''] = account.billUnits.map((unit) => unit.nextBillOn).toSorted()
  if (payer) return <NothingYet>{t`Charges are billed to ${payer}.`}</NothingYet>
  return (
    <NothingYet>
      <Trans>
        No charges yet. The next bill is made on <OnDate date={next} />.
      </Trans>
    </NothingYet>
  )
}

interface ChargesProps {
  bill: OverviewBillFragment
  /** The id of the account of the page. */
  payer: string
}

function Charges({ bill, payer }: ChargesProps) {
  const more = bill.items.totalCount - bill.items.nodes.length
  return (
    <>
      <OverviewRow
        hint={formatPeriod(bill.periodStart, bill.periodEnd)}
        side={<Amount of={amountOf(bill)} fw={600} />}
      >
        <Trans>
          So far on <TextLink {...billLink(bill.number)}>{bill.number}</TextLink>
        </Trans>
      </OverviewRow>
      {bill.items.nodes.map((item) => (
        <OverviewRow
          key={item.id}
          hint={originOf(item, payer)}
          side={
            <>
              <Dispute item={item} />
              <Amount of={item.due} />
            </>
          }
        >
          <TextLink {...billItemLink(bill.number, item.id)}>{serverText(item.name)}</TextLink>
        </OverviewRow>
      ))}
      {more > 0 && (
        <OverviewRow>
          <TextLink {...billLink(bill.number)}>{moreLabel(more)}</TextLink>
        </OverviewRow>
      )}
    </>
  )
}

type Item = OverviewBillFragment['items']['nodes'][number]

/** What distinguishes items of the same name: the login, and the account if it is another one. */
function originOf({ account, service }: Item, payer: string): ReactNode {
  if (account.id === payer) return service?.login
  return (
    <Trans>
      of <AccountLink account={account} />
    </Trans>
  )
}

function Dispute({ item }: { item: Item }) {
  const open = useOpenDialog()
  const { name } = item
  if (!useMay('AGENT') || !isPositive(item.disputable.amount)) return null
  return (
    <Group>
      <Button
        size="compact-xs"
        mih={26}
        variant="subtle"
        color="gray"
        aria-label={t`Dispute: ${name}`}
        onClick={() => open(openDispute(item.id))}
      >
        {t({ message: 'Dispute', context: 'verb' })}
      </Button>
    </Group>
  )
}
