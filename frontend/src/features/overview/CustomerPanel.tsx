/** Who the customer is, who pays, and where the account is in its hierarchy. */
import { plural, t } from '@lingui/core/macro'
import { DataList } from '@mantine/core'
import type { ReactNode } from 'react'
import { formatMoney } from '@/lib/money'
import { AccountLink } from '@/ui/AccountLink'
import { EmailLink, PhoneLink } from '@/ui/ContactDetails'
import { TextLink } from '@/ui/links'
import { Panel } from '@/ui/Panel'
import { When } from '@/ui/When'
import { hierarchyLink } from '../hierarchy/links'
import type { OverviewAccount } from './OverviewTab'

export function CustomerPanel({ account }: { account: OverviewAccount }) {
  const payers = new Map(
    account.billUnits.flatMap(({ payingParent }) =>
      payingParent ? [[payingParent.account.id, payingParent.account]] : [],
    ),
  )
  const below = account.descendantCount
  const { currency } = account
  const facts: [string, ReactNode][] = [
    [t`E-mail`, account.email ? <EmailLink key="email" email={account.email} /> : '–'],
    [t`Phone`, account.phone ? <PhoneLink key="phone" phone={account.phone} /> : '–'],
    [
      t`Payer`,
      payers.size === 0
        ? t`This account`
        : [...payers.values()].map((payer) => <AccountLink key={payer.id} account={payer} />),
    ],
    [
      t`Parent`,
      account.parent ? (
        <AccountLink key="parent" account={account.parent} />
      ) : (
        t({ message: 'None', context: 'account' })
      ),
    ],
    [
      t`Hierarchy`,
      <TextLink key="hierarchy" {...hierarchyLink(account.number)}>
        {below > 0
          ? plural(below, { one: '# account below', other: '# accounts below' })
          : t`No accounts below`}
      </TextLink>,
    ],
    [
      t`Credit limit`,
      account.creditLimit
        ? formatMoney(account.creditLimit.amount, account.creditLimit.currency)
        : t`None (${currency})`,
    ],
    [t`Created`, <When key="created" at={account.createdAt} day />],
    ...(account.closedAt
      ? [[t`Closed`, <When key="closed" at={account.closedAt} />] as [string, ReactNode]]
      : []),
  ]
  return (
    <Panel title={t`Customer`}>
      <DataList size="sm" gap={8} labelWidth={100} px="md" py="sm">
        {facts.map(([label, value]) => (
          <DataList.Item key={label}>
            <DataList.ItemLabel>{label}</DataList.ItemLabel>
            <DataList.ItemValue style={{ overflowWrap: 'anywhere' }}>{value}</DataList.ItemValue>
          </DataList.Item>
        ))}
      </DataList>
    </Panel>
  )
}
