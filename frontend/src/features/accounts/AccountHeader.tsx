/** Name, number, status with its reason, money and the next change. Stays visible on top. */
import { t } from '@lingui/core/macro'
import { Box, CopyButton, Group, Title, Tooltip, UnstyledButton } from '@mantine/core'
import { IconCopy } from '@tabler/icons-react'
import type { AccountSummaryFragment } from '@/gql/graphql'
import { StatusBadge } from '@/ui/Badges'
import { Breadcrumb } from '@/ui/Breadcrumb'
import { TextLink } from '@/ui/links'
import { AccountActions } from './AccountActions'
import classes from './AccountHeader.module.css'
import { accountsLink } from './links'
import { RankMenu } from './RankMenu'
import { StandingLine } from './StandingLine'

type Props = { account: AccountSummaryFragment }

export function AccountHeader({ account }: Props) {
  return (
    <>
      <Ancestors account={account} />
      <Box className={classes.sticky}>
        <Group className={classes.title} justify="space-between" gap="xs" align="center">
          <Group className={classes.identity} gap="xs" miw={0}>
            <Title order={1} className={classes.name}>
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

function Ancestors({ account }: Props) {
  return (
    <Breadcrumb here={account.name}>
      <TextLink {...accountsLink}>{t`Accounts`}</TextLink>
      {account.ancestors.toReversed().map((ancestor) => (
        <TextLink key={ancestor.id} to="/accounts/$number" params={{ number: ancestor.number }}>
          {ancestor.name}
        </TextLink>
      ))}
    </Breadcrumb>
  )
}

function CopyNumber({ number }: { number: string }) {
  return (
    <CopyButton value={number}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? t`Copied` : t`Copy number`}>
          <UnstyledButton
            onClick={copy}
            className={classes.number}
            aria-label={t`Copy number ${number}`}
          >
            {number}
            <IconCopy size={13} aria-hidden />
          </UnstyledButton>
        </Tooltip>
      )}
    </CopyButton>
  )
}
