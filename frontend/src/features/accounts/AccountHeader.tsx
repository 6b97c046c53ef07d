/** Name, number, status with its reason, money and the next change. Stays visible on top. */
import { plural, t } from '@lingui/core/macro'
import { Box, CopyButton, Group, Title, UnstyledButton } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import type { AccountSummaryFragment } from '@/gql/graphql'
import { StatusBadge } from '@/ui/Badges'
import { Breadcrumb } from '@/ui/Breadcrumb'
import { TextLink } from '@/ui/links'
import { hierarchyLink } from '../hierarchy/links'
import { AccountActions } from './AccountActions'
import classes from './AccountHeader.module.css'
import { accountsLink } from './links'
import { RankMenu } from './RankMenu'
import { StandingLine } from './StandingLine'

const mostAncestors = 6
const nearestShown = 3

type Props = { account: AccountSummaryFragment }

export function AccountHeader({ account }: Props) {
  return (
    <>
      <Ancestors account={account} />
      <Box className={classes.sticky}>
        <Group className={classes.title} justify="space-between" gap="xs" align="center">
          <Group className={classes.identity} gap="xs" miw={0}>
            <Title order={1} tabIndex={-1} className={classes.name}>
              {account.name}
            </Title>
            <CopyNumber number={account.number} />
            <StatusBadge status={account.status} size="lg" />
            <RankMenu account={account} />
          </Group>
          <AccountActions account={account} />
        </Group>
        <StandingLine account={account} />
      </Box>
    </>
  )
}

/** Of many ancestors the highest and the nearest; the hierarchy has all of them. */
function Ancestors({ account }: Props) {
  const ancestors = account.ancestors.toReversed()
  const [highest, ...others] = ancestors
  const nearest = ancestors.length > mostAncestors ? others.slice(-nearestShown) : others
  const hidden = others.length - nearest.length
  return (
    <Breadcrumb here={account.name}>
      <TextLink {...accountsLink}>{t`Accounts`}</TextLink>
      {highest && accountLink(highest)}
      {hidden > 0 && (
        <TextLink {...hierarchyLink(account.number)}>
          {plural(hidden, { one: '# more', other: '# more' })}
        </TextLink>
      )}
      {nearest.map(accountLink)}
    </Breadcrumb>
  )
}

function accountLink({ id, number, name }: AccountSummaryFragment['ancestors'][number]) {
  return (
    <TextLink key={id} to="/accounts/$number" params={{ number }}>
      {name}
    </TextLink>
  )
}

function CopyNumber({ number }: { number: string }) {
  return (
    <CopyButton value={number}>
      {({ copied, copy }) => (
        <UnstyledButton
          onClick={copy}
          className={classes.number}
          title={t`Copy number`}
          aria-label={copied ? t`Copied` : t`Copy number ${number}`}
        >
          {number}
          {copied ? <IconCheck size={13} aria-hidden /> : <IconCopy size={13} aria-hidden />}
        </UnstyledButton>
      )}
    </CopyButton>
  )
}
