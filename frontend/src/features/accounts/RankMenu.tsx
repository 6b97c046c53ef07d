/** The rank of an account, changed in place. */
import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { IconCheck, IconChevronDown } from '@tabler/icons-react'
import { useEffect } from 'react'
import type { AccountSummaryFragment, Rank } from '@/gql/graphql'
import { useMay } from '@/lib/business'
import { optionsOf, rankLabels } from '@/lib/labels'
import { notify, notifyOfProblem } from '@/lib/notify'
import { useAction } from '@/lib/useAction'
import { useSavedVersion } from '@/lib/useSavedVersion'
import { RankBadge } from '@/ui/Badges'
import { MenuButton } from '@/ui/MenuButton'
import { UpdateAccountDocument } from './operations.generated'

type Ranked = Pick<AccountSummaryFragment, 'id' | 'rank' | 'version' | 'name'>

export function RankMenu({ account }: { account: Ranked }) {
  const may = useMay('AGENT')
  const update = useAction(UpdateAccountDocument, (data) => data.updateAccount)
  const [isBehind, saved] = useSavedVersion(account.version)
  useEffect(() => {
    for (const problem of update.problems) notifyOfProblem(problem)
  }, [update.problems])

  async function choose(rank: Rank | null) {
    if (rank === (account.rank ?? null)) return
    const done = await update.run({
      input: { accountId: account.id, rank, expectedVersion: account.version },
    })
    if (!done) return
    saved(done.account?.version)
    const { name } = account
    const chosen = rank && rankLabels[rank]
    notify(chosen ? t`Rank of ${name}: ${chosen}.` : t`Rank of ${name}: none.`)
  }

  if (!may) return <RankBadge rank={account.rank} />
  const shown = account.rank ? rankLabels[account.rank] : t`No rank`
  return (
    <MenuButton
      position="bottom-start"
      button={(opener) => (
        <Button
          size="compact-xs"
          mih={26}
          variant="default"
          loading={update.busy || isBehind}
          rightSection={<IconChevronDown size={12} />}
          aria-label={t`${shown}: change the rank`}
          {...opener}
        >
          {shown}
        </Button>
      )}
    >
      {({ Item }) =>
        [...optionsOf(rankLabels), { value: null, label: t`No rank` }].map(({ value, label }) => (
          <Item
            key={label}
            rightSection={
              value === (account.rank ?? null) ? (
                <IconCheck size={14} aria-label={t`now`} />
              ) : undefined
            }
            onClick={() => void choose(value)}
          >
            {label}
          </Item>
        ))
      }
    </MenuButton>
  )
}
