/** The rank of an account, changed in place. */
import { Button, Menu } from '@mantine/core'
import { IconCheck, IconChevronDown } from '@tabler/icons-react'
import { useEffect } from 'react'
import { type AccountSummaryFragment, type Rank, UpdateAccountDocument } from '@/gql/graphql'
import { useMay } from '@/lib/business'
import { told, warned } from '@/lib/told'
import { useAction } from '@/lib/useAction'
import { optionsOf, rankWords } from '@/lib/words'
import { RankBadge } from '@/ui/Badges'

type Ranked = Pick<AccountSummaryFragment, 'id' | 'rank' | 'version' | 'name'>

export function RankMenu({ account }: { account: Ranked }) {
  const may = useMay('AGENT')
  const update = useAction(UpdateAccountDocument, (data) => data.updateAccount)
  useEffect(() => {
    for (const problem of update.problems) warned(problem)
  }, [update.problems])

  async function choose(rank: Rank | null) {
    if (rank === (account.rank ?? null)) return
    const done = await update.run({ input: { accountId: account.id, rank, expectedVersion: account.version } })
    if (done) told(`Rank of ${account.name}: ${rank ? rankWords[rank] : 'none'}.`)
  }

  if (!may) return <RankBadge rank={account.rank} />
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button
          size="compact-xs"
          mih={26}
          variant="default"
          loading={update.busy}
          rightSection={<IconChevronDown size={12} />}
          aria-label={`${account.rank ? rankWords[account.rank] : 'No rank'}: change the rank`}
        >
          {account.rank ? rankWords[account.rank] : 'No rank'}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {[...optionsOf(rankWords), { value: null, label: 'No rank' }].map(({ value, label }) => (
          <Menu.Item
            key={label}
            rightSection={value === (account.rank ?? null) ? <IconCheck size={14} aria-label="now" /> : undefined}
            onClick={() => void choose(value)}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
